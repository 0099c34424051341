/**
 * The validator: typechecks policies in every request environment of a schema, and says what is
 * wrong with them before any request does.
 */
@NullMarked
package io.margay.cedar.validate;

import org.jspecify.annotations.NullMarked;
