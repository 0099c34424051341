package io.margay.policy.engine;

import io.margay.model.net.IpAddress;
import io.margay.model.resource.HostEndpoint;
import io.margay.model.resource.ResourceKey;
import io.margay.policy.table.EndpointId;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** An endpoint that this engine judges, with the policies that govern it. */
final class Endpoint {
  final EndpointId id;
  final ResourceKey key;

  /** Host side of a pod's interface, a host's interface, or {@code *}. */
  final String interfaceName;

  List<IpAddress> addresses = List.of();
  List<String> profiles = List.of();
  private final Set<Subject> subjects = new HashSet<>();

  Endpoint(EndpointId id, ResourceKey key, String interfaceName) {
    this.id = id;
    this.key = key;
    this.interfaceName = interfaceName;
  }

  void govern(Subject subject) {
    subjects.add(subject);
  }

  void ungovern(Subject subject) {
    subjects.remove(subject);
  }

  /** All policies that govern the endpoint are those of these subjects. */
  Set<Subject> subjects() {
    return Collections.unmodifiableSet(subjects);
  }

  /** A sum over the policies, so that endpoints with the same ones find each other. */
  long policySignature() {
    long sum = 0;
    for (Subject subject : subjects) {
      sum += subject.signature();
    }
    return sum;
  }

  boolean host() {
    return id.type() == EndpointId.EndpointType.HOST;
  }

  /** Calico ignores untracked policies on endpoints that stand for all interfaces of a host. */
  boolean canBeUntracked() {
    return host() && !interfaceName.equals(HostEndpoint.ALL_INTERFACES);
  }
}
