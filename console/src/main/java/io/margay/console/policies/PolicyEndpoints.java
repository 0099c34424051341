package io.margay.console.policies;

import com.fasterxml.jackson.core.JsonGenerator;
import io.margay.console.http.Exchange;
import io.margay.console.http.HttpFailure;
import io.margay.flows.FlowPeer;
import io.margay.model.resource.PolicyType;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Shows policies and their order. */
public final class PolicyEndpoints {
  private final PolicySource source;

  public PolicyEndpoints(PolicySource source) {
    this.source = source;
  }

  /**
   * One policy.
   *
   * @param path kind, namespace and name, with {@code -} for no namespace
   */
  public void policy(Exchange exchange, String path) throws IOException {
    String[] parts = path.split("/", -1);
    if (parts.length != 3) {
      throw HttpFailure.badRequest(
          "write /api/v1/policies/KIND/NAMESPACE/NAME, with - for no namespace");
    }
    String namespace = parts[1].equals(FlowPeer.NO_NAMESPACE) ? "" : parts[1];
    PolicyDocument policy =
        source
            .find(parts[0], namespace, parts[2])
            .orElseThrow(() ->
                HttpFailure.notFound(
                    "there is no %s %s"
                        .formatted(
                            parts[0],
                            namespace.isEmpty() ? parts[2] : namespace + "/" + parts[2])));
    exchange.json(json -> write(policy, json));
  }

  private static void write(PolicyDocument policy, JsonGenerator json) throws IOException {
    json.writeStartObject();
    json.writeStringField("kind", policy.kind());
    json.writeStringField("api_version", policy.apiVersion());
    json.writeStringField("namespace", policy.namespace());
    json.writeStringField("name", policy.name());
    json.writeStringField("tier", policy.tier());
    json.writeStringField("yaml", policy.yaml());
    json.writeObjectFieldStart("rules");
    writeTexts("ingress", policy.ingress(), json);
    writeTexts("egress", policy.egress(), json);
    json.writeEndObject();
    json.writeEndObject();
  }

  private static void writeTexts(String field, List<String> texts, JsonGenerator json)
      throws IOException {
    json.writeArrayFieldStart(field);
    for (String text : texts) {
      json.writeString(text);
    }
    json.writeEndArray();
  }

  public void tiers(Exchange exchange) throws IOException {
    List<TierListing> tiers = source.tiers();
    exchange.json(json -> {
      json.writeStartObject();
      json.writeArrayFieldStart("tiers");
      for (TierListing tier : tiers) {
        write(tier, json);
      }
      json.writeEndArray();
      json.writeEndObject();
    });
  }

  private static void write(TierListing tier, JsonGenerator json) throws IOException {
    json.writeStartObject();
    json.writeStringField("name", tier.name());
    writeOrder(tier.order(), json);
    json.writeStringField("default_action", tier.defaultAction().toString());
    json.writeBooleanField("missing", tier.missing());
    json.writeArrayFieldStart("policies");
    for (TierListing.Policy policy : tier.policies()) {
      json.writeStartObject();
      json.writeStringField("kind", policy.kind());
      json.writeStringField("namespace", policy.namespace());
      json.writeStringField("name", policy.name());
      writeOrder(policy.order(), json);
      json.writeBooleanField("staged", policy.staged());
      writeTexts("types", policy.types().stream().map(PolicyEndpoints::typeName).toList(), json);
      json.writeNumberField("ingress_rules", policy.ingressRules());
      json.writeNumberField("egress_rules", policy.egressRules());
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private static String typeName(PolicyType type) {
    return switch (type) {
      case INGRESS -> "Ingress";
      case EGRESS -> "Egress";
    };
  }

  private static void writeOrder(@Nullable Double order, JsonGenerator json) throws IOException {
    if (order == null) {
      json.writeNullField("order");
    } else {
      json.writeNumberField("order", order);
    }
  }
}
