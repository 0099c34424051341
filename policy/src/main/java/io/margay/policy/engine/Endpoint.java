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
  private final Set<PolicyEntry> policies = new HashSet<>();

  /** A sum over the policies, so that endpoints with the same ones find each other. */
  private long policySignature;

  Endpoint(EndpointId id, ResourceKey key, String interfaceName) {
    this.id = id;
    this.key = key;
    this.interfaceName = interfaceName;
  }

  void govern(PolicyEntry policy) {
    if (policies.add(policy)) {
      policySignature += policy.signature;
    }
  }

  void ungovern(PolicyEntry policy) {
    if (policies.remove(policy)) {
      policySignature -= policy.signature;
    }
  }

  Set<PolicyEntry> policies() {
    return Collections.unmodifiableSet(policies);
  }

  long policySignature() {
    return policySignature;
  }

  boolean host() {
    return id.type() == EndpointId.EndpointType.HOST;
  }

  /** Calico ignores untracked policies on endpoints that stand for all interfaces of a host. */
  boolean canBeUntracked() {
    return host() && !interfaceName.equals(HostEndpoint.ALL_INTERFACES);
  }
}
