package io.margay.network.ipam;

import io.margay.model.net.IpAddress;

/**
 * An address that somebody has.
 *
 * @param sequence of its allocation: a release that names it cannot hit a later holder
 */
public record Holding(IpAddress address, String handle, long sequence) {}
