/**
 * Takes decision tables and assertions about them, gives proofs, counterexamples and the
 * differences of two states over every peer class and port, and never samples.
 */
@NullMarked
package io.margay.policy.proof;

import org.jspecify.annotations.NullMarked;
