package io.margay.policy.explain;

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
import java.util.Map;

/**
 * Explains verdicts for the whole cluster. It has an engine of its own, since nodes know only their
 * own endpoints, and since what-if questions must not reach a dataplane. Not thread-safe.
 */
public final class Explainer {
  private final PolicyEngine engine;
  private final DecisionTables tables = new DecisionTables();
  private final PathDecider decider;

  public Explainer(Failsafes failsafes) {
    this.engine = new PolicyEngine(Scope.allNodes(), failsafes);
    this.decider = new PathDecider(tables, engine.resources());
  }

  /** Takes over a change; it costs nothing until the next question. */
  public void apply(ResourceChange change) {
    engine.apply(change);
  }

  /**
   * The verdict for a connection, the chain behind it, and what would turn it.
   *
   * @throws io.margay.policy.decide.UnknownPeerException if an end does not exist
   */
  public Explanation explain(Connection connection) {
    PathDecision decision = decide(connection);
    return new Explanation(
        decision, new FlipSearch(this, engine.resources(), connection).find(decision));
  }

  /** The resources as they were told. */
  public Map<ResourceKey, Resource> resources() {
    return engine.resources();
  }

  PathDecision decide(Connection connection) {
    tables.apply(engine.flush());
    return decider.decide(connection);
  }
}
