package io.margay.model.manifest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.margay.model.resource.Kind;
import io.margay.model.resource.ResourceKey;

/**
 * An API object as it travels and is stored: complete JSON, of a known kind. What Margay computes
 * with is the {@link io.margay.model.resource.Resource} decoded from it.
 *
 * @param json never changed after construction: whoever wants to edit takes a copy
 */
public record KubeObject(Kind kind, ObjectNode json) {

  public String name() {
    return json.path("metadata").path("name").asText();
  }

  /** Empty for cluster-scoped kinds. */
  public String namespace() {
    return kind.namespaced() ? json.path("metadata").path("namespace").asText() : "";
  }

  /** Empty until a store has given one. */
  public String resourceVersion() {
    return json.path("metadata").path("resourceVersion").asText();
  }

  public ResourceKey key() {
    return new ResourceKey(kind, namespace(), name());
  }
}
