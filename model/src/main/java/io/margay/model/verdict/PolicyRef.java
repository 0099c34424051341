package io.margay.model.verdict;

/**
 * The identity of a policy or profile in a trace.
 *
 * @param namespace empty for cluster-wide kinds
 */
public record PolicyRef(PolicyKind kind, String tier, String namespace, String name) {
  @Override
  public String toString() {
    return kind.goldmaneName() + " " + (namespace.isEmpty() ? name : namespace + "/" + name);
  }
}
