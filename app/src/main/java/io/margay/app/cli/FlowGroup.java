package io.margay.app.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.margay.console.flow.HitText;

/** By what flows are added up. */
enum FlowGroup {
  source,
  dest,
  namespace,
  policy,
  rule,
  port,
  verdict;

  /** What a flow counts for. */
  String of(JsonNode flow) {
    return switch (this) {
      case source -> FlowTable.peer(flow, "source");
      case dest -> FlowTable.peer(flow, "dest");
      case namespace ->
          flow.path("source_namespace").asText() + " -> " + flow.path("dest_namespace").asText();
      case policy -> {
        JsonNode hit = decider(flow);
        JsonNode named = hit.path("trigger").isObject() ? hit.path("trigger") : hit;
        yield hit.isMissingNode() ? "no policy" : HitText.name(named);
      }
      case rule -> {
        JsonNode hit = decider(flow);
        yield hit.isMissingNode() ? "no policy" : HitText.of(hit);
      }
      case port -> FlowTable.port(flow);
      case verdict -> flow.path("action").asText();
    };
  }

  private static JsonNode decider(JsonNode flow) {
    JsonNode hits = flow.at("/policies/enforced");
    return hits.path(hits.size() - 1);
  }
}
