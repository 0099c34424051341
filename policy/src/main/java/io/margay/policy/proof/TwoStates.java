package io.margay.policy.proof;

import io.margay.model.resource.Resource;
import io.margay.model.resource.ResourceChange;
import io.margay.model.resource.ResourceKey;
import io.margay.policy.decide.PathDecider;
import io.margay.policy.decide.PathDecision;
import io.margay.policy.engine.Failsafes;
import io.margay.policy.engine.PolicyEngine;
import io.margay.policy.engine.Scope;
import io.margay.policy.table.DecisionTables;
import io.margay.policy.table.JudgedEndpoint;
import io.margay.policy.table.TableDelta;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One cluster before and after a change, or two clusters. Not changed once made. */
public final class TwoStates {
  private final State before;
  private final State after;
  private final Scope scope;
  private final Failsafes failsafes;

  /** The tables of a state, and the resources from which they were computed. */
  private record State(Map<ResourceKey, Resource> resources, DecisionTables tables) {
    PathDecision decide(Example example) {
      return new PathDecider(tables, resources)
          .decide(example.packet(), judged(example.from()), List.of(), judged(example.to()));
    }

    private @Nullable JudgedEndpoint judged(Place place) {
      JudgedEndpoint endpoint =
          place.endpoint() == null ? null : tables.endpoints().get(place.endpoint());
      return endpoint != null && View.has(endpoint, place.address()) ? endpoint : null;
    }
  }

  private TwoStates(State before, State after, Scope scope, Failsafes failsafes) {
    this.before = before;
    this.after = after;
    this.scope = scope;
    this.failsafes = failsafes;
  }

  /** Both of them with more endpoints, which are judged too. */
  public TwoStates plus(Collection<? extends Resource> endpoints) {
    Map<ResourceKey, Resource> more = new HashMap<>();
    endpoints.forEach(endpoint -> more.put(endpoint.key(), endpoint));
    Map<ResourceKey, Resource> moreBefore = new HashMap<>(before.resources);
    moreBefore.putAll(more);
    Map<ResourceKey, Resource> moreAfter = new HashMap<>(after.resources);
    moreAfter.putAll(more);
    return of(moreBefore, moreAfter, scope.plus(more.keySet()), failsafes);
  }

  /**
   * Computes the tables of both.
   *
   * @param before not changed later; nor is {@code after}
   * @param scope the endpoints that are judged
   * @param failsafes those with which the nodes run
   */
  public static TwoStates of(
      Map<ResourceKey, Resource> before,
      Map<ResourceKey, Resource> after,
      Scope scope,
      Failsafes failsafes) {
    // One engine for both: the second state costs only what differs.
    PolicyEngine engine = new PolicyEngine(scope, failsafes);
    before.values().forEach(resource -> engine.apply(new ResourceChange.Upsert(resource)));
    TableDelta first = engine.flush();
    before.keySet().stream()
        .filter(key -> !after.containsKey(key))
        .forEach(key -> engine.apply(new ResourceChange.Removed(key)));
    after.values().forEach(resource -> engine.apply(new ResourceChange.Upsert(resource)));
    TableDelta second = engine.flush();
    return new TwoStates(
        new State(before, tables(List.of(first))),
        new State(after, tables(List.of(first, second))),
        scope,
        failsafes);
  }

  private static DecisionTables tables(List<TableDelta> deltas) {
    DecisionTables tables = new DecisionTables();
    deltas.forEach(tables::apply);
    return tables;
  }

  public Map<ResourceKey, Resource> resourcesBefore() {
    return before.resources;
  }

  public Map<ResourceKey, Resource> resourcesAfter() {
    return after.resources;
  }

  /** How a packet is judged before the change. */
  public PathDecision before(Example example) {
    return before.decide(example);
  }

  /** How a packet is judged after the change. */
  public PathDecision after(Example example) {
    return after.decide(example);
  }

  List<DecisionTables> tables() {
    return List.of(before.tables, after.tables);
  }
}
