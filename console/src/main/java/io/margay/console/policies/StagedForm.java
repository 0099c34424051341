package io.margay.console.policies;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.margay.model.manifest.KubeObject;
import io.margay.model.resource.Kind;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Turns an enforced policy into its staged form and back. Both have the same name and the same
 * spec, but for the {@code stagedAction}.
 */
public final class StagedForm {
  private static final String ACTION = "stagedAction";
  private static final Map<Kind, Kind> STAGED =
      Map.of(
          Kind.NETWORK_POLICY, Kind.STAGED_NETWORK_POLICY,
          Kind.GLOBAL_NETWORK_POLICY, Kind.STAGED_GLOBAL_NETWORK_POLICY,
          Kind.KUBERNETES_NETWORK_POLICY, Kind.STAGED_KUBERNETES_NETWORK_POLICY);

  private StagedForm() {}

  /** The staged kind of an enforced one; cluster policies cannot be staged. */
  public static Optional<Kind> stagedKind(Kind enforced) {
    return Optional.ofNullable(STAGED.get(enforced));
  }

  /** The enforced kind of a staged one. */
  public static Optional<Kind> enforcedKind(Kind staged) {
    return STAGED.entrySet().stream()
        .filter(pair -> pair.getValue() == staged)
        .map(Map.Entry::getKey)
        .findFirst();
  }

  static boolean isStaged(Kind kind) {
    return STAGED.containsValue(kind);
  }

  /** Whether enforcing a staged policy deletes the enforced one. */
  public static boolean deletes(KubeObject staged) {
    return staged.json().path("spec").path(ACTION).asText().equals("Delete");
  }

  /** A policy that would be enforced as it is. */
  public static KubeObject staged(KubeObject enforced) {
    KubeObject made = copy(enforced, STAGED.getOrDefault(enforced.kind(), enforced.kind()));
    ((ObjectNode) made.json().path("spec")).put(ACTION, "Set");
    return made;
  }

  /** A staged policy that would delete the enforced one; Calico wants nothing else in it. */
  static KubeObject stagedDeletion(KubeObject enforced) {
    KubeObject made = copy(enforced, STAGED.getOrDefault(enforced.kind(), enforced.kind()));
    ObjectNode spec = JsonNodeFactory.instance.objectNode().put(ACTION, "Delete");
    JsonNode tier = enforced.json().path("spec").path("tier");
    if (tier.isTextual()) {
      spec.set("tier", tier);
    }
    made.json().set("spec", spec);
    return made;
  }

  /** What would be enforced. */
  public static KubeObject enforced(KubeObject staged) {
    KubeObject made = copy(staged, enforcedKind(staged.kind()).orElse(staged.kind()));
    ((ObjectNode) made.json().path("spec")).remove(ACTION);
    return made;
  }

  /** With what an author writes of the metadata, and nothing that a store added. */
  private static KubeObject copy(KubeObject object, Kind kind) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("apiVersion", kind.apiVersion());
    json.put("kind", kind.kind());
    ObjectNode metadata = json.putObject("metadata");
    for (String field : List.of("name", "namespace", "labels", "annotations")) {
      JsonNode value = object.json().path("metadata").path(field);
      if (!value.isMissingNode()) {
        metadata.set(field, value.deepCopy());
      }
    }
    if (metadata.path("annotations") instanceof ObjectNode annotations) {
      // It speaks of another object.
      annotations.remove(PolicyYaml.LAST_APPLIED);
    }
    JsonNode spec = object.json().path("spec");
    json.set("spec", spec.isObject() ? spec.deepCopy() : JsonNodeFactory.instance.objectNode());
    return new KubeObject(kind, json);
  }
}
