package io.margay.app.cli.policy;

import com.fasterxml.jackson.databind.JsonNode;
import io.margay.app.cli.ErrorReport;
import io.margay.app.cli.resources.PlannedChange;
import io.margay.console.preview.ChangePreview;
import io.margay.console.preview.PreviewJson;
import io.margay.console.preview.PreviewReport;
import io.margay.flows.Flow;
import io.margay.model.assertion.Expectation;
import io.margay.model.resource.Resource;
import io.margay.model.resource.ResourceKey;
import io.margay.policy.engine.Failsafes;
import io.margay.policy.engine.Scope;
import io.margay.policy.proof.TwoStates;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A change that was previewed.
 *
 * @param json the report, as it is printed
 */
record Previewed(PreviewReport report, JsonNode json) {

  /**
   * Previews a change.
   *
   * @param flows empty if there are no records to look at
   * @param expectations empty if nothing was stated about what is intended
   */
  static Previewed of(
      Map<ResourceKey, Resource> before,
      PlannedChange planned,
      Optional<List<Flow>> flows,
      Optional<List<Expectation>> expectations) {
    TwoStates states =
        TwoStates.of(before, planned.applyTo(before), Scope.allNodes(), Failsafes.CALICO);
    ChangePreview preview =
        new ChangePreview(states, planned.staged(), expectations.orElse(List.of()));
    PreviewReport report =
        new PreviewReport(
            planned.statements(before),
            planned.staged(),
            flows.map(preview::judge),
            preview.comparison().differences(),
            expectations.isPresent());
    return new Previewed(report, PreviewJson.of(report, states, preview.comparison().places()));
  }

  /** Of a command that only looks. */
  int exitStatus() {
    if (report.contradicted()) {
      return ErrorReport.CONTRADICTED;
    }
    return report.doubtful() ? ErrorReport.DOUBTFUL : 0;
  }
}
