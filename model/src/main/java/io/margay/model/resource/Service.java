package io.margay.model.resource;

import io.margay.model.net.Protocol;
import java.util.List;
import java.util.Map;

/** A Kubernetes service. */
public record Service(ObjectMeta metadata, Spec spec) implements Resource {
  @SuppressWarnings("NullAway") // Jackson passes null for what is absent.
  public Service {
    spec = spec == null ? new Spec("ClusterIP", Map.of(), List.of(), List.of()) : spec;
  }

  @Override
  public Kind kind() {
    return Kind.SERVICE;
  }

  /**
   * The part of the specification that routing and policy need.
   *
   * @param clusterIPs addresses, or "None" for a headless service
   */
  public record Spec(
      String type, Map<String, String> selector, List<String> clusterIPs, List<ServicePort> ports) {
    @SuppressWarnings("NullAway")
    public Spec {
      type = type == null ? "ClusterIP" : type;
      selector = selector == null ? Map.of() : Map.copyOf(selector);
      clusterIPs = clusterIPs == null ? List.of() : List.copyOf(clusterIPs);
      ports = ports == null ? List.of() : List.copyOf(ports);
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
