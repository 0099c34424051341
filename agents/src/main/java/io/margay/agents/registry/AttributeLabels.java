package io.margay.agents.registry;

import io.margay.model.resource.Agent;
import io.margay.model.resource.ToolServer;
import io.margay.model.selector.Labels;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * What selectors of groups and sets look at: the labels of the resource, and over them its
 * attributes, by the names that they have in its specification.
 */
final class AttributeLabels {
  private AttributeLabels() {}

  static Labels of(Agent agent) {
    Map<String, String> labels = new HashMap<>(agent.metadata().labels());
    Agent.Spec spec = agent.spec();
    labels.put("name", agent.metadata().name());
    labels.put("owner", spec.owner());
    labels.put("team", spec.team());
    labels.put("riskLevel", spec.riskLevel().name().toLowerCase(Locale.ROOT));
    labels.put("environment", spec.environment());
    labels.put("version", spec.version());
    // One label for each, since a label has one value: has(capability.payments).
    spec.capabilities().forEach(capability -> labels.put("capability." + capability, ""));
    return Labels.of(labels);
  }

  static Labels of(ToolServer server, ToolServer.Tool tool) {
    Map<String, String> labels = new HashMap<>(server.metadata().labels());
    labels.put("server", server.metadata().name());
    labels.put("name", tool.name());
    labels.put("owner", server.spec().owner());
    labels.put("team", server.spec().team());
    labels.put("environment", server.spec().environment());
    labels.put("dataClass", tool.dataClass());
    labels.put("readOnly", Boolean.toString(tool.readOnly()));
    labels.put("external", Boolean.toString(tool.external()));
    return Labels.of(labels);
  }
}
