package io.margay.console.policies;

import com.fasterxml.jackson.core.JsonGenerator;
import io.margay.flows.query.PolicyActivity;
import io.margay.model.resource.PolicyType;
import io.margay.model.resource.ResourceKey;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The JSON of policies and tiers. */
public final class PolicyJson {
  private PolicyJson() {}

  /** A whole policy. */
  public static void write(PolicyDocument policy, boolean editable, JsonGenerator json)
      throws IOException {
    json.writeStartObject();
    json.writeStringField("kind", policy.kind());
    json.writeStringField("api_version", policy.apiVersion());
    json.writeStringField("namespace", policy.namespace());
    json.writeStringField("name", policy.name());
    json.writeStringField("tier", policy.tier());
    json.writeBooleanField("staged", policy.staged());
    json.writeStringField("yaml", policy.yaml());
    json.writeStringField("resource_version", policy.resourceVersion());
    json.writeBooleanField("editable", editable);
    json.writeObjectFieldStart("rules");
    writeTexts("ingress", policy.ingress(), json);
    writeTexts("egress", policy.egress(), json);
    json.writeEndObject();
    json.writeEndObject();
  }

  public static void writeTexts(String field, List<String> texts, JsonGenerator json)
      throws IOException {
    json.writeArrayFieldStart(field);
    for (String text : texts) {
      json.writeString(text);
    }
    json.writeEndArray();
  }

  /** A field that names a policy. */
  public static void writeRef(String field, ResourceKey key, JsonGenerator json)
      throws IOException {
    json.writeFieldName(field);
    writeRef(key, json);
  }

  /** What names a policy. */
  public static void writeRef(ResourceKey key, JsonGenerator json) throws IOException {
    json.writeStartObject();
    json.writeStringField("kind", PolicyNames.of(key.kind()));
    json.writeStringField("namespace", key.namespace());
    json.writeStringField("name", key.name());
    json.writeEndObject();
  }

  public static void writeLabels(Map<String, String> labels, JsonGenerator json)
      throws IOException {
    json.writeObjectFieldStart("labels");
    for (Map.Entry<String, String> label : new TreeMap<>(labels).entrySet()) {
      json.writeStringField(label.getKey(), label.getValue());
    }
    json.writeEndObject();
  }

  /** A policy in its tier, with what it did. */
  public static void write(
      TierListing.Policy policy,
      boolean editable,
      @Nullable PolicyActivity activity,
      JsonGenerator json)
      throws IOException {
    json.writeStartObject();
    json.writeStringField("kind", policy.kind());
    json.writeStringField("namespace", policy.namespace());
    json.writeStringField("name", policy.name());
    writeOrder(policy.order(), json);
    json.writeBooleanField("staged", policy.staged());
    writeTexts("types", policy.types().stream().map(PolicyJson::typeName).toList(), json);
    json.writeNumberField("ingress_rules", policy.ingressRules());
    json.writeNumberField("egress_rules", policy.egressRules());
    json.writeStringField("resource_version", policy.resourceVersion());
    writeLabels(policy.labels(), json);
    json.writeBooleanField("editable", editable);
    writeActivity(activity, json);
    json.writeEndObject();
  }

  /** The field that tells what a policy did; null for nothing. */
  public static void writeActivity(@Nullable PolicyActivity activity, JsonGenerator json)
      throws IOException {
    json.writeObjectFieldStart("activity");
    json.writeNumberField("allowed", activity == null ? 0 : activity.allowed());
    json.writeNumberField("denied", activity == null ? 0 : activity.denied());
    json.writeNumberField("passed", activity == null ? 0 : activity.passed());
    json.writeStringField("last_used", activity == null ? null : activity.lastUsed().toString());
    json.writeEndObject();
  }

  private static String typeName(PolicyType type) {
    return switch (type) {
      case INGRESS -> "Ingress";
      case EGRESS -> "Egress";
    };
  }

  static void writeOrder(@Nullable Double order, JsonGenerator json) throws IOException {
    if (order == null) {
      json.writeNullField("order");
    } else {
      json.writeNumberField("order", order);
    }
  }
}
