/**
 * Conformance vectors over a dataplane. Takes vectors, gives what a network did with their packets
 * and whether that is what they expect; never decides anything itself.
 */
@NullMarked
package io.margay.dataplane.check;

import org.jspecify.annotations.NullMarked;
