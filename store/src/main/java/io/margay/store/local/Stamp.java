package io.margay.store.local;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.margay.model.manifest.KubeObject;
import io.margay.model.resource.Kind;
import io.margay.model.resource.ResourceKey;
import io.margay.store.StoreException;
import io.margay.store.StoreException.Reason;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Set;
import java.util.UUID;

/** The metadata that a store gives, whatever a client writes there. */
final class Stamp {
  private static final Set<String> NOT_PART_OF_GENERATION =
      Set.of("metadata", "status", "apiVersion", "kind");

  private Stamp() {}

  static KubeObject created(KubeObject object, long version, Instant now) {
    ObjectNode json = object.json().deepCopy();
    json.put("apiVersion", object.kind().apiVersion());
    json.put("kind", object.kind().kind());
    ObjectNode metadata = json.withObjectProperty("metadata");
    metadata.put("uid", UUID.randomUUID().toString());
    metadata.put("creationTimestamp", now.truncatedTo(ChronoUnit.SECONDS).toString());
    metadata.put("generation", 1);
    metadata.put("resourceVersion", Long.toString(version));
    return new KubeObject(object.kind(), json);
  }

  /** The object as it replaces the existing one; still with the existing one's version. */
  static KubeObject updated(KubeObject existing, KubeObject object) {
    ObjectNode json = object.json().deepCopy();
    json.put("apiVersion", object.kind().apiVersion());
    json.put("kind", object.kind().kind());
    JsonNode before = existing.json().path("metadata");
    ObjectNode metadata = json.withObjectProperty("metadata");
    for (String given : new String[] {"uid", "creationTimestamp", "resourceVersion"}) {
      metadata.set(given, before.path(given));
    }
    // An int, as Jackson reads it back: a long node of the same value would count as a change.
    int generation = before.path("generation").asInt(1);
    metadata.put("generation", sameContent(existing.json(), json) ? generation : generation + 1);
    return new KubeObject(object.kind(), json);
  }

  static KubeObject withVersion(KubeObject object, long version) {
    ObjectNode json = object.json().deepCopy();
    json.withObjectProperty("metadata").put("resourceVersion", Long.toString(version));
    return new KubeObject(object.kind(), json);
  }

  /** Whether everything but metadata and status is equal. */
  private static boolean sameContent(ObjectNode before, ObjectNode after) {
    return before
        .deepCopy()
        .without(NOT_PART_OF_GENERATION)
        .equals(after.deepCopy().without(NOT_PART_OF_GENERATION));
  }

  static void requireKey(KubeObject object) {
    ResourceKey key = object.key();
    Kind kind = object.kind();
    if (key.name().isEmpty()) {
      throw new StoreException(
          Reason.INVALID, kind.kind() + " has no name; write one in metadata.name");
    }
    if (kind.namespaced() == key.namespace().isEmpty()) {
      throw new StoreException(
          Reason.INVALID,
          describe(key)
              + (kind.namespaced()
                  ? " has no namespace; write one in metadata.namespace"
                  : " is cluster-wide; remove metadata.namespace"));
    }
  }

  static void requireSameUid(KubeObject existing, KubeObject object) {
    String uid = object.json().path("metadata").path("uid").asText();
    String current = existing.json().path("metadata").path("uid").asText();
    if (!uid.isEmpty() && !uid.equals(current)) {
      throw new StoreException(
          Reason.CONFLICT,
          describe(existing.key())
              + " was deleted and created again: its uid is "
              + current
              + ", not "
              + uid);
    }
  }

  /** {@code tiers.projectcalico.org "security"}, as the Kubernetes API names objects in errors. */
  static String describe(ResourceKey key) {
    Kind kind = key.kind();
    String resource = kind.group().isEmpty() ? kind.plural() : kind.plural() + "." + kind.group();
    return resource
        + " \""
        + (key.namespace().isEmpty() ? key.name() : key.namespace() + "/" + key.name())
        + '"';
  }
}
