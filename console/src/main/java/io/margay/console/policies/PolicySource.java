package io.margay.console.policies;

import java.util.List;
import java.util.Optional;

/** Where the console reads policies. Thread-safe. */
public interface PolicySource {

  /**
   * A policy or profile by the identity that a hit gives it.
   *
   * @param kind as flow records name it
   * @param namespace empty for cluster-wide kinds
   */
  Optional<PolicyDocument> find(String kind, String namespace, String name);

  /** All tiers in evaluation order. */
  List<TierListing> tiers();
}
