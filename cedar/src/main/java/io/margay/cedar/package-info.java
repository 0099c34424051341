/**
 * Cedar for the JVM, without native code. Takes policies, entities and requests; gives decisions.
 */
@NullMarked
package io.margay.cedar;

import org.jspecify.annotations.NullMarked;
