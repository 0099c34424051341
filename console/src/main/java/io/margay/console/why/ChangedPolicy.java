package io.margay.console.why;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.margay.model.manifest.KubeObject;
import io.margay.model.resource.Resource;
import io.margay.model.resource.Tier;
import io.margay.model.verdict.Direction;
import io.margay.policy.convert.PolicyConversion;
import io.margay.policy.why.Change;
import io.margay.policy.why.Change.RulePlace;
import java.util.Optional;

/** Carries out a proposed change on the text that is stored, so that all else in it stays. */
final class ChangedPolicy {
  private static final YAMLMapper YAML = new YAMLMapper();

  private ChangedPolicy() {}

  /** The object after a change. */
  static KubeObject of(Change change, Optional<KubeObject> stored) {
    RulePlace place = change.place();
    if (stored.isEmpty() || place == null) {
      return new KubeObject(change.policy().kind(), object(change.yaml()));
    }
    ObjectNode json = stored.get().json().deepCopy();
    ObjectNode spec = json.withObject("/spec");
    keepTypes(spec, change.result());
    ArrayNode rules =
        spec.withArray(
            switch (place.direction()) {
              case INGRESS -> "/ingress";
              case EGRESS -> "/egress";
            });
    if (!place.added()) {
      rules.remove(place.index());
    } else {
      int index = place.index() < 0 ? rules.size() : Math.min(place.index(), rules.size());
      rules.insert(index, tree(change.yaml()).path(0));
    }
    return new KubeObject(stored.get().kind(), json);
  }

  /** Where no types are written the rules say which are meant, and those are about to change. */
  private static void keepTypes(ObjectNode spec, Resource result) {
    String field =
        switch (result.kind()) {
          case NETWORK_POLICY, GLOBAL_NETWORK_POLICY -> "types";
          case KUBERNETES_NETWORK_POLICY -> "policyTypes";
          default -> "";
        };
    var policy = PolicyConversion.convert(result).policy();
    if (field.isEmpty() || policy == null || spec.path(field).isArray()) {
      return;
    }
    ArrayNode types = spec.putArray(field);
    if (policy.governs(Direction.INGRESS)) {
      types.add("Ingress");
    }
    if (policy.governs(Direction.EGRESS)) {
      types.add("Egress");
    }
  }

  /** The tier of a policy as the engine sees it. */
  static String tier(Resource policy) {
    var converted = PolicyConversion.convert(policy).policy();
    return converted == null ? Tier.DEFAULT : converted.ref().tier();
  }

  private static ObjectNode object(String yaml) {
    return (ObjectNode) tree(yaml);
  }

  private static JsonNode tree(String yaml) {
    try {
      return YAML.readTree(yaml);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a suggestion is not YAML: " + yaml, e);
    }
  }
}
