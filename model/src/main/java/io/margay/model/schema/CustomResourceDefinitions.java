package io.margay.model.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.margay.model.resource.Kind;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The kinds of ours as CustomResourceDefinitions, for clusters with an API server of their own. */
public final class CustomResourceDefinitions {
  /** Words that a CustomResourceDefinition may not have. */
  private static final List<String> FOREIGN =
      List.of(
          Schemas.KEY_FORMAT,
          "x-kubernetes-group-version-kind",
          "x-kubernetes-patch-strategy",
          "x-kubernetes-patch-merge-key");

  private CustomResourceDefinitions() {}

  /** The definition of a kind. */
  public static ObjectNode of(Kind kind) {
    ObjectNode definition = JsonNodeFactory.instance.objectNode();
    definition.put("apiVersion", "apiextensions.k8s.io/v1").put("kind", "CustomResourceDefinition");
    definition.putObject("metadata").put("name", kind.plural() + "." + kind.group());
    ObjectNode spec = definition.putObject("spec");
    spec.put("group", kind.group()).put("scope", kind.namespaced() ? "Namespaced" : "Cluster");
    ObjectNode names = spec.putObject("names");
    names
        .put("kind", kind.kind())
        .put("listKind", kind.kind() + "List")
        .put("plural", kind.plural())
        .put("singular", kind.kind().toLowerCase(Locale.ROOT));
    kind.shortNames().forEach(names.putArray("shortNames")::add);
    ObjectNode version = spec.putArray("versions").addObject();
    version.put("name", kind.version()).put("served", true).put("storage", true);
    version.putObject("subresources").putObject("status");
    ArrayNode columns = version.putArray("additionalPrinterColumns");
    columns(kind)
        .forEach((name, path) ->
            columns.addObject().put("name", name).put("type", "string").put("jsonPath", path));
    ObjectNode schema = Schemas.openApi(kind);
    schema.withObjectProperty("properties").putObject("metadata").put("type", "object");
    version.putObject("schema").set("openAPIV3Schema", withoutForeign(schema));
    return definition;
  }

  private static JsonNode withoutForeign(JsonNode json) {
    if (json instanceof ObjectNode object) {
      object.remove(FOREIGN);
    }
    json.forEach(CustomResourceDefinitions::withoutForeign);
    return json;
  }

  private static Map<String, String> columns(Kind kind) {
    Map<String, String> columns = new LinkedHashMap<>();
    switch (kind) {
      case AGENT -> {
        columns.put("Owner", ".spec.owner");
        columns.put("Team", ".spec.team");
        columns.put("Risk", ".spec.riskLevel");
      }
      case TOOL_SERVER -> columns.put("Owner", ".spec.owner");
      case MODEL_PROVIDER -> columns.put("API", ".spec.api");
      case BUDGET -> {
        columns.put("Per", ".spec.per");
        columns.put("Tokens", ".spec.tokens");
        columns.put("Cost", ".spec.cost");
        columns.put("Window", ".spec.windowSeconds");
      }
      case AGENT_POLICY -> {
        columns.put("Tier", ".spec.tier");
        columns.put("Enforcement", ".spec.enforcement");
      }
      case AGENT_HALT -> {
        columns.put("Agent", ".spec.agent");
        columns.put("Until", ".spec.until");
        columns.put("Reason", ".spec.reason");
      }
      case POLICY_RECOMMENDATION_SCOPE -> {
        columns.put("Namespaces", ".spec.namespaceSpec.recStatus");
        columns.put("Interval", ".spec.interval");
      }
      case POLICY_ASSERTION -> {
        columns.put("Assertion", ".spec.assertions[0]");
        columns.put("Holds", ".status.conditions[?(@.type==\"Holds\")].status");
        columns.put("Checked", ".status.lastChecked");
      }
      case APPROVAL -> {
        columns.put("Agent", ".spec.agent");
        columns.put("Target", ".spec.target");
        columns.put("State", ".status.state");
      }
      case LIVE_MIGRATION -> {
        columns.put("Machine", ".spec.machine.name");
        columns.put("Target", ".spec.target.node");
        columns.put("Phase", ".status.phase");
        columns.put("Gap", ".status.gapMillis");
      }
      default -> {}
    }
    if (kind.isAboutAgents() && kind != Kind.AGENT_HALT && kind != Kind.APPROVAL) {
      columns.put("Ready", ".status.conditions[?(@.type==\"Ready\")].status");
    }
    return columns;
  }
}
