package io.margay.network.route;

import io.margay.kernel.nft.Nftables;
import io.margay.model.net.Cidr;
import io.margay.model.net.IpFamily;
import io.margay.network.route.RoutePlan.Nat;
import java.util.SortedSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Lets packets that leave the pools have the node's address: an nftables table of our own, replaced
 * as a whole. Connections that have begun keep the address that they got.
 */
final class OutgoingNat {
  static final String TABLE = "margay-nat";

  private final Nftables nftables;
  private @Nullable Nat applied;

  OutgoingNat(Nftables nftables) {
    this.nftables = nftables;
  }

  /**
   * Makes the table what it should be.
   *
   * @param again also if nothing has changed, for somebody may have removed it
   */
  void apply(Nat nat, boolean again) {
    if (again || !nat.equals(applied)) {
      nftables.apply(script(nat));
      applied = nat;
    }
  }

  /** Replaces the table in one transaction; without sources it is only removed. */
  static String script(Nat nat) {
    StringBuilder text = new StringBuilder();
    // Adding it first makes the removal succeed where there is none.
    text.append("add table inet ").append(TABLE).append('\n');
    text.append("delete table inet ").append(TABLE).append('\n');
    if (nat.sources().isEmpty()) {
      return text.toString();
    }
    text.append("table inet ").append(TABLE).append(" {\n");
    StringBuilder rules = new StringBuilder();
    for (IpFamily family : IpFamily.values()) {
      String sources = elements(nat.sources(), family);
      if (!sources.isEmpty()) {
        String number = family == IpFamily.IPV4 ? "4" : "6";
        String address = family == IpFamily.IPV4 ? "ip" : "ip6";
        set(text, "sources" + number, family, sources);
        set(text, "inside" + number, family, elements(nat.inside(), family));
        rules.append("    ").append(address).append(" saddr @sources").append(number);
        rules.append(' ').append(address).append(" daddr != @inside").append(number);
        rules.append(" masquerade fully-random\n");
      }
    }
    text.append("  chain postrouting {\n    type nat hook postrouting priority srcnat;\n");
    return text.append(rules).append("  }\n}\n").toString();
  }

  private static String elements(SortedSet<Cidr> all, IpFamily family) {
    return all.stream()
        .filter(cidr -> cidr.family() == family)
        .map(Cidr::toString)
        .collect(Collectors.joining(", "));
  }

  private static void set(StringBuilder text, String name, IpFamily family, String elements) {
    String type = family == IpFamily.IPV4 ? "ipv4_addr" : "ipv6_addr";
    text.append("  set ").append(name).append(" { type ").append(type);
    text.append("; flags interval; elements = { ").append(elements).append(" } }\n");
  }
}
