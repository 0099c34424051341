package io.margay.policy.property;

import io.margay.model.net.IpAddress;
import io.margay.model.net.Packet;
import io.margay.model.resource.HostEndpoint;
import io.margay.model.resource.Pod;
import io.margay.model.resource.Profile;
import io.margay.model.resource.Resource;
import io.margay.model.resource.RuleAction;
import io.margay.model.resource.Tier;
import io.margay.model.verdict.Direction;
import io.margay.model.verdict.Hit;
import io.margay.model.verdict.Outcome;
import io.margay.model.verdict.PolicyKind;
import io.margay.model.verdict.PolicyRef;
import io.margay.model.verdict.Stage;
import io.margay.model.verdict.Verdict;
import io.margay.policy.engine.RuleUse;
import io.margay.policy.property.NaivePolicies.NaivePolicy;
import io.margay.policy.property.NaivePolicies.NaiveRule;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Judges one packet at one endpoint by walking all rules of all policies over the resources
 * themselves: slow, plain, and without any code of the engine.
 */
final class NaiveEvaluator {
  private final NaiveCluster cluster;
  private final Map<String, Tier> tiers;
  private final List<NaivePolicy> policies;
  private final RuleUse.Id leftOut;

  /** The policies that judge an endpoint, by endpoint. */
  private final Map<Resource, Map<Point, List<NaivePolicy>>> judging;

  private record Point(Direction direction, Stage stage) {}

  NaiveEvaluator(Collection<Resource> resources) {
    leftOut = null;
    tiers = new HashMap<>();
    judging = new IdentityHashMap<>();
    cluster = new NaiveCluster(resources);
    Tier.builtIn().forEach(tier -> tiers.put(tier.metadata().name(), tier));
    for (Resource resource : resources) {
      if (resource instanceof Tier tier) {
        tiers.put(tier.metadata().name(), tier);
      }
    }
    policies = new ArrayList<>(NaivePolicies.of(resources, cluster));
    policies.sort(
        Comparator.<NaivePolicy>comparingInt(p -> tiers.containsKey(p.ref().tier()) ? 0 : 1)
            .thenComparing(p -> tierOrder(p.ref().tier()))
            .thenComparing(p -> p.ref().tier())
            .thenComparing(p -> p.order() == null ? Double.POSITIVE_INFINITY : p.order())
            .thenComparing(p ->
                p.ref().name() + "/" + p.ref().namespace() + "/" + p.ref().kind().vectorName()));
  }

  private NaiveEvaluator(NaiveEvaluator whole, RuleUse.Id leftOut) {
    this.cluster = whole.cluster;
    this.tiers = whole.tiers;
    this.policies = whole.policies;
    this.judging = whole.judging;
    this.leftOut = leftOut;
  }

  /** The same without one rule, as long as only its direction is asked for. */
  NaiveEvaluator without(RuleUse.Id rule) {
    return new NaiveEvaluator(this, rule);
  }

  /** The rules of enforced policies that match a packet, whether or not they are reached. */
  Set<RuleUse.Id> matching(Resource endpoint, Direction direction, Stage stage, Packet packet) {
    if (stage != Stage.NORMAL && !(endpoint instanceof HostEndpoint)) {
      return Set.of();
    }
    Set<RuleUse.Id> rules = new LinkedHashSet<>();
    for (NaivePolicy policy : judging(endpoint, direction, stage)) {
      if (policy.ref().kind().staged()) {
        continue;
      }
      for (NaiveRule rule : policy.rules(direction)) {
        if (rule.matches(packet)) {
          rules.add(new RuleUse.Id(direction, policy.ref(), rule.index()));
        }
      }
    }
    return rules;
  }

  private double tierOrder(String name) {
    Tier tier = tiers.get(name);
    return tier == null || tier.spec().order() == null
        ? Double.POSITIVE_INFINITY
        : tier.spec().order();
  }

  /** The endpoints that can be judged. */
  List<Resource> endpoints() {
    return cluster.endpoints();
  }

  /** Null where the endpoint is not judged at this stage. */
  Outcome decide(Resource endpoint, Direction direction, Stage stage, Packet packet) {
    boolean host = endpoint instanceof HostEndpoint;
    if (stage != Stage.NORMAL && !host) {
      return null;
    }
    if (stage == Stage.PRE_DNAT && direction == Direction.EGRESS) {
      return null;
    }
    if (stage == Stage.UNTRACKED && ((HostEndpoint) endpoint).spec().interfaceName().equals("*")) {
      return null;
    }
    List<NaivePolicy> judging = judging(endpoint, direction, stage);
    if (stage != Stage.NORMAL && judging.isEmpty()) {
      return null;
    }
    List<Hit> logs = new ArrayList<>();
    List<Hit> trace = new ArrayList<>();
    Verdict verdict = walk(endpoint, judging, direction, stage, packet, false, trace, logs);
    if (judging.stream().noneMatch(policy -> policy.ref().kind().staged())) {
      return new Outcome(verdict, trace, verdict, trace, logs);
    }
    List<Hit> pendingTrace = new ArrayList<>();
    Verdict pending =
        walk(endpoint, judging, direction, stage, packet, true, pendingTrace, new ArrayList<>());
    return new Outcome(verdict, trace, pending, pendingTrace, logs);
  }

  private List<NaivePolicy> judging(Resource endpoint, Direction direction, Stage stage) {
    return judging
        .computeIfAbsent(endpoint, _ -> new HashMap<>())
        .computeIfAbsent(
            new Point(direction, stage),
            _ ->
                policies.stream()
                    .filter(policy ->
                        policy.governs(direction)
                            && policy.judgesAt(stage)
                            && policy.selects(cluster.labels(endpoint)))
                    .toList());
  }

  private Verdict walk(
      Resource endpoint,
      List<NaivePolicy> judging,
      Direction direction,
      Stage stage,
      Packet packet,
      boolean staged,
      List<Hit> trace,
      List<Hit> logs) {
    List<String> tierNames = judging.stream().map(p -> p.ref().tier()).distinct().toList();
    for (String tier : tierNames) {
      PolicyRef first = null;
      Hit hit = null;
      for (NaivePolicy policy : judging) {
        if (!policy.ref().tier().equals(tier) || (policy.ref().kind().staged() && !staged)) {
          continue;
        }
        first = first == null ? policy.ref() : first;
        for (NaiveRule rule : policy.rules(direction)) {
          if (hit == null && rule.matches(packet)) {
            Hit matched = Hit.rule(policy.ref(), rule.index(), rule.action());
            if (leftOut != null && leftOut.isOf(matched)) {
              continue;
            }
            if (rule.action() == RuleAction.LOG) {
              logs.add(matched);
            } else {
              hit = matched;
            }
          }
        }
      }
      if (hit == null && first != null && (stage == Stage.NORMAL || stage == Stage.FORWARD)) {
        Tier resource = tiers.get(tier);
        RuleAction action = resource == null ? RuleAction.DENY : resource.spec().defaultAction();
        hit = Hit.endOfTier(tier, action, first);
      }
      if (hit != null) {
        trace.add(hit);
        if (hit.action() == RuleAction.ALLOW) {
          return Verdict.ALLOW;
        }
        if (hit.action() == RuleAction.DENY) {
          return Verdict.DENY;
        }
      }
    }
    return switch (stage) {
      case FORWARD -> Verdict.ALLOW;
      case PRE_DNAT, UNTRACKED -> Verdict.CONTINUE;
      case NORMAL -> profiles(endpoint, direction, packet, trace, logs);
    };
  }

  private Verdict profiles(
      Resource endpoint, Direction direction, Packet packet, List<Hit> trace, List<Hit> logs) {
    for (String name : profileNames(endpoint)) {
      PolicyRef ref = new PolicyRef(PolicyKind.PROFILE, Hit.PROFILE_TIER, "", name);
      List<NaiveRule> rules;
      if (cluster.isNamespaceProfile(name)) {
        rules = List.of(new NaiveRule(0, RuleAction.ALLOW, p -> true));
      } else if (cluster.isServiceAccountProfile(name)) {
        rules = List.of();
      } else {
        Profile profile = cluster.profile(name);
        if (profile == null) {
          trace.add(Hit.rule(ref, -1, RuleAction.DENY));
          return Verdict.DENY;
        }
        rules = NaivePolicies.profileRules(profile, direction, cluster);
      }
      for (NaiveRule rule : rules) {
        if (!rule.matches(packet)) {
          continue;
        }
        Hit hit = Hit.rule(ref, rule.index(), rule.action());
        if (rule.action() == RuleAction.LOG) {
          logs.add(hit);
          continue;
        }
        trace.add(hit);
        if (rule.action() == RuleAction.PASS) {
          break;
        }
        return rule.action() == RuleAction.ALLOW ? Verdict.ALLOW : Verdict.DENY;
      }
    }
    trace.add(Hit.endOfProfiles());
    return Verdict.DENY;
  }

  private static List<String> profileNames(Resource endpoint) {
    return switch (endpoint) {
      case Pod pod ->
          List.of(
              "kns." + pod.metadata().namespace(),
              "ksa." + pod.metadata().namespace() + "." + pod.spec().serviceAccountName());
      case HostEndpoint host -> host.spec().profiles();
      default -> throw new IllegalArgumentException("not an endpoint: " + endpoint.key());
    };
  }

  /** Every address that something in the cluster has. */
  List<IpAddress> addresses() {
    return cluster.addresses();
  }
}
