package io.margay.policy.engine;

import io.margay.model.resource.RuleAction;
import io.margay.model.verdict.Direction;
import io.margay.model.verdict.Hit;
import io.margay.model.verdict.PolicyKind;
import io.margay.model.verdict.PolicyRef;
import io.margay.model.verdict.Stage;
import it.unimi.dsi.fastutil.ints.IntOpenHashSet;
import it.unimi.dsi.fastutil.ints.IntSet;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The steps and rules that judge a group of endpoints, in the order in which they are walked:
 * failsafes, tiers, profiles.
 */
final class Chain {
  private final ChainSpec spec;
  private final long identity;
  private final List<Step> steps = new ArrayList<>();
  private final List<Part> parts = new ArrayList<>();
  private final IntSet localBases = new IntOpenHashSet();
  private boolean staged;

  /** One step; its rules come first, then what happens if none of them decided. */
  sealed interface Step {
    /** Failsafe ports. */
    record Failsafe() implements Step {}

    /**
     * A tier.
     *
     * @param enforced what its default action does when staged policies do not count; null if
     *     nothing, since none of its enforced policies governs the endpoint
     * @param pending likewise when they do
     */
    record InTier(@Nullable Hit enforced, @Nullable Hit pending) implements Step {}

    /**
     * A profile.
     *
     * @param missing what happens if the profile does not exist; null if it does
     */
    record InProfile(@Nullable Hit missing) implements Step {}
  }

  /**
   * The failsafes, a policy or a profile at its place: the same in every edition of the same
   * policies.
   *
   * @param step the index of its step
   * @param policy null for the failsafes
   */
  record Part(CompiledRules rules, int step, @Nullable PolicyRef policy) {
    ChainRule rule(int index) {
      CompiledRule compiled = rules.get(index);
      int number = compiled.rule().index();
      RuleAction action = compiled.rule().action();
      return policy == null
          ? new ChainRule(compiled, step, false, action, Hit.failsafe(number))
          : new ChainRule(
              compiled, step, policy.kind().staged(), action, Hit.rule(policy, number, action));
    }
  }

  /**
   * A rule at its place.
   *
   * @param step the index of its step
   * @param hit what the trace says if it matches
   */
  record ChainRule(CompiledRule compiled, int step, boolean staged, RuleAction action, Hit hit) {}

  Chain(ChainSpec spec, CompiledRules failsafes) {
    this.spec = spec;
    this.identity = spec.identity();
    if (!failsafes.isEmpty()) {
      add(failsafes, null);
      steps.add(new Step.Failsafe());
    }
    spec.tiers().forEach(this::addTier);
    spec.profiles().forEach(this::addProfile);
  }

  private void addTier(ChainSpec.TierPart tier) {
    Hit enforced = null;
    Hit pending = null;
    for (CompiledPolicy policy : tier.policies()) {
      PolicyRef ref = policy.policy().ref();
      add(policy.rules(spec.direction()), ref);
      // The first policy that selected the endpoint is why the tier's default action applies.
      Hit end = Hit.endOfTier(tier.name(), tier.defaultAction(), ref);
      pending = pending == null ? end : pending;
      enforced = enforced == null && !policy.policy().staged() ? end : enforced;
      staged |= policy.policy().staged();
    }
    steps.add(hasDefaults() ? new Step.InTier(enforced, pending) : new Step.InTier(null, null));
  }

  /** Policies before connection tracking and NAT only add to what comes after them. */
  private boolean hasDefaults() {
    return switch (spec.stage()) {
      case NORMAL, FORWARD -> true;
      case PRE_DNAT, UNTRACKED -> false;
    };
  }

  private void addProfile(CompiledProfile profile) {
    PolicyRef ref = new PolicyRef(PolicyKind.PROFILE, Hit.PROFILE_TIER, "", profile.name());
    add(profile.rules(spec.direction()), ref);
    steps.add(new Step.InProfile(profile.missing() ? Hit.rule(ref, -1, RuleAction.DENY) : null));
  }

  private void add(CompiledRules rules, @Nullable PolicyRef policy) {
    parts.add(new Part(rules, steps.size(), policy));
    localBases.addAll(rules.localBases());
  }

  Direction direction() {
    return spec.direction();
  }

  Stage stage() {
    return spec.stage();
  }

  ChainSpec spec() {
    return spec;
  }

  /** The same for every edition of the same policies. */
  long identity() {
    return identity;
  }

  List<Step> steps() {
    return steps;
  }

  List<Part> parts() {
    return parts;
  }

  /** Whether staged policies take part, so that the pending verdict may differ. */
  boolean staged() {
    return staged;
  }

  /** The base facts that rules ask about the endpoint's own side. */
  IntSet localBases() {
    return localBases;
  }
}
