package io.margay.model.schema;

import io.margay.model.net.Cidr;
import io.margay.model.net.IpFamily;

/** What must hold between the fields of pools and of the configuration of addresses. */
final class AddressChecks {
  private AddressChecks() {}

  static void pool(Place spec) {
    Cidr cidr;
    try {
      cidr = Cidr.parseStrict(spec.at("cidr").text());
    } catch (IllegalArgumentException e) {
      return; // The format's check has told it.
    }
    boolean v4 = cidr.family() == IpFamily.IPV4;
    Place blockSize = spec.at("blockSize");
    int least = Math.max(v4 ? 20 : 116, cidr.prefixLength());
    int size = blockSize.present() ? blockSize.node().asInt() : v4 ? 26 : 122;
    if (size > cidr.family().bits()) {
      blockSize.problem("longer than an address", "write at most " + cidr.family().bits());
    } else if (size < least) {
      blockSize.problem("larger than the pool or than a block can be", "write at least " + least);
    }
    boolean ipip = uses(spec.at("ipipMode"));
    if (ipip && !v4) {
      spec.at("ipipMode").problem("IP in IP is for IPv4 only", "write Never");
    } else if (ipip && uses(spec.at("vxlanMode"))) {
      spec.at("ipipMode").problem("together with VXLAN", "write Never for one of the two");
    }
  }

  private static boolean uses(Place mode) {
    return mode.given() && !mode.text().equals("Never");
  }

  static void configuration(Place spec) {
    boolean strict = spec.at("strictAffinity").node().asBoolean();
    Place automatic = spec.at("autoAllocateBlocks");
    if (automatic.present() && !automatic.node().asBoolean() && !strict) {
      automatic.problem("false needs strictAffinity", "write strictAffinity: true");
    }
    Place most = spec.at("maxBlocksPerHost");
    if (most.node().asInt() > 0 && !strict) {
      most.problem("a limit needs strictAffinity", "write strictAffinity: true");
    }
  }
}
