package io.margay.policy.why;

import io.margay.model.resource.Kind;
import io.margay.model.resource.Resource;
import io.margay.model.resource.ResourceChange;
import io.margay.model.resource.ResourceKey;
import io.margay.policy.decide.Connection;
import io.margay.policy.decide.PathDecider;
import io.margay.policy.decide.PathDecision;
import io.margay.policy.engine.Failsafes;
import io.margay.policy.engine.PolicyEngine;
import io.margay.policy.engine.Scope;
import io.margay.policy.table.DecisionTables;
import io.margay.policy.table.EndpointId;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A copy of the cluster in which policies can be changed to see what becomes of a connection. */
final class Trial {
  private final PolicyEngine engine;
  private final DecisionTables tables = new DecisionTables();
  private final PathDecider decider;
  private final Connection connection;

  Trial(
      Map<ResourceKey, Resource> resources,
      Set<ResourceKey> endpoints,
      Failsafes failsafes,
      Connection connection) {
    this.engine = new PolicyEngine(Scope.only(endpoints), failsafes);
    this.decider = new PathDecider(tables, engine.resources());
    this.connection = connection;
    resources.values().forEach(resource -> engine.apply(new ResourceChange.Upsert(resource)));
  }

  PathDecision decide() {
    tables.apply(engine.flush());
    return decider.decide(connection);
  }

  PolicyEngine engine() {
    return engine;
  }

  Connection connection() {
    return connection;
  }

  @Nullable Resource resource(ResourceKey key) {
    return engine.resources().get(key);
  }

  void put(Resource resource) {
    engine.apply(new ResourceChange.Upsert(resource));
  }

  void remove(ResourceKey key) {
    engine.apply(new ResourceChange.Removed(key));
  }

  /** The resource behind an endpoint. */
  static ResourceKey key(EndpointId endpoint) {
    Kind kind =
        switch (endpoint.type()) {
          case WORKLOAD -> Kind.POD;
          case HOST -> Kind.HOST_ENDPOINT;
        };
    return new ResourceKey(kind, endpoint.namespace(), endpoint.name());
  }
}
