/**
 * JSON with the place of every value, so that an error in it can be pointed at; and Cedar's forms
 * of policies, entities, requests and values in it.
 */
@NullMarked
package io.margay.cedar.json;

import org.jspecify.annotations.NullMarked;
