package io.margay.model.resource;

import io.margay.model.selector.Selector;
import java.time.Duration;

/** What policies are recommended for, and how long is learned. There is one, named default. */
public record PolicyRecommendationScope(ObjectMeta metadata, Spec spec)
    implements WorkbenchResource {
  /** The name of the only one. */
  public static final String NAME = "default";

  @Override
  public Kind kind() {
    return Kind.POLICY_RECOMMENDATION_SCOPE;
  }

  /**
   * The specification.
   *
   * @param interval how often is learned
   * @param initialLookback how far back traffic counts that is older than the scope
   * @param stabilizationPeriod how long a policy must stay as it is to be called stable
   */
  public record Spec(
      Duration interval,
      Duration initialLookback,
      Duration stabilizationPeriod,
      NamespaceSpec namespaces) {}

  /**
   * Which namespaces get a policy each.
   *
   * @param enabled false also where the rest cannot be read
   * @param selector over the labels of namespaces
   * @param passIntraNamespace whether traffic within a namespace is left to later tiers
   * @param tier in which the policies are
   */
  public record NamespaceSpec(
      boolean enabled, Selector selector, boolean passIntraNamespace, String tier) {}
}
