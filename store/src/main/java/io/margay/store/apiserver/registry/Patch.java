package io.margay.store.apiserver.registry;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** A change to an object in one of the four formats of the Kubernetes API. */
public sealed interface Patch {
  record Json(ArrayNode operations) implements Patch {}

  record Merge(ObjectNode patch) implements Patch {}

  record Strategic(ObjectNode patch) implements Patch {}

  /**
   * Server-side apply.
   *
   * @param force take over fields that others own
   */
  record Apply(ObjectNode configuration, boolean force) implements Patch {}
}
