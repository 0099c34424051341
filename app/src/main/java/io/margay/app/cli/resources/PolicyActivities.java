package io.margay.app.cli.resources;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.margay.console.policies.PolicyNames;
import io.margay.model.resource.Kind;
import io.margay.store.table.Column;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * The columns that say when policies were last evaluated, named as in calicoctl.
 *
 * @param uses what the console says of each policy
 */
record PolicyActivities(Map<Name, JsonNode> uses) {
  /** Of something that the console does not know, or cannot tell. */
  private static final String UNKNOWN = "UNKNOWN";

  /** Of a policy that nothing on record has met. */
  private static final String NEVER = "NEVER";

  /** Of a policy that something met, but before its spec was changed to what it is. */
  private static final String NOT_YET = "NOT YET";

  /**
   * Which policy.
   *
   * @param kind as flow records name it
   * @param namespace empty for cluster-wide kinds
   */
  record Name(String kind, String namespace, String name) {}

  /**
   * Reads the answer of the console.
   *
   * @param answer of {@code /api/v1/policies/use}
   */
  static PolicyActivities of(JsonNode answer) {
    Map<Name, JsonNode> uses = new HashMap<>();
    for (JsonNode policy : answer.path("policies")) {
      uses.put(
          new Name(
              policy.path("kind").asText(),
              policy.path("namespace").asText(),
              policy.path("name").asText()),
          policy);
    }
    return new PolicyActivities(uses);
  }

  /** The columns for a kind; none if it is no policy. */
  List<Column> columns(Kind kind) {
    if (!PolicyNames.isPolicy(kind)) {
      return List.of();
    }
    return List.of(
        column(kind, "Last Evaluated", PolicyActivities::inThisGeneration),
        column(kind, "Last Evaluated (Any Gen)", PolicyActivities::inAnyGeneration),
        column(kind, "Last Evaluated Gen", PolicyActivities::generation));
  }

  private Column column(Kind kind, String name, Function<JsonNode, String> cell) {
    return new Column(
        name,
        false,
        (object, now) -> {
          JsonNode use = use(kind, object);
          return use.isMissingNode() ? UNKNOWN : cell.apply(use);
        });
  }

  private JsonNode use(Kind kind, ObjectNode object) {
    JsonNode metadata = object.path("metadata");
    Name name =
        new Name(
            PolicyNames.of(kind),
            metadata.path("namespace").asText(),
            metadata.path("name").asText());
    return uses.getOrDefault(name, MissingNode.getInstance());
  }

  private static String inAnyGeneration(JsonNode use) {
    return use.path("last_used").asText(NEVER);
  }

  private static String inThisGeneration(JsonNode use) {
    JsonNode lastUsed = use.path("last_used");
    JsonNode thisGeneration = use.path("in_this_generation");
    if (lastUsed.isNull()) {
      return NEVER;
    }
    if (thisGeneration.isNull()) {
      return UNKNOWN;
    }
    return thisGeneration.asBoolean() ? lastUsed.asText() : NOT_YET;
  }

  /** Of earlier generations nobody has noted the number. */
  private static String generation(JsonNode use) {
    JsonNode thisGeneration = use.path("in_this_generation");
    if (use.path("last_used").isNull()) {
      return NEVER;
    }
    if (thisGeneration.isNull()) {
      return UNKNOWN;
    }
    return (thisGeneration.asBoolean() ? "" : "<") + use.path("generation").asText();
  }
}
