package io.margay.policy.property;

import static org.assertj.core.api.Assertions.assertThat;

import io.margay.model.net.Packet;
import io.margay.model.resource.HostEndpoint;
import io.margay.model.resource.Resource;
import io.margay.model.resource.ResourceKey;
import io.margay.model.verdict.Direction;
import io.margay.model.verdict.Hit;
import io.margay.model.verdict.Outcome;
import io.margay.model.verdict.PolicyKind;
import io.margay.model.verdict.Stage;
import io.margay.policy.engine.Failsafes;
import io.margay.policy.engine.RuleUse;
import io.margay.policy.engine.RuleUse.Worth;
import io.margay.policy.proof.RuleCheck;
import io.margay.policy.property.BruteForce.Spot;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/**
 * What rules are good for against brute force: every packet between any two addresses, judged by
 * the plain walk over all rules, and judged again without each rule that matched.
 */
class RuleCheckPropertyTest {
  private static final int FIRST = Integer.getInteger("margay.property.first", 0);
  private static final int CLUSTERS = Integer.getInteger("margay.property.rules", 12);

  /** What brute force knows of one rule. */
  private static final class Tally {
    boolean decides;
    boolean needed;
    final Set<Hit> before = new LinkedHashSet<>();
    final Set<Hit> instead = new LinkedHashSet<>();

    Worth worth() {
      if (needed) {
        return Worth.NEEDED;
      }
      if (decides) {
        return Worth.REDUNDANT;
      }
      return before.isEmpty() ? Worth.UNMATCHED : Worth.SHADOWED;
    }
  }

  final Map<Worth, Integer> seen = new HashMap<>();

  @Test
  void podsAreJudgedAsBruteForceDoes() {
    for (int seed = FIRST; seed < FIRST + CLUSTERS; seed++) {
      Map<ResourceKey, Resource> resources = ProofPropertyTest.cluster(new Random(seed));
      resources.values().removeIf(HostEndpoint.class::isInstance);
      check(resources, new BruteForce(resources.values()), "seed " + seed);
    }
    System.out.printf(
        "rules of %d random clusters are judged as brute force does: %s%n", CLUSTERS, seen);
    assertThat(seen.keySet()).as(seen.toString()).containsExactlyInAnyOrder(Worth.values());
  }

  /** Checks every rule about pods, and counts what they are good for. */
  void check(Map<ResourceKey, Resource> resources, BruteForce force, String seed) {
    Map<RuleUse.Id, Tally> expected = expected(force);
    Map<RuleUse.Id, RuleUse> actual = actual(resources);
    assertThat(actual.keySet()).as(seed).containsAll(expected.keySet());
    for (RuleUse use : actual.values()) {
      String where = seed + " " + use.rule();
      Tally tally = expected.getOrDefault(use.rule(), new Tally());
      assertThat(use.worth()).as(where).isEqualTo(tally.worth());
      seen.merge(use.worth(), 1, Integer::sum);
      if (use.worth() != Worth.NEEDED) {
        assertThat(Set.copyOf(use.coveredBy()))
            .as(where)
            .isEqualTo(tally.decides ? tally.instead : tally.before);
      }
    }
  }

  @Test
  void noRuleOfHostsIsCalledUselessThatIsUsed() {
    for (int seed = FIRST + 100; seed < FIRST + 100 + CLUSTERS / 2; seed++) {
      Map<ResourceKey, Resource> resources = ProofPropertyTest.cluster(new Random(seed));
      Map<RuleUse.Id, RuleUse> actual = actual(resources);
      for (Map.Entry<RuleUse.Id, Tally> entry :
          expected(new BruteForce(resources.values())).entrySet()) {
        RuleUse use = actual.get(entry.getKey());
        assertThat(use).as("seed " + seed + " " + entry.getKey()).isNotNull();
        assertThat(use.worth())
            .as("seed " + seed + " " + entry.getKey())
            .isGreaterThanOrEqualTo(entry.getValue().worth());
      }
    }
  }

  private static Map<RuleUse.Id, RuleUse> actual(Map<ResourceKey, Resource> resources) {
    Map<RuleUse.Id, RuleUse> all = new HashMap<>();
    for (RuleUse use : RuleCheck.of(resources, Failsafes.NONE)) {
      all.put(use.rule(), use);
    }
    return all;
  }

  private static Map<RuleUse.Id, Tally> expected(BruteForce force) {
    Map<RuleUse.Id, Tally> tallies = new HashMap<>();
    Map<RuleUse.Id, NaiveEvaluator> without = new HashMap<>();
    Function<RuleUse.Id, NaiveEvaluator> others =
        rule -> without.computeIfAbsent(rule, force.naive::without);
    for (Spot here : force.spots) {
      for (Spot there : force.spots) {
        if (here.endpoint() == null
            || here.endpoint().equals(there.endpoint())
            || here.address().family() != there.address().family()) {
          continue;
        }
        List<Packet> received = force.packets(there.address(), here.address());
        List<Packet> sent = force.packets(here.address(), there.address());
        for (Stage stage : stages(here.endpoint())) {
          received.forEach(packet ->
              tally(
                  force.naive, others, here.endpoint(), Direction.INGRESS, stage, packet, tallies));
          sent.forEach(packet ->
              tally(
                  force.naive, others, here.endpoint(), Direction.EGRESS, stage, packet, tallies));
        }
      }
    }
    return tallies;
  }

  private static Set<Stage> stages(Resource endpoint) {
    return endpoint instanceof HostEndpoint ? EnumSet.allOf(Stage.class) : EnumSet.of(Stage.NORMAL);
  }

  private static void tally(
      NaiveEvaluator naive,
      Function<RuleUse.Id, NaiveEvaluator> others,
      Resource endpoint,
      Direction direction,
      Stage stage,
      Packet packet,
      Map<RuleUse.Id, Tally> tallies) {
    Set<RuleUse.Id> matching = naive.matching(endpoint, direction, stage, packet);
    Outcome outcome = matching.isEmpty() ? null : naive.decide(endpoint, direction, stage, packet);
    if (outcome == null) {
      return;
    }
    for (RuleUse.Id rule : matching) {
      Tally tally = tallies.computeIfAbsent(rule, _ -> new Tally());
      if (outcome.logs().stream().anyMatch(rule::isOf)) {
        tally.needed = true;
      } else if (outcome.trace().stream().noneMatch(rule::isOf)) {
        tally.before.add(before(rule, outcome.trace()));
      } else if (!tally.needed) {
        tally.decides = true;
        Outcome without = others.apply(rule).decide(endpoint, direction, stage, packet);
        tally.needed = without.verdict() != outcome.verdict();
        long place = outcome.trace().stream().takeWhile(hit -> !rule.isOf(hit)).count();
        without.trace().stream().skip(place).findFirst().ifPresent(tally.instead::add);
      }
    }
  }

  /** What decided in the rule's own tier, or else the end of the walk. */
  private static Hit before(RuleUse.Id rule, List<Hit> trace) {
    return trace.stream()
        .filter(
            hit -> hit.tier().equals(rule.policy().tier()) && hit.kind() != PolicyKind.END_OF_TIER)
        .findFirst()
        .orElseGet(trace::getLast);
  }
}
