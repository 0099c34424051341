package io.margay.dataplane.nftables;

import java.util.List;

/**
 * How a node's policies are programmed.
 *
 * @param node the node's name, as flow events report it
 * @param table the name of our table in the family inet
 * @param workloadPrefixes what the names of pods' interfaces start with; an interface that starts
 *     so and is not known yet gets nothing through
 * @param marks the mark bits that are ours
 * @param workloadToHost what becomes of a pod's traffic to its own node after its egress policies
 *     allowed it
 * @param log how new connections are reported
 */
public record NftablesConfig(
    String node,
    String table,
    List<String> workloadPrefixes,
    MarkMask marks,
    WorkloadToHost workloadToHost,
    Log log) {

  /** What becomes of a pod's traffic to its own node once its egress policies allowed it. */
  public enum WorkloadToHost {
    DROP,
    /**
     * Leave it to whatever other tables the host has. Calico's Return and Accept both mean this
     * here: an accept in one nftables table never overrules a drop in another.
     */
    ACCEPT
  }

  /**
   * NFLOG settings.
   *
   * @param group the NFLOG group for egress; ingress has the next one
   * @param perSecond how many new connections of one outcome and direction are reported in a
   *     second; the rest is counted
   * @param burst how many may come at once
   */
  public record Log(int group, int perSecond, int burst) {
    public Log {
      if (group < 1 || group > 65534) {
        throw new IllegalArgumentException("NFLOG group " + group + " is not in 1 to 65534");
      }
      if (perSecond < 1 || burst < 1) {
        throw new IllegalArgumentException(
            "a log limit of " + perSecond + "/" + burst + " is no limit");
      }
    }

    int egressGroup() {
      return group;
    }

    int ingressGroup() {
      return group + 1;
    }
  }

  public NftablesConfig {
    workloadPrefixes = List.copyOf(workloadPrefixes);
    if (!table.matches("[A-Za-z][A-Za-z0-9_-]{0,63}")) {
      throw new IllegalArgumentException("\"" + table + "\" cannot be a table's name");
    }
    if (workloadPrefixes.isEmpty()
        || !workloadPrefixes.stream().allMatch(p -> p.matches("[A-Za-z0-9._-]{1,14}"))) {
      throw new IllegalArgumentException(
          "workload interface prefixes " + workloadPrefixes + ": at least one, of 1 to 14 letters");
    }
  }

  public static NftablesConfig defaults(String node) {
    return new NftablesConfig(
        node,
        "margay",
        List.of("cali"),
        MarkMask.DEFAULT,
        WorkloadToHost.DROP,
        new Log(5150, 50, 100));
  }

  public NftablesConfig withWorkloadToHost(WorkloadToHost action) {
    return new NftablesConfig(node, table, workloadPrefixes, marks, action, log);
  }

  public NftablesConfig withLog(Log settings) {
    return new NftablesConfig(node, table, workloadPrefixes, marks, workloadToHost, settings);
  }

  public NftablesConfig withMarks(MarkMask mask) {
    return new NftablesConfig(node, table, workloadPrefixes, mask, workloadToHost, log);
  }

  public NftablesConfig withTable(String name) {
    return new NftablesConfig(node, name, workloadPrefixes, marks, workloadToHost, log);
  }

  boolean isWorkloadInterface(String name) {
    return workloadPrefixes.stream().anyMatch(name::startsWith);
  }
}
