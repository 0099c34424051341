package io.margay.dataplane.check;

import io.margay.model.resource.ResourceChange;
import io.margay.policy.engine.PolicyEngine;
import io.margay.policy.engine.Scope;
import io.margay.policy.table.TableDelta;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A vector's cluster while its steps are played: where everything is, and each node's engine. */
final class ClusterState {
  private final List<ResourceChange> history = new ArrayList<>();
  private final Map<String, PolicyEngine> engines = new HashMap<>();
  private Topology topology = Topology.of(List.of());

  void apply(List<ResourceChange> changes, Topology now) {
    history.addAll(changes);
    engines.values().forEach(engine -> changes.forEach(engine::apply));
    topology = now;
  }

  Topology topology() {
    return topology;
  }

  /** What changed in a node's tables since this was last asked. */
  TableDelta delta(String node) {
    return engines.computeIfAbsent(node, this::newEngine).flush();
  }

  private PolicyEngine newEngine(String node) {
    PolicyEngine engine = new PolicyEngine(Scope.node(node));
    history.forEach(engine::apply);
    return engine;
  }
}
