package io.margay.agents.decide;

import io.margay.agents.call.Ruling.Hold;
import io.margay.agents.registry.RegistrySnapshot;
import io.margay.cedar.ast.PolicySet;
import io.margay.cedar.eval.Authorizer;
import io.margay.cedar.schema.Schema;
import io.margay.cedar.validate.StrictCheck;
import io.margay.model.manifest.Problem;
import io.margay.model.resource.AgentPolicy;
import io.margay.model.resource.ResourceKey;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Turns policies into what decides, and remembers which were in force: where a broken text has come
 * in the place of a policy that worked, the forbids that it may have held are gone, so its tier
 * denies everything until the text is mended or the policy deleted. A broken policy that is new
 * changes nothing. What is broken at the start may have been in force before, and counts so.
 *
 * <p>Of one thread.
 */
final class PolicyBook {
  private final Map<String, CompiledPolicy> compiled = new HashMap<>();

  /** Tiers of the policies that are in force, or were until they broke, by policy. */
  private final Map<String, String> inForce = new HashMap<>();

  private @Nullable Schema schema;
  private Set<?> unreadable = Set.of();
  private Map<String, Double> tierOrders = Map.of();
  private boolean started;

  /**
   * What decides.
   *
   * @param enforced tiers in their order
   * @param pending the same if staged policies were enforced; the same object without any
   * @param hash names all of it
   * @param problems why policies are refused
   */
  record Edition(
      List<TierPolicies> enforced,
      List<TierPolicies> pending,
      String hash,
      Map<ResourceKey, List<Problem>> problems) {}

  Edition take(RegistrySnapshot registry) {
    List<CompiledPolicy> policies = compile(registry);
    Map<String, List<String>> broken = brokenTiers(policies);
    List<CompiledPolicy> usable = policies.stream().filter(CompiledPolicy::usable).toList();
    List<CompiledPolicy> enforced =
        usable.stream().filter(p -> !p.policy().spec().staged()).toList();
    List<TierPolicies> tiers = tiers(enforced, broken, registry.tierOrders());
    List<TierPolicies> pending = tiers;
    if (enforced.size() < usable.size()) {
      Set<String> replaced =
          usable.stream()
              .filter(p -> p.policy().spec().staged())
              .map(p -> p.policy().spec().replaces())
              .collect(Collectors.toSet());
      pending =
          tiers(
              usable.stream()
                  .filter(p -> p.policy().spec().staged() || !replaced.contains(p.name()))
                  .toList(),
              broken,
              registry.tierOrders());
    }
    Map<ResourceKey, List<Problem>> problems = new HashMap<>();
    for (CompiledPolicy policy : policies) {
      if (!policy.usable()) {
        problems.put(policy.policy().key(), policy.problems());
      }
    }
    return new Edition(tiers, pending, hash(tiers, pending), Map.copyOf(problems));
  }

  private List<CompiledPolicy> compile(RegistrySnapshot registry) {
    boolean allAnew =
        registry.schema() != schema
            || !registry.unreadable().equals(unreadable)
            || !registry.tierOrders().equals(tierOrders);
    schema = registry.schema();
    unreadable = registry.unreadable();
    tierOrders = registry.tierOrders();
    StrictCheck check = new StrictCheck(registry.schema());
    Map<String, CompiledPolicy> before = Map.copyOf(compiled);
    compiled.clear();
    for (AgentPolicy policy : registry.policies()) {
      String name = policy.metadata().name();
      CompiledPolicy known = allAnew ? null : before.get(name);
      boolean same =
          known != null
              && known.usable()
              && known.policy().spec().equals(policy.spec())
              && !registry.problems().containsKey(policy.key());
      compiled.put(name, same ? known : CompiledPolicy.of(policy, registry, check));
    }
    return compiled.values().stream().sorted(Comparator.comparing(CompiledPolicy::name)).toList();
  }

  /** Names of broken policies that were in force, by the tiers that they close. */
  private Map<String, List<String>> brokenTiers(List<CompiledPolicy> policies) {
    Map<String, List<String>> broken = new TreeMap<>();
    Set<String> governing = new TreeSet<>();
    for (CompiledPolicy policy : policies) {
      if (policy.policy().spec().staged()) {
        continue;
      }
      String name = policy.name();
      if (policy.usable()) {
        governing.add(name);
        inForce.put(name, policy.tier());
      } else if (inForce.containsKey(name) || !started) {
        governing.add(name);
        String tier = inForce.computeIfAbsent(name, _ -> policy.tier());
        new TreeSet<>(List.of(tier, policy.tier()))
            .forEach(t -> broken.computeIfAbsent(t, _ -> new ArrayList<>()).add(name));
      }
    }
    inForce.keySet().retainAll(governing);
    started = true;
    return broken;
  }

  /** A closed tier that does not exist any more comes before all others: nobody knows its place. */
  private static List<TierPolicies> tiers(
      List<CompiledPolicy> policies, Map<String, List<String>> broken, Map<String, Double> orders) {
    Map<String, List<CompiledPolicy>> byTier = new LinkedHashMap<>();
    policies.forEach(p -> byTier.computeIfAbsent(p.tier(), _ -> new ArrayList<>()).add(p));
    Set<String> names = new TreeSet<>(byTier.keySet());
    names.addAll(broken.keySet());
    return names.stream()
        .sorted(
            Comparator.<String>comparingDouble(
                    tier -> orders.getOrDefault(tier, Double.NEGATIVE_INFINITY))
                .thenComparing(Comparator.naturalOrder()))
        .map(tier ->
            tier(tier, byTier.getOrDefault(tier, List.of()), broken.getOrDefault(tier, List.of())))
        .toList();
  }

  private static TierPolicies tier(
      String tier, List<CompiledPolicy> policies, List<String> broken) {
    PolicySet.Builder set = PolicySet.EMPTY.toBuilder();
    Map<String, Hold> holds = new HashMap<>();
    for (CompiledPolicy policy : policies) {
      policy.templates().forEach(set::add);
      holds.putAll(policy.holds());
    }
    Optional<String> closed =
        broken.isEmpty()
            ? Optional.empty()
            : Optional.of(
                "tier "
                    + tier
                    + " denies everything, since "
                    + String.join(", ", broken)
                    + " was in force and cannot be read any more");
    return new TierPolicies(tier, Authorizer.of(set.build()), Map.copyOf(holds), closed);
  }

  private static String hash(List<TierPolicies> enforced, List<TierPolicies> pending) {
    try {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      for (List<TierPolicies> tiers : List.of(enforced, pending)) {
        for (TierPolicies tier : tiers) {
          String line = tier.tier() + " " + tier.authorizer().policySetHash() + " " + tier.closed();
          sha.update((line + "\n").getBytes(StandardCharsets.UTF_8));
        }
        sha.update((byte) '\n');
      }
      return HexFormat.of().formatHex(sha.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JVM has SHA-256", e);
    }
  }
}
