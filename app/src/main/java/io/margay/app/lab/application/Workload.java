package io.margay.app.lab.application;

import io.margay.model.net.Protocol;
import io.margay.model.resource.Pod;
import java.util.List;
import java.util.Map;

/**
 * Something that runs as pods, whichever kind of object describes it.
 *
 * @param replicas how many pods it has; not used when it runs on every node
 * @param onEveryNode whether it is a DaemonSet
 * @param stable whether its pods have lasting names: name-0, name-1, or for a bare Pod its own
 * @param ports what its pods listen on
 * @param environment the variables whose values are written out, in order
 */
public record Workload(
    String kind,
    String namespace,
    String name,
    Map<String, String> labels,
    String serviceAccount,
    int replicas,
    boolean onEveryNode,
    List<Pod.ContainerPort> ports,
    Map<String, String> environment) {

  public Workload {
    labels = Map.copyOf(labels);
    ports = List.copyOf(ports);
  }

  /** The name of one of its pods, the same in every run so that links and notes stay true. */
  public String podName(int index) {
    return switch (kind) {
      case "Pod" -> name;
      case "StatefulSet" -> name + "-" + index;
      default -> name + "-" + suffix(index);
    };
  }

  /** Five letters and digits, as a ReplicaSet would add them, but taken from the names. */
  private String suffix(int index) {
    String alphabet = "bcdfghjklmnpqrstvwxz2456789";
    long rest = Integer.toUnsignedLong((namespace + "/" + name + "/" + index).hashCode());
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 5; i++) {
      text.append(alphabet.charAt((int) (rest % alphabet.length())));
      rest /= alphabet.length();
    }
    return text.toString();
  }

  /** Finds a port by the number or the name that a service's target port gives. */
  public int targetPort(String target, Protocol protocol) {
    return ports.stream()
        .filter(port -> port.name().equals(target) && port.protocol().equals(protocol))
        .map(Pod.ContainerPort::containerPort)
        .findFirst()
        .orElseGet(() -> target.matches("[0-9]{1,5}") ? Integer.parseInt(target) : 0);
  }
}
