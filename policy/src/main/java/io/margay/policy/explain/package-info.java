/**
 * Takes resources and a connection, gives the chain behind its verdict and what would turn it, and
 * never evaluates policies itself: what-if questions are put to the engine.
 */
@NullMarked
package io.margay.policy.explain;

import org.jspecify.annotations.NullMarked;
