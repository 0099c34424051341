/**
 * A dataplane in memory. Takes decision tables and packets, gives verdicts and flow events; never
 * touches the network.
 */
@NullMarked
package io.margay.dataplane.simulated;

import org.jspecify.annotations.NullMarked;
