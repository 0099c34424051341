package io.margay.policy.why;

import io.margay.model.net.IpAddress;
import io.margay.model.net.Packet;
import io.margay.model.resource.GlobalNetworkPolicy;
import io.margay.model.resource.Kind;
import io.margay.model.resource.KubernetesNetworkPolicy;
import io.margay.model.resource.Pod;
import io.margay.model.resource.Resource;
import io.margay.model.resource.ResourceKey;
import io.margay.model.resource.Rule;
import io.margay.model.resource.RuleAction;
import io.margay.model.resource.Tier;
import io.margay.model.verdict.Direction;
import io.margay.model.verdict.Hit;
import io.margay.model.verdict.PolicyKind;
import io.margay.model.verdict.PolicyRef;
import io.margay.model.verdict.Verdict;
import io.margay.policy.decide.PathDecision;
import io.margay.policy.decide.PathStep;
import io.margay.policy.label.StableLabels;
import io.margay.policy.why.Change.RulePlace;
import io.margay.policy.why.Explanation.Flip;
import io.margay.policy.why.PolicyEdits.Edit;
import io.margay.policy.why.TrafficPattern.Far;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Looks for the smallest change of one policy that turns the verdict, and keeps only what a trial
 * proves. Where several points deny, one change is needed for each.
 */
final class FlipFinder {
  /** A path has a source, a destination and few forwarding hosts; more changes help nobody. */
  private static final int MAX_CHANGES = 4;

  private final Trial trial;
  private final PathDecision decision;

  FlipFinder(Trial trial, PathDecision decision) {
    this.trial = trial;
    this.decision = decision;
  }

  /** Null where no change of policies turns the verdict. */
  @Nullable Flip find() {
    return decision.enforced().verdict() == Verdict.DENY ? toAllow() : toDeny();
  }

  private @Nullable Flip toAllow() {
    List<Change> changes = new ArrayList<>();
    PathDecision now = decision;
    while (now.enforced().verdict() == Verdict.DENY && changes.size() < MAX_CHANGES) {
      int denied = now.enforced().steps().size();
      PathStep step = now.enforced().steps().getLast();
      Change change =
          first(
              candidates(step, RuleAction.ALLOW),
              () -> {
                PathDecision tried = trial.decide();
                return tried.enforced().verdict() == Verdict.ALLOW
                    || tried.enforced().steps().size() > denied;
              });
      if (change == null) {
        return null;
      }
      changes.add(change);
      trial.put(change.result());
      now = trial.decide();
    }
    return now.enforced().verdict() == Verdict.ALLOW ? new Flip(changes) : null;
  }

  private @Nullable Flip toDeny() {
    for (PathStep step : decision.enforced().steps().reversed()) {
      Change change =
          first(
              candidates(step, RuleAction.DENY),
              () -> trial.decide().enforced().verdict() == Verdict.DENY);
      if (change != null) {
        return new Flip(List.of(change));
      }
    }
    return null;
  }

  /** The first change that does it; the trial is as before afterwards. */
  private @Nullable Change first(List<Change> candidates, Supplier<Boolean> turned) {
    for (Change candidate : candidates) {
      Resource before = trial.resource(candidate.policy());
      trial.put(candidate.result());
      boolean works = turned.get();
      if (before == null) {
        trial.remove(candidate.policy());
      } else {
        trial.put(before);
      }
      if (works) {
        return candidate;
      }
    }
    return null;
  }

  private List<Change> candidates(PathStep step, RuleAction wanted) {
    Hit hit = step.trace().isEmpty() ? null : step.trace().getLast();
    TrafficPattern traffic = traffic(step);
    List<Change> candidates = new ArrayList<>();
    if (hit != null && hit.kind() == PolicyKind.FAILSAFE) {
      return candidates;
    }
    PolicyRef ref = hit == null ? null : decider(hit);
    if (hit != null && ref != null) {
      Resource policy = trial.resource(key(ref));
      if (policy != null) {
        boolean ingress = step.direction() == Direction.INGRESS;
        if (wanted == RuleAction.DENY && hit.action() == RuleAction.ALLOW) {
          add(candidates, removal(policy, ref, ingress, hit.ruleIndex()));
        }
        Edit edit = PolicyEdits.insert(policy, ingress, hit.ruleIndex(), wanted, traffic);
        if (edit != null) {
          candidates.add(insertion(policy, ref, step, hit, wanted, edit));
        }
      }
    }
    candidates.add(newPolicy(step, hit, wanted, traffic));
    return candidates;
  }

  private static void add(List<Change> candidates, @Nullable Change change) {
    if (change != null) {
      candidates.add(change);
    }
  }

  /** The policy that decided, or because of which a tier's default action applied. */
  private static @Nullable PolicyRef decider(Hit hit) {
    return switch (hit.kind()) {
      case CALICO_NETWORK_POLICY, GLOBAL_NETWORK_POLICY, NETWORK_POLICY, CLUSTER_NETWORK_POLICY ->
          new PolicyRef(hit.kind(), hit.tier(), hit.namespace(), hit.name());
      case END_OF_TIER -> hit.trigger();
      case STAGED_NETWORK_POLICY,
          STAGED_GLOBAL_NETWORK_POLICY,
          STAGED_KUBERNETES_NETWORK_POLICY,
          PROFILE,
          FAILSAFE,
          END_OF_PROFILES ->
          null;
    };
  }

  private static ResourceKey key(PolicyRef ref) {
    Kind kind =
        switch (ref.kind()) {
          case CALICO_NETWORK_POLICY -> Kind.NETWORK_POLICY;
          case GLOBAL_NETWORK_POLICY -> Kind.GLOBAL_NETWORK_POLICY;
          case NETWORK_POLICY -> Kind.KUBERNETES_NETWORK_POLICY;
          case CLUSTER_NETWORK_POLICY -> Kind.CLUSTER_NETWORK_POLICY;
          default -> throw new IllegalArgumentException(ref + " does not enforce anything");
        };
    return new ResourceKey(kind, ref.namespace(), ref.name());
  }

  private static @Nullable Change removal(
      Resource policy, PolicyRef ref, boolean ingress, int index) {
    Edit edit = PolicyEdits.remove(policy, ingress, index);
    return edit == null
        ? null
        : new Change(
            "remove " + rule(ingress, index) + " of " + describe(ref),
            policy.key(),
            edit.yaml(),
            edit.result(),
            new RulePlace(direction(ingress), index, false));
  }

  private static Direction direction(boolean ingress) {
    return ingress ? Direction.INGRESS : Direction.EGRESS;
  }

  private static Change insertion(
      Resource policy, PolicyRef ref, PathStep step, Hit hit, RuleAction wanted, Edit edit) {
    boolean ingress = step.direction() == Direction.INGRESS;
    String place =
        hit.ruleIndex() < 0
            ? "to the " + (ingress ? "ingress" : "egress") + " rules of " + describe(ref)
            : "before " + rule(ingress, hit.ruleIndex()) + " of " + describe(ref);
    String what = wanted == RuleAction.ALLOW ? "an Allow rule" : "a Deny rule";
    // Rules of Kubernetes policies have no order: a new one comes last.
    int index = policy instanceof KubernetesNetworkPolicy ? -1 : hit.ruleIndex();
    return new Change(
        "add " + what + " " + place,
        policy.key(),
        edit.yaml(),
        edit.result(),
        new RulePlace(step.direction(), Math.max(-1, index), true));
  }

  private static String rule(boolean ingress, int index) {
    return (ingress ? "ingress" : "egress") + " rule " + index;
  }

  private static String describe(PolicyRef ref) {
    return ref + " in tier " + ref.tier();
  }

  /** A policy of its own: where no policy decided, or its API cannot say what is needed. */
  private Change newPolicy(
      PathStep step, @Nullable Hit hit, RuleAction wanted, TrafficPattern traffic) {
    boolean decidedInTier = hit != null && decider(hit) != null;
    String tier = hit != null && decidedInTier ? hit.tier() : Tier.DEFAULT;
    GlobalNetworkPolicy policy =
        new NewPolicy(trial, step, wanted, traffic).inTier(tier, decidedInTier);
    return new Change(
        "create GlobalNetworkPolicy "
            + policy.metadata().name()
            + " in tier "
            + tier
            + (wanted == RuleAction.ALLOW ? ", which allows" : ", which denies")
            + " this traffic",
        policy.key(),
        SuggestedYaml.policy(policy),
        policy,
        null);
  }

  private TrafficPattern traffic(PathStep step) {
    Packet packet = decision.packet();
    IpAddress far = step.direction() == Direction.INGRESS ? packet.source() : packet.destination();
    boolean icmp = packet.protocol().isIcmp();
    return new TrafficPattern(
        far(far),
        packet.protocol(),
        packet.protocol().hasPorts() ? packet.destinationPort() : null,
        icmp
            ? new Rule.IcmpMatch(packet.destinationPort() >> 8, packet.destinationPort() & 0xff)
            : null);
  }

  private Far far(IpAddress address) {
    return pods()
        .filter(pod -> pod.status().podIPs().stream().anyMatch(ip -> ip.ip().equals(address)))
        .<Far>flatMap(pod -> {
          Map<String, String> labels = StableLabels.of(pod.metadata().labels());
          return labels.isEmpty()
              ? Stream.empty()
              : Stream.of(new Far.Pods(pod.metadata().namespace(), labels));
        })
        .findFirst()
        .orElseGet(() -> new Far.Address(address.toCidr()));
  }

  private Stream<Pod> pods() {
    return trial.engine().resources().values().stream()
        .filter(Pod.class::isInstance)
        .map(Pod.class::cast)
        .filter(pod -> !pod.spec().hostNetwork() && !pod.finished())
        .sorted((one, other) -> one.key().compareTo(other.key()));
  }
}
