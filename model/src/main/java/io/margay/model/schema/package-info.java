/**
 * The structural OpenAPI v3 schemas of every kind: what is served to kubectl, what objects are
 * checked against, and which defaults and merge keys they have.
 */
@NullMarked
package io.margay.model.schema;

import org.jspecify.annotations.NullMarked;
