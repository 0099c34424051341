package io.margay.console.blast;

import io.margay.model.net.Cidr;

/**
 * A line of somebody's list of addresses: of a firewall, of a name server, of what watches hosts.
 *
 * @param list the kind of list, such as {@code firewall}
 * @param owner empty where the list says none
 */
public record ListedAddress(String list, String name, Cidr address, String owner) {}
