package io.margay.model.resource;

import io.margay.model.net.IpAddress;
import io.margay.model.net.Protocol;
import java.util.List;
import java.util.Map;

/**
 * A Kubernetes service.
 *
 * @param loadBalancerIPs the addresses that its load balancer has given it
 */
public record Service(ObjectMeta metadata, Spec spec, List<IpAddress> loadBalancerIPs)
    implements Resource {
  @SuppressWarnings("NullAway") // Jackson passes null for what is absent.
  public Service {
    spec = spec == null ? new Spec("ClusterIP", Map.of(), List.of(), List.of()) : spec;
    loadBalancerIPs = loadBalancerIPs == null ? List.of() : List.copyOf(loadBalancerIPs);
  }

  /** One without a load balancer. */
  public Service(ObjectMeta metadata, Spec spec) {
    this(metadata, spec, List.of());
  }

  @Override
  public Kind kind() {
    return Kind.SERVICE;
  }

  /**
   * The part of the specification that routing and policy need.
   *
   * @param clusterIPs addresses, or "None" for a headless service
   * @param externalIPs at which others lead to it
   * @param localOnly whether a node passes traffic from outside to its own endpoints only
   */
  public record Spec(
      String type,
      Map<String, String> selector,
      List<String> clusterIPs,
      List<ServicePort> ports,
      List<IpAddress> externalIPs,
      boolean localOnly) {
    @SuppressWarnings("NullAway")
    public Spec {
      type = type == null ? "ClusterIP" : type;
      selector = selector == null ? Map.of() : Map.copyOf(selector);
      clusterIPs = clusterIPs == null ? List.of() : List.copyOf(clusterIPs);
      ports = ports == null ? List.of() : List.copyOf(ports);
      externalIPs = externalIPs == null ? List.of() : List.copyOf(externalIPs);
    }

    /** One for the inside of the cluster. */
    public Spec(
        String type,
        Map<String, String> selector,
        List<String> clusterIPs,
        List<ServicePort> ports) {
      this(type, selector, clusterIPs, ports, List.of(), false);
    }
  }

  /**
   * One port of a service.
   *
   * @param name empty when the port has none
   * @param targetPort a number, or the name of a container port; the service port when absent
   */
  public record ServicePort(String name, Protocol protocol, int port, String targetPort) {
    @SuppressWarnings("NullAway")
    public ServicePort {
      name = name == null ? "" : name;
      protocol = protocol == null ? Protocol.TCP : protocol;
      targetPort = targetPort == null ? Integer.toString(port) : targetPort;
    }
  }
}
