package io.margay.console.policies;

import io.margay.console.http.HttpFailure;
import io.margay.model.resource.Kind;
import io.margay.model.resource.ResourceKey;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Finds an order number that brings a policy to a place in its tier. */
final class NewOrder {
  /** What a policy at either end is away from its neighbour. */
  private static final double STEP = 100;

  private static final Set<Kind> WITH_ORDER =
      EnumSet.of(
          Kind.NETWORK_POLICY,
          Kind.GLOBAL_NETWORK_POLICY,
          Kind.STAGED_NETWORK_POLICY,
          Kind.STAGED_GLOBAL_NETWORK_POLICY);

  private NewOrder() {}

  static void checkHasOrder(ResourceKey key) {
    if (!WITH_ORDER.contains(key.kind())) {
      throw new HttpFailure(
          422, PolicyNames.of(key.kind()) + " has no order of its own: its API fixes the place");
    }
  }

  /**
   * The number.
   *
   * @param before the policy that is to come next; null for the end
   */
  static double before(List<TierListing> tiers, ResourceKey moved, @Nullable ResourceKey before) {
    List<TierListing.Policy> others =
        tiers.stream()
            .map(TierListing::policies)
            .filter(policies -> policies.stream().anyMatch(policy -> is(policy, moved)))
            .findFirst()
            .orElseThrow(() -> PolicyNames.notFound(moved))
            .stream()
            .filter(policy -> !is(policy, moved))
            .toList();
    int place = before == null ? others.size() : index(others, before);
    Double low = place == 0 ? null : others.get(place - 1).order();
    Double high = place == others.size() ? null : others.get(place).order();
    if (place > 0 && low == null) {
      throw noRoom(others.get(place - 1), "has no order, so it is among the last of its tier");
    }
    if (low == null) {
      return high == null ? STEP : high - STEP;
    }
    if (high == null) {
      return low + STEP;
    }
    double between = (low + high) / 2;
    if (between <= low || between >= high) {
      throw noRoom(others.get(place), "has the same order as the policy before it");
    }
    // Whole numbers where there are any between the two.
    double whole = Math.floor(between);
    return whole > low ? whole : between;
  }

  private static int index(List<TierListing.Policy> policies, ResourceKey key) {
    for (int i = 0; i < policies.size(); i++) {
      if (is(policies.get(i), key)) {
        return i;
      }
    }
    throw new HttpFailure(422, "before: " + key + " is not in the same tier");
  }

  private static boolean is(TierListing.Policy policy, ResourceKey key) {
    return policy.kind().equals(PolicyNames.of(key.kind()))
        && policy.namespace().equals(key.namespace())
        && policy.name().equals(key.name());
  }

  private static HttpFailure noRoom(TierListing.Policy neighbour, String why) {
    return new HttpFailure(
        422,
        "%s %s %s: give it another order first".formatted(neighbour.kind(), neighbour.name(), why));
  }
}
