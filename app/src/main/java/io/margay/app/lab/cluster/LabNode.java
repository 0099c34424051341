package io.margay.app.lab.cluster;

import io.margay.kernel.route.MacAddress;
import io.margay.model.net.Cidr;
import io.margay.model.net.IpAddress;

/**
 * A node of the lab.
 *
 * @param address on the fabric
 * @param podCidr where its pods get their addresses
 * @param tunnelAddress the address of its VXLAN interface: the first of its range, as Calico does
 */
public record LabNode(
    String name, IpAddress address, Cidr podCidr, IpAddress tunnelAddress, MacAddress tunnelMac) {}
