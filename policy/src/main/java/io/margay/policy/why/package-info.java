/**
 * Takes resources and a connection, gives the chain behind the verdict and a change that would turn
 * it, and never changes anything itself.
 */
@NullMarked
package io.margay.policy.why;

import org.jspecify.annotations.NullMarked;
