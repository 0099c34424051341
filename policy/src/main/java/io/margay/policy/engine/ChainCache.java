package io.margay.policy.engine;

import io.margay.policy.convert.Policy;
import io.margay.policy.engine.ChainSpec.TierPart;
import io.margay.policy.table.JudgedEndpoint.Point;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Puts the policies of endpoints in order and makes chains of them, once for all endpoints with the
 * same policies: a new pod like its siblings sorts nothing.
 */
final class ChainCache {
  private final TierRegistry tiers;
  private final Map<Long, Ordered> bySignature = new HashMap<>();

  ChainCache(TierRegistry tiers) {
    this.tiers = tiers;
  }

  /** The policies of one tier in order. */
  record TierPolicies(String tier, List<CompiledPolicy> policies) {}

  /** What makes a chain, given the policies. */
  record Request(Point point, boolean host, List<CompiledProfile> profiles) {}

  /** A set of policies in order, with the chains made of it so far. */
  final class Ordered {
    private final Set<Subject> subjects;
    private final List<TierPolicies> inOrder;
    private final Map<Request, Chain> chains = new HashMap<>();

    Ordered(Set<Subject> subjects) {
      this.subjects = Set.copyOf(subjects);
      this.inOrder = inOrder(subjects);
    }

    Chain chain(Request request, Supplier<CompiledRules> failsafes) {
      return chains.computeIfAbsent(request, r -> new Chain(spec(r), failsafes.get()));
    }

    /** The tiers with policies that judge at the point. */
    List<TierPart> tiers(Point point) {
      List<TierPart> parts = new ArrayList<>();
      for (TierPolicies tier : inOrder) {
        List<CompiledPolicy> judging =
            tier.policies.stream()
                .filter(compiled -> compiled.policy().governs(point.direction()))
                .filter(compiled -> compiled.policy().judgesAt(point.stage()))
                .toList();
        if (!judging.isEmpty()) {
          parts.add(new TierPart(tier.tier, tiers.defaultAction(tier.tier), judging));
        }
      }
      return parts;
    }

    private ChainSpec spec(Request request) {
      Point point = request.point;
      return new ChainSpec(
          point.direction(), point.stage(), request.host, tiers(point), request.profiles);
    }
  }

  /** The policies of an endpoint in order. */
  Ordered ordered(Endpoint endpoint) {
    long signature = endpoint.policySignature();
    Ordered known = bySignature.get(signature);
    if (known == null || !known.subjects.equals(endpoint.subjects())) {
      known = new Ordered(endpoint.subjects());
      bySignature.put(signature, known);
    }
    return known;
  }

  /** Forgets everything: policies or tiers are not what they were. */
  void clear() {
    bySignature.clear();
  }

  private List<TierPolicies> inOrder(Set<Subject> subjects) {
    Map<String, List<CompiledPolicy>> byTier = new HashMap<>();
    for (Subject subject : subjects) {
      for (PolicyEntry entry : subject.policies) {
        byTier
            .computeIfAbsent(entry.policy.ref().tier(), t -> new ArrayList<>())
            .add(Objects.requireNonNull(entry.compiled, "a policy in use is compiled"));
      }
    }
    List<TierPolicies> ordered = new ArrayList<>();
    byTier.forEach((tier, policies) -> {
      policies.sort(Comparator.comparing(CompiledPolicy::policy, Policy.ORDER_IN_TIER));
      ordered.add(new TierPolicies(tier, policies));
    });
    ordered.sort(Comparator.comparing(TierPolicies::tier, tiers.order()));
    return ordered;
  }
}
