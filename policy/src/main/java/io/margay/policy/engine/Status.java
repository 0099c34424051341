package io.margay.policy.engine;

import io.margay.model.manifest.Problem;
import io.margay.model.net.IpAddress;
import io.margay.model.resource.Kind;
import io.margay.model.resource.Resource;
import io.margay.model.resource.ResourceKey;
import io.margay.policy.address.Answers;
import io.margay.policy.convert.MatchRule;
import io.margay.policy.convert.Policy;
import io.margay.policy.convert.Side;
import io.margay.policy.table.EndpointId.EndpointType;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Finds what users should mend: references to what does not exist, and addresses that two pods
 * claim. All of it is judged in some safe way; here it is said aloud.
 */
final class Status {
  private final Map<ResourceKey, Resource> resources;
  private final TierRegistry tiers;
  private final ProfileRegistry profiles;
  private final Answers answers;
  private final Map<ResourceKey, List<Problem>> problems = new TreeMap<>();

  Status(
      Map<ResourceKey, Resource> resources,
      TierRegistry tiers,
      ProfileRegistry profiles,
      Answers answers) {
    this.resources = resources;
    this.tiers = tiers;
    this.profiles = profiles;
    this.answers = answers;
  }

  void add(ResourceKey key, List<Problem> found) {
    if (!found.isEmpty()) {
      problems.computeIfAbsent(key, k -> new ArrayList<>()).addAll(found);
    }
  }

  void checkPolicy(Policy policy) {
    String tier = policy.ref().tier();
    if (tiers.get(tier) == null) {
      add(
          policy.source(),
          "spec.tier",
          tier,
          "no such tier; the policy is evaluated after all tiers that exist, and denies by default",
          "create the tier, or name one that exists");
    }
    Set<String> missing = new LinkedHashSet<>();
    for (List<MatchRule> rules : List.of(policy.ingress(), policy.egress())) {
      for (MatchRule rule : rules) {
        for (Side side : List.of(rule.source(), rule.destination())) {
          if (side.service() != null
              && !exists(side.service().namespace(), side.service().name())) {
            missing.add(side.service().namespace() + "/" + side.service().name());
          }
        }
      }
    }
    for (String service : missing) {
      add(
          policy.source(),
          "services",
          service,
          "no such service, so the rule matches nothing",
          "create the service, or name one that exists");
    }
  }

  private boolean exists(String namespace, String name) {
    return answers.knowsService(namespace, name)
        || resources.containsKey(new ResourceKey(Kind.SERVICE, namespace, name));
  }

  void checkEndpoint(Endpoint endpoint) {
    for (int i = 0; i < endpoint.profiles.size(); i++) {
      String name = endpoint.profiles.get(i);
      if (profiles.exists(name)) {
        continue;
      }
      if (endpoint.id.type() == EndpointType.HOST) {
        add(
            endpoint.key,
            "spec.profiles[" + i + "]",
            name,
            "no such profile; traffic that reaches it is denied",
            "create the profile, or name one that exists");
      } else if (i == 0) {
        add(
            endpoint.key,
            "metadata.namespace",
            endpoint.key.namespace(),
            "no such namespace; traffic that no policy allows is denied",
            "create the namespace");
      }
    }
  }

  void checkAddresses(Iterable<Endpoint> endpoints) {
    Map<IpAddress, Endpoint> owners = new TreeMap<>();
    for (Endpoint endpoint : endpoints) {
      if (endpoint.host()) {
        continue;
      }
      for (IpAddress address : endpoint.addresses) {
        Endpoint other = owners.putIfAbsent(address, endpoint);
        if (other != null) {
          for (Endpoint claimant : List.of(endpoint, other)) {
            Endpoint rival = claimant.equals(endpoint) ? other : endpoint;
            add(
                claimant.key,
                "status.podIPs",
                address.toString(),
                "also the address of pod " + rival.id + "; rules that select either match it",
                "delete one of the pods");
          }
        }
      }
    }
  }

  private void add(ResourceKey key, String field, String value, String reason, String fix) {
    add(key, List.of(new Problem(key.toString(), field, value, reason, fix)));
  }

  Map<ResourceKey, List<Problem>> problems() {
    return problems;
  }
}
