package io.margay.dataplane.nftables;

import io.margay.model.net.IpAddress;
import io.margay.model.net.PortRange;

/** What a set or map is searched by. */
sealed interface ElementKey {
  /** As nft reads it. */
  String text();

  /** An id, looked up by the packet mark. */
  record Mark(int value) implements ElementKey {
    @Override
    public String text() {
      return Integer.toUnsignedString(value);
    }
  }

  record Address(IpAddress address) implements ElementKey {
    @Override
    public String text() {
      return address.toString();
    }
  }

  /** A range of addresses, for interval maps. */
  record AddressRange(IpAddress first, IpAddress last) implements ElementKey {
    @Override
    public String text() {
      return first.equals(last) ? first.toString() : first + "-" + last;
    }
  }

  /** A range of ports, for interval maps. */
  record Ports(PortRange range) implements ElementKey {
    @Override
    public String text() {
      return range.toString().replace(':', '-');
    }
  }

  /** The name of a network interface. */
  record Interface(String name) implements ElementKey {
    @Override
    public String text() {
      return "\"" + name + "\"";
    }
  }

  record InterfaceAddress(String name, IpAddress address) implements ElementKey {
    @Override
    public String text() {
      return "\"" + name + "\" . " + address;
    }
  }
}
