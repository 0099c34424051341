package io.margay.model.resource;

/** One step of the stream of resources that feeds the policy engine. */
public sealed interface ResourceChange {
  /** The resource is new, or replaces the one with the same key. */
  record Upsert(Resource resource) implements ResourceChange {}

  /** The resource is gone. */
  record Removed(ResourceKey key) implements ResourceChange {}

  /** Everything that existed at the start has been sent: deletions may be trusted from here on. */
  record InSync() implements ResourceChange {}
}
