package io.margay.kernel;

import io.margay.kernel.conntrack.Conntrack;
import io.margay.kernel.netns.NetworkNamespace;
import io.margay.kernel.nflog.LoggedPacket;
import io.margay.kernel.nflog.PacketLog;
import io.margay.kernel.nft.Nftables;
import io.margay.kernel.packet.CraftedPacket;
import io.margay.kernel.packet.RawSocket;
import java.net.InetAddress;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** What {@link RootlessTest} runs in a user namespace; prints one line about what it saw. */
final class RootlessProbe {
  private RootlessProbe() {}

  public static void main(String[] arguments) throws InterruptedException {
    try (NetworkNamespace left = NetworkNamespace.create();
        NetworkNamespace right = NetworkNamespace.create("margay-rootless")) {
      InNamespaces.join(left, "l0", "10.5.0.1/24", right, "r0", "10.5.0.2/24");
      Conntrack.startCounting(right);
      try (Nftables nft = Nftables.open(right)) {
        nft.apply(
            """
            table inet probe {
              chain in {
                type filter hook input priority 0; policy accept;
                ct state new meta l4proto udp meta mark set 7 log group 3
              }
            }
            """);
      }
      BlockingQueue<LoggedPacket> packets = new LinkedBlockingQueue<>();
      try (PacketLog log = PacketLog.open(right, PacketLog.Settings.ofGroup(3), packets::add);
          RawSocket sender = RawSocket.open(left);
          Conntrack conntrack = Conntrack.open(right)) {
        InetAddress from = InetAddress.ofLiteral("10.5.0.1");
        InetAddress to = InetAddress.ofLiteral("10.5.0.2");
        sender.send(CraftedPacket.udp(from, 1000, to, 9, new byte[4]));
        LoggedPacket packet = packets.poll(10, TimeUnit.SECONDS);
        System.out.printf(
            "mark %s, counted %d%n",
            packet == null ? "none, lost " + log.lost() : packet.mark(),
            conntrack.connections().stream().filter(c -> c.sent() != null).count());
      }
    }
  }
}
