package io.margay.model.manifest;

import io.margay.model.resource.GoDuration;
import io.margay.model.resource.ObjectMeta;
import io.margay.model.resource.PolicyAssertion;
import io.margay.model.resource.PolicyAssertion.Statement;
import io.margay.model.resource.PolicyRecommendationScope;
import io.margay.model.selector.Selector;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Reads the objects that are about policies. */
final class WorkbenchDecoder {
  /** All but those of the system. */
  private static final Selector DEFAULT_NAMESPACES =
      Selector.parse(
          "!(projectcalico.org/name starts with 'tigera-')"
              + " && !(projectcalico.org/name starts with 'calico-')"
              + " && !(projectcalico.org/name starts with 'kube-')");

  private static final Duration INTERVAL = Duration.ofSeconds(150);
  private static final Duration LOOKBACK = Duration.ofHours(24);
  private static final Duration STABILIZATION = Duration.ofMinutes(10);

  private WorkbenchDecoder() {}

  static PolicyRecommendationScope scope(ObjectMeta metadata, Field spec) {
    Field.Mark mark = spec.mark();
    Field namespaces = spec.at("namespaceSpec");
    Selector selector =
        namespaces.at("selector").parsed(Selector::parse).orElse(DEFAULT_NAMESPACES);
    String tier = namespaces.at("tierName").text();
    Duration interval = spec.at("interval").parsed(GoDuration::parse).orElse(INTERVAL);
    Duration lookback = spec.at("initialLookback").parsed(GoDuration::parse).orElse(LOOKBACK);
    Duration stabilization =
        spec.at("stabilizationPeriod").parsed(GoDuration::parse).orElse(STABILIZATION);
    boolean pass = namespaces.at("intraNamespacePassThroughTraffic").flag();
    boolean enabled = namespaces.at("recStatus").text().equals("Enabled");
    return new PolicyRecommendationScope(
        metadata,
        new PolicyRecommendationScope.Spec(
            interval,
            lookback,
            stabilization,
            new PolicyRecommendationScope.NamespaceSpec(
                // Policies for other namespaces than those that are meant are worse than none.
                enabled && mark.failure() == null,
                selector,
                pass,
                tier.isEmpty() ? "namespace-isolation" : tier)));
  }

  static PolicyAssertion assertion(ObjectMeta metadata, Field spec) {
    List<Statement> statements = new ArrayList<>();
    for (Field item : spec.at("assertions").items()) {
      Statement statement = Statement.of(item.text());
      if (!statement.problem().isEmpty()) {
        item.problem(statement.problem(), "");
      }
      statements.add(statement);
    }
    return new PolicyAssertion(metadata, statements);
  }
}
