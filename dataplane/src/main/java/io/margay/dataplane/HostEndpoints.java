package io.margay.dataplane;

import io.margay.model.resource.HostEndpoint;
import io.margay.policy.table.EndpointId.EndpointType;
import io.margay.policy.table.JudgedEndpoint;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which host endpoint judges which interface: of those that name it, or name none but expect one of
 * its addresses, the first by name. Interfaces without one have the endpoint for all interfaces, if
 * there is such.
 *
 * @param byInterface the endpoints of single interfaces
 * @param others the endpoint of all other interfaces
 */
public record HostEndpoints(
    Map<String, JudgedEndpoint> byInterface, @Nullable JudgedEndpoint others) {
  public static HostEndpoints resolve(
      Collection<JudgedEndpoint> endpoints, InterfaceTable interfaces) {
    List<JudgedEndpoint> byName =
        endpoints.stream()
            .filter(endpoint -> endpoint.id().type() == EndpointType.HOST)
            .sorted((a, b) -> a.id().compareTo(b.id()))
            .toList();
    Map<String, JudgedEndpoint> chosen = new HashMap<>();
    JudgedEndpoint others = null;
    for (JudgedEndpoint endpoint : byName) {
      String name = endpoint.interfaceName();
      if (name.equals(HostEndpoint.ALL_INTERFACES)) {
        others = others == null ? endpoint : others;
      } else if (!name.isEmpty()) {
        chosen.putIfAbsent(name, endpoint);
      } else {
        interfaces
            .addresses()
            .forEach((host, addresses) -> {
              if (!Collections.disjoint(addresses, endpoint.addresses())) {
                chosen.putIfAbsent(host, endpoint);
              }
            });
      }
    }
    return new HostEndpoints(chosen, others);
  }
}
