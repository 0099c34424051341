package io.margay.model.resource;

import io.margay.model.net.Protocol;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The addresses and ports behind a service. */
public record EndpointSlice(
    ObjectMeta metadata, String addressType, List<Endpoint> endpoints, List<EndpointPort> ports)
    implements Resource {
  /** The label that names the service to which a slice belongs. */
  public static final String SERVICE_LABEL = "kubernetes.io/service-name";

  @SuppressWarnings("NullAway") // Jackson passes null for what is absent.
  public EndpointSlice {
    addressType = addressType == null ? "IPv4" : addressType;
    endpoints = endpoints == null ? List.of() : List.copyOf(endpoints);
    ports = ports == null ? List.of() : List.copyOf(ports);
  }

  @Override
  public Kind kind() {
    return Kind.ENDPOINT_SLICE;
  }

  /** The service to which this slice belongs, empty if it names none. */
  public String serviceName() {
    return metadata.labels().getOrDefault(SERVICE_LABEL, "");
  }

  /**
   * One endpoint. Addresses stay text here: with address type FQDN they are names.
   *
   * @param nodeName where it is; empty if nobody said
   */
  public record Endpoint(List<String> addresses, @Nullable Conditions conditions, String nodeName) {
    @SuppressWarnings("NullAway")
    public Endpoint {
      addresses = addresses == null ? List.of() : List.copyOf(addresses);
      nodeName = nodeName == null ? "" : Shared.of(nodeName);
    }

    /** One of which nobody said where it is. */
    public Endpoint(List<String> addresses, @Nullable Conditions conditions) {
      this(addresses, conditions, "");
    }

    /** Whether it takes new connections; who says nothing does. */
    public boolean isReady() {
      return conditions == null || !Boolean.FALSE.equals(conditions.ready());
    }
  }

  public record Conditions(
      @Nullable Boolean ready, @Nullable Boolean serving, @Nullable Boolean terminating) {}

  /**
   * One port.
   *
   * @param port null means all ports, which policy passes over as Calico does
   */
  public record EndpointPort(String name, Protocol protocol, @Nullable Integer port) {
    @SuppressWarnings("NullAway")
    public EndpointPort {
      name = name == null ? "" : name;
      protocol = protocol == null ? Protocol.TCP : protocol;
    }
  }
}
