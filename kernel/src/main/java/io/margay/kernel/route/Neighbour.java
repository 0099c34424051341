package io.margay.kernel.route;

import java.net.InetAddress;

/** An entry of a neighbour table to make or to take away. */
public sealed interface Neighbour {
  /** Index of the interface. */
  int device();

  /** Address and hardware address that stay until they are deleted. */
  record Permanent(int device, InetAddress address, MacAddress mac) implements Neighbour {}

  /** An address for which this machine answers ARP or neighbour solicitation. */
  record Proxy(int device, InetAddress address) implements Neighbour {}

  /**
   * Where a VXLAN interface sends frames.
   *
   * @param mac hardware address at the far end; all zero for frames that no other entry takes
   * @param remote address of the tunnel's far end
   */
  record Forwarding(int device, MacAddress mac, InetAddress remote) implements Neighbour {}
}
