package io.margay.model.resource;

import io.margay.model.net.IpAddress;
import io.margay.model.net.Protocol;
import java.util.List;

/** A network interface of a host, or all of them, as something that policies select. */
public record HostEndpoint(ObjectMeta metadata, Spec spec) implements Resource {
  /** The interface name that stands for all interfaces without a host endpoint of their own. */
  public static final String ALL_INTERFACES = "*";

  @Override
  public Kind kind() {
    return Kind.HOST_ENDPOINT;
  }

  /**
   * The specification.
   *
   * @param interfaceName empty when only the expected addresses identify the interface
   */
  public record Spec(
      String node,
      String interfaceName,
      List<IpAddress> expectedIPs,
      List<String> profiles,
      List<EndpointPort> ports) {
    @SuppressWarnings("NullAway") // Jackson passes null for what is absent.
    public Spec {
      interfaceName = interfaceName == null ? "" : interfaceName;
      expectedIPs = expectedIPs == null ? List.of() : List.copyOf(expectedIPs);
      profiles = profiles == null ? List.of() : List.copyOf(profiles);
      ports = ports == null ? List.of() : List.copyOf(ports);
    }
  }

  /** A named port of the host. */
  public record EndpointPort(String name, Protocol protocol, int port) {}
}
