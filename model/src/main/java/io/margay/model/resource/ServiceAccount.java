package io.margay.model.resource;

/** A Kubernetes service account: its labels are what service account selectors see. */
public record ServiceAccount(ObjectMeta metadata) implements Resource {
  @Override
  public Kind kind() {
    return Kind.SERVICE_ACCOUNT;
  }
}
