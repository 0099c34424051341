package io.margay.model.resource;

/**
 * The identity of an API object.
 *
 * @param namespace empty for cluster-scoped kinds
 */
public record ResourceKey(Kind kind, String namespace, String name)
    implements Comparable<ResourceKey> {

  @Override
  public int compareTo(ResourceKey other) {
    int byKind = kind.compareTo(other.kind);
    if (byKind != 0) {
      return byKind;
    }
    int byNamespace = namespace.compareTo(other.namespace);
    return byNamespace != 0 ? byNamespace : name.compareTo(other.name);
  }

  /** {@code NetworkPolicy prod/web} or {@code Tier security}: how messages name an object. */
  @Override
  public String toString() {
    return kind.kind() + " " + (namespace.isEmpty() ? name : namespace + "/" + name);
  }
}
