package io.margay.console.why;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.margay.console.preview.ChangePreview;
import io.margay.console.preview.PreviewJson;
import io.margay.console.preview.PreviewReport;
import io.margay.flows.Flow;
import io.margay.model.resource.Resource;
import io.margay.model.resource.ResourceKey;
import io.margay.policy.engine.Failsafes;
import io.margay.policy.engine.Scope;
import io.margay.policy.proof.TwoStates;
import io.margay.policy.why.Change;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What else a proposed change would turn, if it was enforced. */
public final class FixEffect {
  private FixEffect() {}

  /**
   * The JSON of it: recorded conversations and places with all traffic between them, as a preview
   * has them.
   *
   * @param resources the cluster now
   * @param changes all that are proposed together
   * @param flows empty if there are no records to look at
   */
  public static ObjectNode of(
      Map<ResourceKey, Resource> resources, List<Change> changes, Optional<List<Flow>> flows) {
    Map<ResourceKey, Resource> changed = new HashMap<>(resources);
    changes.forEach(change -> changed.put(change.policy(), change.result()));
    TwoStates states = TwoStates.of(resources, changed, Scope.allNodes(), Failsafes.CALICO);
    ChangePreview preview = new ChangePreview(states, false, List.of());
    ObjectNode report =
        PreviewJson.of(
            new PreviewReport(
                changes.stream().map(Change::statement).toList(),
                false,
                flows.map(preview::judge),
                preview.comparison().differences(),
                false),
            states,
            preview.comparison().places());
    ObjectNode effect = JsonNodeFactory.instance.objectNode();
    effect.set("flows", report.get("flows"));
    effect.set("endpoints", report.get("endpoints"));
    return effect;
  }
}
