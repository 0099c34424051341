package io.margay.console.policies;

import io.margay.console.policies.TierListing.Policy;
import io.margay.model.manifest.KubeObject;
import io.margay.model.manifest.ResourceDecoder;
import io.margay.model.resource.CalicoPolicySpec;
import io.margay.model.resource.ClusterNetworkPolicy;
import io.margay.model.resource.EndpointSlice;
import io.margay.model.resource.GlobalNetworkPolicy;
import io.margay.model.resource.GlobalNetworkSet;
import io.margay.model.resource.HostEndpoint;
import io.margay.model.resource.Kind;
import io.margay.model.resource.KubernetesNetworkPolicy;
import io.margay.model.resource.Namespace;
import io.margay.model.resource.NetworkPolicy;
import io.margay.model.resource.NetworkSet;
import io.margay.model.resource.Node;
import io.margay.model.resource.ObjectMeta;
import io.margay.model.resource.Pod;
import io.margay.model.resource.PolicyType;
import io.margay.model.resource.Profile;
import io.margay.model.resource.Resource;
import io.margay.model.resource.RuleAction;
import io.margay.model.resource.Service;
import io.margay.model.resource.ServiceAccount;
import io.margay.model.resource.StagedGlobalNetworkPolicy;
import io.margay.model.resource.StagedKubernetesNetworkPolicy;
import io.margay.model.resource.StagedNetworkPolicy;
import io.margay.model.resource.Tier;
import io.margay.model.verdict.PolicyKind;
import io.margay.store.ResourceStore;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The order in which tiers and policies are evaluated: tiers by order, those without one last, ties
 * by name, and those that nobody made after all others; policies by order, those without one last,
 * ties by name, namespace and kind.
 */
final class TierOrder {
  /** The order that policies of Kubernetes have among Calico's. */
  private static final double KUBERNETES_ORDER = 1000;

  private static final Comparator<TierListing> TIERS =
      Comparator.comparing(TierListing::missing)
          .thenComparing(TierListing::order, Comparator.nullsLast(Comparator.naturalOrder()))
          .thenComparing(TierListing::name);

  private static final Comparator<InTier> POLICIES =
      Comparator.<InTier, Double>comparing(
              p -> p.shown().order(), Comparator.nullsLast(Comparator.naturalOrder()))
          .thenComparing(
              p -> p.shown().name() + "/" + p.shown().namespace() + "/" + p.kind().vectorName());

  private TierOrder() {}

  private record InTier(String tier, PolicyKind kind, Policy shown) {}

  static List<TierListing> of(ResourceStore store) {
    Map<String, List<InTier>> byTier = new HashMap<>();
    for (PolicyKind kind : PolicyKind.values()) {
      StorePolicies.storedAs(kind).stream()
          .flatMap(stored -> store.list(stored, "").items().stream())
          .flatMap(object -> policy(kind, object).stream())
          .forEach(
              policy -> byTier.computeIfAbsent(policy.tier(), _ -> new ArrayList<>()).add(policy));
    }
    List<TierListing> tiers = new ArrayList<>();
    for (KubeObject object : store.list(Kind.TIER, "").items()) {
      if (ResourceDecoder.decode(object).resource() instanceof Tier tier) {
        tiers.add(
            listing(
                tier.metadata().name(),
                tier.spec().order(),
                tier.spec().defaultAction(),
                false,
                byTier.remove(tier.metadata().name())));
      }
    }
    builtIn(byTier).forEach(tiers::add);
    byTier.forEach(
        (name, policies) -> tiers.add(listing(name, null, RuleAction.DENY, true, policies)));
    tiers.sort(TIERS);
    return tiers;
  }

  /** The tiers that exist without being stored; those that are stored are not in the map. */
  private static Stream<TierListing> builtIn(Map<String, List<InTier>> byTier) {
    return Stream.of(
            new TierListing(Tier.KUBE_ADMIN, 1_000.0, RuleAction.PASS, false, List.of()),
            new TierListing(Tier.DEFAULT, 1_000_000.0, RuleAction.DENY, false, List.of()),
            new TierListing(Tier.KUBE_BASELINE, 10_000_000.0, RuleAction.PASS, false, List.of()))
        .filter(tier -> byTier.containsKey(tier.name()))
        .map(tier ->
            listing(
                tier.name(),
                tier.order(),
                tier.defaultAction(),
                false,
                byTier.remove(tier.name())));
  }

  private static TierListing listing(
      String name,
      @Nullable Double order,
      RuleAction defaultAction,
      boolean missing,
      @Nullable List<InTier> policies) {
    List<Policy> shown =
        policies == null
            ? List.of()
            : policies.stream().sorted(POLICIES).map(InTier::shown).toList();
    return new TierListing(name, order, defaultAction, missing, shown);
  }

  /** The tier of an object that is a policy. */
  static Optional<String> tierOf(KubeObject object) {
    // The kind does not matter for the tier.
    return policy(PolicyKind.END_OF_TIER, object).map(InTier::tier);
  }

  private static Optional<InTier> policy(PolicyKind kind, KubeObject object) {
    Resource resource = ResourceDecoder.decode(object).resource();
    ObjectMeta meta = resource.metadata();
    return switch (resource) {
      case NetworkPolicy policy -> calico(kind, meta, policy.spec());
      case GlobalNetworkPolicy policy -> calico(kind, meta, policy.spec());
      case StagedNetworkPolicy policy -> calico(kind, meta, policy.spec());
      case StagedGlobalNetworkPolicy policy -> calico(kind, meta, policy.spec());
      case KubernetesNetworkPolicy policy -> kubernetes(kind, meta, policy.spec());
      case StagedKubernetesNetworkPolicy policy -> kubernetes(kind, meta, policy.spec());
      case ClusterNetworkPolicy policy -> cluster(kind, meta, policy.spec());
      case Namespace _,
          Node _,
          Pod _,
          ServiceAccount _,
          Service _,
          EndpointSlice _,
          Tier _,
          NetworkSet _,
          GlobalNetworkSet _,
          HostEndpoint _,
          Profile _ ->
          Optional.empty();
    };
  }

  private static Optional<InTier> calico(PolicyKind kind, ObjectMeta meta, CalicoPolicySpec spec) {
    return inTier(
        spec.tier(),
        kind,
        meta,
        spec.order(),
        spec.types(),
        spec.ingress().size(),
        spec.egress().size());
  }

  private static Optional<InTier> kubernetes(
      PolicyKind kind, ObjectMeta meta, KubernetesNetworkPolicy.Spec spec) {
    return inTier(
        Tier.DEFAULT,
        kind,
        meta,
        KUBERNETES_ORDER,
        spec.policyTypes(),
        spec.ingress().size(),
        spec.egress().size());
  }

  private static Optional<InTier> cluster(
      PolicyKind kind, ObjectMeta meta, ClusterNetworkPolicy.Spec spec) {
    String tier =
        switch (spec.tier()) {
          case ADMIN -> Tier.KUBE_ADMIN;
          case BASELINE -> Tier.KUBE_BASELINE;
        };
    List<PolicyType> types = new ArrayList<>();
    if (!spec.ingress().isEmpty()) {
      types.add(PolicyType.INGRESS);
    }
    if (!spec.egress().isEmpty()) {
      types.add(PolicyType.EGRESS);
    }
    return inTier(
        tier,
        kind,
        meta,
        (double) spec.priority(),
        types,
        spec.ingress().size(),
        spec.egress().size());
  }

  private static Optional<InTier> inTier(
      String tier,
      PolicyKind kind,
      ObjectMeta meta,
      @Nullable Double order,
      List<PolicyType> types,
      int ingressRules,
      int egressRules) {
    return Optional.of(
        new InTier(
            tier,
            kind,
            new Policy(
                kind.goldmaneName(),
                meta.namespace(),
                meta.name(),
                order,
                kind.staged(),
                types,
                ingressRules,
                egressRules)));
  }
}
