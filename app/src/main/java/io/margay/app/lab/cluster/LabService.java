package io.margay.app.lab.cluster;

import io.margay.app.lab.application.Workload;
import io.margay.model.net.IpAddress;
import io.margay.model.net.Protocol;
import io.margay.model.resource.Service;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A service of the lab with the pods behind it.
 *
 * @param clusterAddress null for a headless service
 */
public record LabService(Service service, @Nullable IpAddress clusterAddress, List<LabPod> pods) {

  public LabService {
    pods = List.copyOf(pods);
  }

  public String namespace() {
    return service.metadata().namespace();
  }

  public String name() {
    return service.metadata().name();
  }

  /** The service port of a number, if there is one. */
  public Optional<Service.ServicePort> port(int number, Protocol protocol) {
    return service.spec().ports().stream()
        .filter(port -> port.port() == number && port.protocol().equals(protocol))
        .findFirst();
  }

  /** Where a connection to the service can end: the pods that have the target port. */
  public List<Backend> backends(Service.ServicePort port) {
    return pods.stream()
        .map(pod -> new Backend(pod, targetPort(pod.workload(), port)))
        .filter(backend -> backend.port() > 0)
        .toList();
  }

  private static int targetPort(Workload workload, Service.ServicePort port) {
    return workload.targetPort(port.targetPort(), port.protocol());
  }

  /** A pod and the port on it. */
  public record Backend(LabPod pod, int port) {}
}
