/**
 * Decides as far as a request is known, and gives what is left: policies that ask only about the
 * unknown parts.
 */
@NullMarked
package io.margay.cedar.partial;

import org.jspecify.annotations.NullMarked;
