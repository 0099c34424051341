package io.margay.policy.explain;

import io.margay.model.net.Packet;
import io.margay.model.resource.Kind;
import io.margay.model.resource.KubernetesNetworkPolicy;
import io.margay.model.resource.ObjectMeta;
import io.margay.model.resource.PolicyType;
import io.margay.model.resource.Resource;
import io.margay.model.resource.ResourceChange;
import io.margay.model.resource.ResourceKey;
import io.margay.model.verdict.Direction;
import io.margay.model.verdict.Hit;
import io.margay.model.verdict.PolicyRef;
import io.margay.model.verdict.Verdict;
import io.margay.policy.decide.Connection;
import io.margay.policy.decide.PathDecision;
import io.margay.policy.decide.PathStep;
import io.margay.policy.table.EndpointId;
import io.margay.policy.table.EndpointId.EndpointType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Finds changes that turn a verdict by making them: what decided is edited in the engine, which is
 * asked again, until the verdict is another one. Everything is undone at the end, so the answer is
 * never a guess, and costs as much as the changes do.
 */
final class FlipSearch {
  /** Two ends with a few policies each; advice that is longer than this is of no use. */
  private static final int MAX_CHANGES = 6;

  private static final String NEW_POLICY = "margay-what-if";

  private final Explainer explainer;
  private final Map<ResourceKey, Resource> resources;
  private final Connection connection;
  private final Map<ResourceKey, Optional<Resource>> originals = new LinkedHashMap<>();

  FlipSearch(Explainer explainer, Map<ResourceKey, Resource> resources, Connection connection) {
    this.explainer = explainer;
    this.resources = resources;
    this.connection = connection;
  }

  /** What would turn the enforced verdict; empty if nothing is found. */
  List<Change> find(PathDecision decision) {
    Verdict verdict = decision.enforced().verdict();
    List<Change> changes = new ArrayList<>();
    PathDecision now = decision;
    try {
      while (now.enforced().verdict() == verdict) {
        Change change = changes.size() == MAX_CHANGES ? null : next(now);
        if (change == null) {
          return List.of();
        }
        changes.add(change);
        now = explainer.decide(connection);
      }
      return changes;
    } finally {
      undo();
    }
  }

  /** Edits what decided; null if that cannot be edited. */
  private @Nullable Change next(PathDecision now) {
    List<PathStep> steps = now.enforced().steps();
    if (steps.isEmpty() || steps.getLast().trace().isEmpty()) {
      return null;
    }
    PathStep step = steps.getLast();
    Hit hit = step.trace().getLast();
    return switch (hit.kind()) {
      case CALICO_NETWORK_POLICY, GLOBAL_NETWORK_POLICY, NETWORK_POLICY, CLUSTER_NETWORK_POLICY ->
          removeRule(step.direction(), hit);
      case END_OF_TIER -> hit.trigger() == null ? null : addRule(step, hit.trigger(), now.packet());
      case PROFILE -> step.verdict() == Verdict.ALLOW ? addPolicy(step) : null;
      case STAGED_NETWORK_POLICY,
          STAGED_GLOBAL_NETWORK_POLICY,
          STAGED_KUBERNETES_NETWORK_POLICY,
          FAILSAFE,
          END_OF_PROFILES ->
          null;
    };
  }

  private @Nullable Change removeRule(Direction direction, Hit hit) {
    PolicyRef policy = new PolicyRef(hit.kind(), hit.tier(), hit.namespace(), hit.name());
    Optional<Resource> edited =
        resource(policy).flatMap(p -> RuleEdit.without(p, direction, hit.ruleIndex()));
    edited.ifPresent(this::make);
    return edited
        .map(p -> new Change.RemoveRule(policy, direction, hit.ruleIndex(), hit.action()))
        .orElse(null);
  }

  private @Nullable Change addRule(PathStep step, PolicyRef trigger, Packet packet) {
    Direction direction = step.direction();
    Optional<Resource> edited =
        resource(trigger).flatMap(p -> RuleEdit.allowing(p, direction, packet));
    edited.ifPresent(this::make);
    String traffic =
        packet.protocol().hasPorts()
            ? packet.protocol() + " port " + packet.destinationPort()
            : packet.protocol().toString();
    String peer = (direction == Direction.INGRESS ? connection.from() : connection.to()).toString();
    return edited.map(p -> new Change.AddRule(trigger, direction, traffic, peer)).orElse(null);
  }

  private @Nullable Change addPolicy(PathStep step) {
    EndpointId endpoint = step.endpoint();
    ResourceKey key =
        new ResourceKey(Kind.KUBERNETES_NETWORK_POLICY, endpoint.namespace(), NEW_POLICY);
    if (endpoint.type() != EndpointType.WORKLOAD || resources.containsKey(key)) {
      return null;
    }
    PolicyType type =
        step.direction() == Direction.INGRESS ? PolicyType.INGRESS : PolicyType.EGRESS;
    make(
        new KubernetesNetworkPolicy(
            ObjectMeta.of(endpoint.namespace(), NEW_POLICY, Map.of()),
            new KubernetesNetworkPolicy.Spec(null, List.of(), List.of(), List.of(type))));
    return new Change.AddPolicy(endpoint.namespace(), endpoint.name(), step.direction());
  }

  private Optional<Resource> resource(PolicyRef policy) {
    return policy
        .kind()
        .object()
        .map(kind -> resources.get(new ResourceKey(kind, policy.namespace(), policy.name())));
  }

  private void make(Resource edited) {
    originals.putIfAbsent(edited.key(), Optional.ofNullable(resources.get(edited.key())));
    explainer.apply(new ResourceChange.Upsert(edited));
  }

  private void undo() {
    originals.forEach((key, original) ->
        explainer.apply(
            original
                .<ResourceChange>map(ResourceChange.Upsert::new)
                .orElseGet(() -> new ResourceChange.Removed(key))));
  }
}
