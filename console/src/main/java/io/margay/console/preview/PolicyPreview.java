package io.margay.console.preview;

import io.margay.console.cluster.ClusterEndpoint;
import io.margay.console.cluster.ClusterView;
import io.margay.console.policies.PolicyNames;
import io.margay.flows.Flow;
import io.margay.model.resource.Resource;
import io.margay.model.resource.ResourceChange;
import io.margay.model.resource.ResourceKey;
import io.margay.model.verdict.Verdict;
import io.margay.policy.convert.Policy;
import io.margay.policy.convert.PolicyConversion;
import io.margay.policy.decide.PathDecider;
import io.margay.policy.decide.PathPeer;
import io.margay.policy.engine.Failsafes;
import io.margay.policy.engine.PolicyEngine;
import io.margay.policy.engine.Scope;
import io.margay.policy.table.DecisionTables;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of recorded flows and of today's endpoints if one policy changes. One engine decides
 * all flows twice, before the change and after it.
 *
 * @param judged every flow that was decided anew
 * @param before endpoints that the policy governs now
 */
record PolicyPreview(List<Judged> judged, Set<String> before, Set<String> after) {

  /**
   * A flow before and after.
   *
   * @param before null if it is not certain
   * @param reason why it is not certain; empty if it is
   */
  record Judged(Flow flow, @Nullable Verdict before, @Nullable Verdict after, String reason) {
    boolean uncertain() {
      return !reason.isEmpty();
    }

    boolean changed() {
      return before != after;
    }
  }

  /**
   * Finds out.
   *
   * @param key of the policy or tier
   * @param changed null if it is to be deleted
   * @param pending whether the verdicts with staged policies are asked for
   */
  static PolicyPreview of(
      ClusterView view,
      List<Flow> flows,
      ResourceKey key,
      @Nullable Resource changed,
      boolean pending) {
    Optional<Policy> before =
        PolicyNames.isPolicy(key.kind()) ? view.policy(key) : Optional.empty();
    Optional<Policy> after =
        changed == null || !PolicyNames.isPolicy(key.kind())
            ? Optional.empty()
            : Optional.ofNullable(PolicyConversion.convert(changed).policy());
    OutsideAddresses outside =
        OutsideAddresses.of(view, Stream.concat(policies(view), after.stream()));
    List<FlowReplay> replays =
        flows.stream().map(flow -> FlowReplay.of(flow, view, outside)).toList();

    PolicyEngine engine = new PolicyEngine(Scope.only(endpoints(view, replays)), Failsafes.CALICO);
    DecisionTables tables = new DecisionTables();
    PathDecider decider = new PathDecider(tables, engine.resources());
    view.resources().values().forEach(r -> engine.apply(new ResourceChange.Upsert(r)));
    tables.apply(engine.flush());
    List<List<Verdict>> now = replays.stream().map(r -> r.decide(decider, pending)).toList();
    engine.apply(
        changed == null ? new ResourceChange.Removed(key) : new ResourceChange.Upsert(changed));
    tables.apply(engine.flush());
    List<Judged> judged = new ArrayList<>(flows.size());
    for (int i = 0; i < replays.size(); i++) {
      FlowReplay replay = replays.get(i);
      judged.add(judge(replay, now.get(i), replay.decide(decider, pending), outside));
    }
    return new PolicyPreview(judged, governed(view, before), governed(view, after));
  }

  private static Stream<Policy> policies(ClusterView view) {
    return view.resources().keySet().stream()
        .filter(key -> PolicyNames.isPolicy(key.kind()))
        .flatMap(key -> view.policy(key).stream());
  }

  /** Only these need decision tables. Whoever has an address of a peer is among them. */
  private static Set<ResourceKey> endpoints(ClusterView view, List<FlowReplay> replays) {
    Set<ResourceKey> keys = new HashSet<>();
    Set<PathPeer> peers = new HashSet<>();
    for (FlowReplay replay : replays) {
      replay
          .connections()
          .forEach(connection -> {
            peers.add(connection.from());
            peers.add(connection.to());
          });
    }
    for (ClusterEndpoint endpoint : view.endpoints()) {
      boolean named =
          peers.contains(
              endpoint.isPod()
                  ? new PathPeer.Pod(endpoint.key().namespace(), endpoint.key().name())
                  : new PathPeer.Host(endpoint.key().name()));
      boolean addressed =
          endpoint.addresses().stream().map(PathPeer.Address::new).anyMatch(peers::contains);
      if (named || addressed) {
        keys.add(endpoint.key());
      }
    }
    return keys;
  }

  private static Judged judge(
      FlowReplay replay, List<Verdict> before, List<Verdict> after, OutsideAddresses outside) {
    if (!replay.reason().isEmpty()) {
      return new Judged(replay.flow(), null, null, replay.reason());
    }
    if (before.contains(Verdict.CONTINUE) || after.contains(Verdict.CONTINUE)) {
      return new Judged(replay.flow(), null, null, "an end has no address that could be judged");
    }
    boolean same = before.equals(after);
    boolean alike = Set.copyOf(before).size() == 1 && Set.copyOf(after).size() == 1;
    if (replay.connections().size() > 1 && !outside.complete()) {
      return new Judged(
          replay.flow(), null, null, "policies tell more outside addresses apart than are tried");
    }
    if (same || alike) {
      // Where nothing changes, it does not matter which of the addresses it was.
      return new Judged(replay.flow(), before.getFirst(), after.getFirst(), "");
    }
    return new Judged(
        replay.flow(), null, null, "it depends on the outside address, which records do not keep");
  }

  private static Set<String> governed(ClusterView view, Optional<Policy> policy) {
    Set<String> names = new TreeSet<>();
    policy.ifPresent(
        known -> view.governedBy(known).forEach(endpoint -> names.add(endpoint.toString())));
    return names;
  }
}
