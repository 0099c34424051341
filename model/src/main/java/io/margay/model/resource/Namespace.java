package io.margay.model.resource;

/** A Kubernetes namespace: its labels are what namespace selectors see. */
public record Namespace(ObjectMeta metadata) implements Resource {
  @Override
  public Kind kind() {
    return Kind.NAMESPACE;
  }
}
