package io.margay.model.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.margay.model.resource.Kind;
import io.margay.model.resource.Tier;
import java.util.Map;

/** Writes the API's defaults into objects, as an API server does before it stores them. */
public final class Defaults {
  private static final String TIER_LABEL = "projectcalico.org/tier";

  private Defaults() {}

  /** Completes an object of this kind, in place. */
  public static void apply(Kind kind, ObjectNode object) {
    apply(Schemas.of(kind), object);
    switch (kind) {
      case NETWORK_POLICY,
          GLOBAL_NETWORK_POLICY,
          STAGED_NETWORK_POLICY,
          STAGED_GLOBAL_NETWORK_POLICY -> {
        ObjectNode spec = child(object, "spec");
        if (spec.path("tier").asText().isEmpty()) {
          spec.put("tier", Tier.DEFAULT);
        }
        types(spec, "types", true);
        // Tiered policies carry their tier as a label, so that clients can list a tier's policies.
        child(child(object, "metadata"), "labels").put(TIER_LABEL, spec.path("tier").asText());
      }
      case KUBERNETES_NETWORK_POLICY -> {
        ObjectNode spec = child(object, "spec");
        if (!spec.has("podSelector")) {
          spec.putObject("podSelector");
        }
        types(spec, "policyTypes", false);
      }
      case STAGED_KUBERNETES_NETWORK_POLICY -> types(child(object, "spec"), "policyTypes", false);
      case TIER -> tier(object);
      case NAMESPACE ->
          child(child(object, "metadata"), "labels")
              .put("kubernetes.io/metadata.name", object.path("metadata").path("name").asText());
      default -> {}
    }
  }

  private static void tier(ObjectNode object) {
    String name = object.path("metadata").path("name").asText();
    ObjectNode spec = child(object, "spec");
    Tier.builtIn().stream()
        .filter(tier -> tier.metadata().name().equals(name))
        .forEach(tier -> {
          if (!spec.hasNonNull("order") && tier.spec().order() != null) {
            spec.put("order", tier.spec().order());
          }
          if (!spec.hasNonNull("defaultAction")) {
            spec.put("defaultAction", tier.spec().defaultAction().toString());
          }
        });
    if (!spec.hasNonNull("defaultAction")) {
      spec.put("defaultAction", "Deny");
    }
  }

  /**
   * The directions follow from the rules that there are. Calico counts rules, so that egress rules
   * alone do not govern ingress; Kubernetes always governs ingress.
   */
  private static void types(ObjectNode spec, String field, boolean calico) {
    if (CalicoPolicyChecks.isStagedDelete(spec)) {
      // A deletion governs nothing. Directions that an earlier spec was completed with, and that a
      // merge has kept, are no reason to refuse it.
      spec.remove(field);
      return;
    }
    if (!spec.path(field).isEmpty()) {
      return;
    }
    boolean ingress = !spec.path("ingress").isEmpty();
    boolean egress = !spec.path("egress").isEmpty();
    ArrayNode types = spec.putArray(field);
    if (!calico || ingress || !egress) {
      types.add("Ingress");
    }
    if (egress) {
      types.add("Egress");
    }
  }

  private static ObjectNode child(ObjectNode object, String name) {
    return object.path(name) instanceof ObjectNode child ? child : object.putObject(name);
  }

  private static void apply(Schema schema, JsonNode node) {
    switch (schema) {
      case Schema.ObjectSchema object -> {
        if (node instanceof ObjectNode fields) {
          for (Map.Entry<String, Schema> property : object.properties().entrySet()) {
            JsonNode defaultValue = property.getValue().common().defaultValue();
            if (defaultValue != null && !fields.hasNonNull(property.getKey())) {
              fields.set(property.getKey(), defaultValue.deepCopy());
            }
            if (fields.hasNonNull(property.getKey())) {
              apply(property.getValue(), fields.get(property.getKey()));
            }
          }
        }
      }
      case Schema.ListSchema list -> node.forEach(item -> apply(list.items(), item));
      case Schema.MapSchema map -> node.forEach(value -> apply(map.values(), value));
      case Schema.TextSchema text -> {}
      case Schema.NumberSchema number -> {}
      case Schema.BooleanSchema bool -> {}
      case Schema.IntOrTextSchema port -> {}
      case Schema.AnySchema any -> {}
    }
  }
}
