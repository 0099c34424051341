package io.margay.policy.why;

import static org.assertj.core.api.Assertions.assertThat;

import io.margay.model.resource.Resource;
import io.margay.model.resource.ResourceChange;
import io.margay.model.resource.ResourceKey;
import io.margay.model.vector.ConnectivityVector;
import io.margay.model.vector.Expectation;
import io.margay.model.vector.VectorCluster;
import io.margay.model.verdict.Verdict;
import io.margay.policy.decide.Connection;
import io.margay.policy.decide.PathDecider;
import io.margay.policy.decide.PathDecision;
import io.margay.policy.engine.Failsafes;
import io.margay.policy.engine.PolicyEngine;
import io.margay.policy.engine.Scope;
import io.margay.policy.table.DecisionTables;
import io.margay.policy.vector.VectorRunner;
import io.margay.testkit.SharedVectors;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Every explanation of the shared vectors: the right verdict, and a flip that really flips it. */
class ExplainerVectorTest {

  @TestFactory
  Stream<DynamicTest> flipsTurnVerdicts() {
    return SharedVectors.tests(
        SharedVectors.connectivityFiles("cnp", "calico", "boutique"), this::explainAll);
  }

  private void explainAll(ConnectivityVector vector) {
    VectorCluster cluster = new VectorCluster(vector);
    cluster.start();
    for (ConnectivityVector.Step step : vector.steps()) {
      cluster.apply(step);
      Map<ResourceKey, Resource> resources = new HashMap<>();
      cluster.resources().forEach(resource -> resources.put(resource.key(), resource));
      step.expectations().forEach(expectation -> explain(expectation, resources));
    }
  }

  private void explain(Expectation expectation, Map<ResourceKey, Resource> resources) {
    Connection connection = VectorRunner.connection(expectation);
    Explanation explanation = new Explainer(resources, Failsafes.NONE).explain(connection);

    assertThat(explanation.decision().enforced().verdict())
        .as("%s", expectation)
        .isEqualTo(expectation.verdict());
    if (explanation.points().isEmpty()) {
      assertThat(explanation.flip()).isNull();
      return;
    }
    assertThat(explanation.flip()).as("flip of %s", expectation).isNotNull();
    Map<ResourceKey, Resource> changed = new HashMap<>(resources);
    List<Change> changes = explanation.flip().changes();
    changes.forEach(change -> changed.put(change.policy(), change.result()));
    assertThat(decide(connection, changed).enforced().verdict())
        .as("%s after %s", expectation, changes)
        .isEqualTo(expectation.verdict() == Verdict.ALLOW ? Verdict.DENY : Verdict.ALLOW);
  }

  private static PathDecision decide(Connection connection, Map<ResourceKey, Resource> resources) {
    PolicyEngine engine = new PolicyEngine(Scope.allNodes());
    resources.values().forEach(resource -> engine.apply(new ResourceChange.Upsert(resource)));
    DecisionTables tables = new DecisionTables();
    tables.apply(engine.flush());
    return new PathDecider(tables, engine.resources()).decide(connection);
  }
}
