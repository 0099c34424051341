package io.margay.policy.table;

/**
 * An endpoint that can be judged.
 *
 * @param namespace empty for host endpoints
 */
public record EndpointId(EndpointType type, String namespace, String name)
    implements Comparable<EndpointId> {

  /** What kind of endpoint it is. */
  public enum EndpointType {
    WORKLOAD,
    HOST
  }

  public static EndpointId pod(String namespace, String name) {
    return new EndpointId(EndpointType.WORKLOAD, namespace, name);
  }

  public static EndpointId host(String name) {
    return new EndpointId(EndpointType.HOST, "", name);
  }

  @Override
  public int compareTo(EndpointId other) {
    int byType = type.compareTo(other.type);
    if (byType != 0) {
      return byType;
    }
    int byNamespace = namespace.compareTo(other.namespace);
    return byNamespace != 0 ? byNamespace : name.compareTo(other.name);
  }

  @Override
  public String toString() {
    return switch (type) {
      case WORKLOAD -> namespace + "/" + name;
      case HOST -> "host endpoint " + name;
    };
  }
}
