package io.margay.flows;

/**
 * One end of a flow, named as people know it.
 *
 * @param name {@code web-7d9f-*} for the pods of one owner, a pod's own name, the node of a host
 *     endpoint, a network set, or {@value #PUBLIC} or {@value #PRIVATE} for the rest of the world
 * @param namespace {@value #NO_NAMESPACE} for what has none
 */
public record FlowPeer(String name, String namespace, Type type) {
  /** What stands for an absent namespace. */
  public static final String NO_NAMESPACE = "-";

  /** The name of addresses that are known to nobody and are routed on the Internet. */
  public static final String PUBLIC = "pub";

  /** The name of addresses that are known to nobody and are for private use. */
  public static final String PRIVATE = "pvt";

  /** What kind of thing the address belongs to. */
  public enum Type {
    WORKLOAD_ENDPOINT("WorkloadEndpoint"),
    HOST_ENDPOINT("HostEndpoint"),
    NETWORK_SET("NetworkSet"),
    NETWORK("Network");

    private final String goldmaneName;

    Type(String goldmaneName) {
      this.goldmaneName = goldmaneName;
    }

    /** As flow records write it. */
    public String goldmaneName() {
      return goldmaneName;
    }
  }
}
