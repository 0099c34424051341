package io.margay.store.apiserver.registry;

/** What must be true of an object that is to be deleted; empty for whatever it is. */
public record Preconditions(String uid, String resourceVersion) {
  public static final Preconditions NONE = new Preconditions("", "");
}
