package io.margay.console.summary;

import com.fasterxml.jackson.core.JsonGenerator;
import io.margay.console.cluster.ClusterEndpoint;
import io.margay.console.policies.PolicyJson;
import java.io.IOException;
import java.util.List;

/** The JSON of endpoints. */
final class EndpointJson {
  private EndpointJson() {}

  static void write(String field, List<ClusterEndpoint> endpoints, int most, JsonGenerator json)
      throws IOException {
    json.writeArrayFieldStart(field);
    for (ClusterEndpoint endpoint : endpoints.subList(0, Math.min(most, endpoints.size()))) {
      write(endpoint, json);
    }
    json.writeEndArray();
  }

  static void write(ClusterEndpoint endpoint, JsonGenerator json) throws IOException {
    json.writeStartObject();
    json.writeStringField("kind", endpoint.isPod() ? "pod" : "host");
    json.writeStringField("namespace", endpoint.key().namespace());
    json.writeStringField("name", endpoint.key().name());
    json.writeStringField("node", endpoint.node());
    PolicyJson.writeTexts(
        "addresses", endpoint.addresses().stream().map(Object::toString).toList(), json);
    PolicyJson.writeLabels(endpoint.labels(), json);
    json.writeEndObject();
  }
}
