package io.margay.flows.directory;

import io.margay.flows.FlowService;
import io.margay.model.net.IpAddress;
import io.margay.model.net.Protocol;
import io.margay.model.resource.ResourceKey;
import io.margay.model.resource.Service;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Which service port has an address. */
final class ServiceIndex {
  private final Map<Front, FlowService> fronts = new HashMap<>();
  private final Map<ResourceKey, List<Front>> frontsOf = new HashMap<>();

  private record Front(IpAddress address, Protocol protocol, int port) {}

  void put(Service service) {
    remove(service.key());
    List<Front> own = new ArrayList<>();
    for (String clusterIp : service.spec().clusterIPs()) {
      if (clusterIp.isEmpty() || clusterIp.equals("None")) {
        continue; // headless: clients use the pods' own addresses
      }
      IpAddress address = IpAddress.parse(clusterIp);
      for (Service.ServicePort port : service.spec().ports()) {
        Front front = new Front(address, port.protocol(), port.port());
        fronts.put(
            front,
            new FlowService(
                service.metadata().name(),
                service.metadata().namespace(),
                port.name(),
                port.port()));
        own.add(front);
      }
    }
    frontsOf.put(service.key(), own);
  }

  void remove(ResourceKey key) {
    List<Front> old = frontsOf.remove(key);
    if (old != null) {
      // The address may be another service's by now, if its addition was told first.
      old.forEach(front -> fronts.computeIfPresent(front, (_, now) -> isOf(now, key) ? null : now));
    }
  }

  private static boolean isOf(FlowService service, ResourceKey key) {
    return service.name().equals(key.name()) && service.namespace().equals(key.namespace());
  }

  @Nullable FlowService find(IpAddress address, Protocol protocol, int port) {
    return fronts.get(new Front(address, protocol, port));
  }
}
