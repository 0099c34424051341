package io.margay.model.resource;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The part of an object's metadata that the platform reads. What else stands there (managed fields,
 * owners, finalizers) stays in the object's JSON.
 *
 * @param namespace empty for cluster-scoped objects
 * @param generateName the prefix from which the API made the name; empty when the author gave it
 * @param resourceVersion empty when the object does not come from an API
 * @param generation 0 when unknown
 */
public record ObjectMeta(
    String name,
    String namespace,
    String generateName,
    Map<String, String> labels,
    Map<String, String> annotations,
    String uid,
    String resourceVersion,
    long generation,
    @Nullable Instant creationTimestamp,
    @Nullable Instant deletionTimestamp) {

  @SuppressWarnings("NullAway") // Jackson passes null for what is absent.
  public ObjectMeta {
    namespace = namespace == null ? "" : Shared.of(namespace);
    generateName = generateName == null ? "" : generateName;
    labels = labels == null ? Map.of() : Shared.of(labels);
    annotations = annotations == null ? Map.of() : Map.copyOf(annotations);
    uid = uid == null ? "" : uid;
    resourceVersion = resourceVersion == null ? "" : resourceVersion;
  }

  /** Metadata with a name, a namespace (may be empty) and labels only. */
  public static ObjectMeta of(String namespace, String name, Map<String, String> labels) {
    return new ObjectMeta(name, namespace, "", labels, Map.of(), "", "", 0, null, null);
  }
}
