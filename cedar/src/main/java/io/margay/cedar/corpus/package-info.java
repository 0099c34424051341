/**
 * Runs tests in the layout of Cedar's official integration tests: policies, schema, entities and
 * requests with what is expected of them.
 */
@NullMarked
package io.margay.cedar.corpus;

import org.jspecify.annotations.NullMarked;
