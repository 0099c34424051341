/**
 * Entities, requests and contexts as JSON, read with what a schema says about them, and checked
 * against it.
 */
@NullMarked
package io.margay.cedar.conform;

import org.jspecify.annotations.NullMarked;
