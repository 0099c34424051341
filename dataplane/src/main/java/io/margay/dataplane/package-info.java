/**
 * Decision tables made real. Takes table deltas, gives enforcement and flow events; never looks at
 * a policy.
 */
@NullMarked
package io.margay.dataplane;

import org.jspecify.annotations.NullMarked;
