package io.margay.kernel.route;

import org.jspecify.annotations.Nullable;

/**
 * A network interface.
 *
 * @param kind such as {@code veth} or {@code bridge}; empty for a physical one and for {@code lo}
 * @param master index of the bridge that it belongs to, or 0
 * @param peer index of its other end in that end's namespace (veth), or 0
 * @param up whether it is switched on
 * @param running whether it also has a carrier and lets packets out, which the kernel begins to do
 *     on another thread, a little after the carrier is there
 */
public record Link(
    int index,
    String name,
    String kind,
    int mtu,
    @Nullable MacAddress mac,
    int master,
    int peer,
    boolean up,
    boolean running) {}
