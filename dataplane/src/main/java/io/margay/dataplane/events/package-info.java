/**
 * What the kernel saw. Takes logged packets and tracked connections, gives flow events; never
 * decides about a packet.
 */
@NullMarked
package io.margay.dataplane.events;

import org.jspecify.annotations.NullMarked;
