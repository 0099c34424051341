package io.margay.app.doctor;

import io.margay.kernel.KernelException;
import io.margay.kernel.conntrack.Conntrack;
import io.margay.kernel.netns.NetworkNamespace;
import io.margay.kernel.nflog.PacketLog;
import io.margay.kernel.nft.NftException;
import io.margay.kernel.nft.Nftables;
import io.margay.kernel.route.LinkSpec;
import io.margay.kernel.route.RouteSocket;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * Tries what the lab and the nftables dataplane ask of the kernel, for real, in a namespace of its
 * own that is gone afterwards.
 */
final class KernelCheck {
  private static final String SIMULATED = "the demo will simulate the dataplane";
  private static final int LOG_GROUP = 77;

  private final List<Finding> findings = new ArrayList<>();

  private KernelCheck() {}

  static List<Finding> run() {
    KernelCheck check = new KernelCheck();
    check.namespaces();
    return check.findings;
  }

  private void namespaces() {
    try (NetworkNamespace first = NetworkNamespace.create();
        NetworkNamespace second = NetworkNamespace.create()) {
      findings.add(Finding.ok("network namespaces", "made two"));
      links(first, second);
      nftables(first);
    } catch (KernelException e) {
      findings.add(
          Finding.lacking(
              "network namespaces",
              e.getMessage() + ": " + SIMULATED,
              "run as root, or permit user namespaces: sysctl -w user.max_user_namespaces=10000"));
    }
  }

  private void links(NetworkNamespace here, NetworkNamespace there) {
    try (RouteSocket links = RouteSocket.open(here)) {
      attempt(
          "veth interfaces",
          "modprobe veth",
          () -> "made a pair, index " + links.createVeth("doctor0", "doctor1", there));
      attempt(
          "bridges",
          "modprobe bridge",
          () -> "made one, index " + links.createLink(new LinkSpec.Bridge("doctor-br")));
      attempt(
          "VXLAN",
          "modprobe vxlan",
          () ->
              "made a tunnel, index "
                  + links.createLink(
                      new LinkSpec.Vxlan(
                          "doctor-vx", 1, 4789, InetAddress.ofLiteral("127.0.0.1"), false)));
    }
    attempt(
        "settings of a namespace",
        "mount -o remount,rw /proc/sys",
        () -> {
          here.setSysctl("net/ipv4/ip_forward", "1");
          return "switched forwarding on";
        });
  }

  private void nftables(NetworkNamespace namespace) {
    try (Nftables nftables = Nftables.open(namespace)) {
      attempt(
          "nftables",
          "apt-get install libnftables1, and a kernel with nf_tables",
          () -> {
            nftables.apply(
                """
                table inet doctor {
                  map classes { type ipv4_addr : mark; flags interval; }
                  chain forward {
                    type filter hook forward priority 0; policy drop;
                    ct state established accept
                    meta mark set ip saddr map @classes log group %d
                  }
                }
                """
                    .formatted(LOG_GROUP));
            return "a table with maps, connection state and log rules, by " + nftables.engine();
          });
    } catch (NftException e) {
      findings.add(
          Finding.lacking(
              "nftables", e.getMessage() + ": " + SIMULATED, "apt-get install libnftables1"));
    }
    attempt(
        "NFLOG",
        "modprobe nfnetlink_log",
        () -> {
          PacketLog.open(namespace, PacketLog.Settings.ofGroup(LOG_GROUP), packet -> {}).close();
          return "bound a group";
        });
    attempt(
        "connection tracking",
        "modprobe nf_conntrack_netlink",
        () -> {
          Conntrack.startCounting(namespace);
          try (Conntrack conntrack = Conntrack.open(namespace)) {
            return "listed " + conntrack.connections().size() + " connections, counters on";
          }
        });
  }

  private void attempt(String what, String fix, Supplier<String> trial) {
    try {
      findings.add(Finding.ok(what, trial.get()));
    } catch (KernelException | NftException e) {
      String reason = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
      findings.add(Finding.lacking(what, reason + ": " + SIMULATED, fix));
    }
  }
}
