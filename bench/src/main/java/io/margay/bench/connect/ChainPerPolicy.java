package io.margay.bench.connect;

/**
 * The same policies laid out as Calico does it: a set and a chain for each policy, and a chain for
 * the server that jumps to one after the other until one has decided. As in Calico, only every
 * fifth policy is followed by a rule that leaves the chain; the jumps between are guarded.
 */
final class ChainPerPolicy {
  private static final String ACCEPTED = "0x00010000";
  private static final int POLICIES_PER_RETURN = 5;

  private ChainPerPolicy() {}

  /** The commands that program it. */
  static String commands(Cluster cluster) {
    StringBuilder table = new StringBuilder("table ip chains {\n");
    for (int i = 0; i < cluster.policies(); i++) {
      table.append(
          """
          set peers_%1$d { type ipv4_addr; elements = { %2$s }; }
          chain policy_%1$d {
            ip saddr @peers_%1$d tcp dport %3$d meta mark set %4$s return
          }
          """
              .formatted(i, cluster.peerAddress(i), Cluster.PORT, ACCEPTED));
    }
    table.append("chain to_server {\nmeta mark set 0\n");
    for (int i = 0; i < cluster.policies(); i++) {
      table.append("meta mark 0 jump policy_%d\n".formatted(i));
      if (i % POLICIES_PER_RETURN == POLICIES_PER_RETURN - 1) {
        table.append("meta mark %s return\n".formatted(ACCEPTED));
      }
    }
    return table
        .append(
            """
              meta mark %1$s return
              counter drop
            }
            chain from_pod { meta mark set %1$s; }
            chain forward {
              type filter hook forward priority 0; policy accept;
              ct state established,related accept
              ct state invalid drop
              iifname "cali*" jump from_pod
              oifname "%2$s" jump to_server
            }
            }
            """
                .formatted(ACCEPTED, cluster.server().hostInterface()))
        .toString();
  }
}
