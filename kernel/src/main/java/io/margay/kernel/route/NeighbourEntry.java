package io.margay.kernel.route;

import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/**
 * A listed entry of the ARP or neighbour discovery table.
 *
 * @param mac null while it is not resolved
 * @param permanent whether it stays until it is deleted
 */
public record NeighbourEntry(
    int device, InetAddress address, @Nullable MacAddress mac, boolean permanent) {}
