package io.margay.console.policies;

import io.margay.console.policies.TierListing.Policy;
import io.margay.model.manifest.KubeObject;
import io.margay.model.manifest.ResourceDecoder;
import io.margay.model.resource.PolicyType;
import io.margay.model.resource.Resource;
import io.margay.model.resource.RuleAction;
import io.margay.model.resource.Tier;
import io.margay.policy.convert.PolicyConversion;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Puts tiers and policies in the order in which the engine evaluates them: tiers by order, those
 * without one last, ties by name, and those that nobody made after all others.
 */
final class TierOrder {
  private static final Comparator<TierListing> TIERS =
      Comparator.comparing(TierListing::missing)
          .thenComparing(TierListing::order, Comparator.nullsLast(Comparator.naturalOrder()))
          .thenComparing(TierListing::name);

  /** The tiers that exist also where they are not stored. */
  private static final List<TierListing> BUILT_IN =
      List.of(
          new TierListing(Tier.KUBE_ADMIN, 1_000.0, RuleAction.PASS, false, List.of()),
          new TierListing(Tier.DEFAULT, 1_000_000.0, RuleAction.DENY, false, List.of()),
          new TierListing(Tier.KUBE_BASELINE, 10_000_000.0, RuleAction.PASS, false, List.of()));

  private final Map<String, List<InTier>> policies = new HashMap<>();
  private final Map<String, TierListing> tiers = new HashMap<>();

  private TierOrder() {
    BUILT_IN.forEach(tier -> tiers.put(tier.name(), tier));
  }

  /** A policy as the engine sees it and the object that its author wrote. */
  private record InTier(io.margay.policy.convert.Policy policy, KubeObject object) {}

  static List<TierListing> of(List<KubeObject> tierObjects, List<KubeObject> policyObjects) {
    TierOrder order = new TierOrder();
    tierObjects.forEach(order::addTier);
    policyObjects.forEach(order::addPolicy);
    return order.listing();
  }

  /** The tier of an object that is a policy. */
  static Optional<String> tierOf(KubeObject policy) {
    return evaluated(policy).map(evaluated -> evaluated.ref().tier());
  }

  private void addTier(KubeObject object) {
    if (ResourceDecoder.decode(object).resource() instanceof Tier tier) {
      String name = tier.metadata().name();
      tiers.put(
          name,
          new TierListing(
              name, tier.spec().order(), tier.spec().defaultAction(), false, List.of()));
    }
  }

  /** A staged deletion asks for nothing to be evaluated, so it has no place in the order. */
  private void addPolicy(KubeObject object) {
    evaluated(object)
        .ifPresent(policy ->
            policies
                .computeIfAbsent(policy.ref().tier(), _ -> new ArrayList<>())
                .add(new InTier(policy, object)));
  }

  private static Optional<io.margay.policy.convert.Policy> evaluated(KubeObject object) {
    Resource resource = ResourceDecoder.decode(object).resource();
    return Optional.ofNullable(PolicyConversion.convert(resource).policy());
  }

  private List<TierListing> listing() {
    policies
        .keySet()
        .forEach(name ->
            tiers.computeIfAbsent(
                name, n -> new TierListing(n, null, RuleAction.DENY, true, List.of())));
    return tiers.values().stream().map(this::withPolicies).sorted(TIERS).toList();
  }

  private TierListing withPolicies(TierListing tier) {
    List<Policy> shown =
        policies.getOrDefault(tier.name(), List.of()).stream()
            .sorted(
                Comparator.comparing(InTier::policy, io.margay.policy.convert.Policy.ORDER_IN_TIER))
            .map(TierOrder::shown)
            .toList();
    return new TierListing(tier.name(), tier.order(), tier.defaultAction(), tier.missing(), shown);
  }

  private static Policy shown(InTier inTier) {
    var policy = inTier.policy();
    List<PolicyType> types = new ArrayList<>();
    if (policy.governsIngress()) {
      types.add(PolicyType.INGRESS);
    }
    if (policy.governsEgress()) {
      types.add(PolicyType.EGRESS);
    }
    return new Policy(
        policy.ref().kind().goldmaneName(),
        policy.ref().namespace(),
        policy.ref().name(),
        finite(policy.order()),
        policy.staged(),
        types,
        // Conversion may split a rule, so its author's are counted.
        inTier.object().json().path("spec").path("ingress").size(),
        inTier.object().json().path("spec").path("egress").size(),
        inTier.object().resourceVersion(),
        labels(inTier.object()),
        PolicyOwner.of(inTier.object()),
        PolicyAge.of(inTier.object()));
  }

  private static Map<String, String> labels(KubeObject object) {
    Map<String, String> labels = new TreeMap<>();
    object
        .json()
        .path("metadata")
        .path("labels")
        .properties()
        .forEach(label -> labels.put(label.getKey(), label.getValue().asText()));
    return labels;
  }

  private static @Nullable Double finite(@Nullable Double order) {
    return order == null || order.isInfinite() ? null : order;
  }
}
