package io.margay.policy.property;

import static org.assertj.core.api.Assertions.assertThat;

import io.margay.model.assertion.Assertion;
import io.margay.model.net.Cidr;
import io.margay.model.net.Packet;
import io.margay.model.net.PortRange;
import io.margay.model.net.Protocol;
import io.margay.model.resource.CalicoPolicySpec;
import io.margay.model.resource.EntityRule;
import io.margay.model.resource.GlobalNetworkPolicy;
import io.margay.model.resource.HostEndpoint;
import io.margay.model.resource.NetworkPolicy;
import io.margay.model.resource.ObjectMeta;
import io.margay.model.resource.PolicyType;
import io.margay.model.resource.PortMatch;
import io.margay.model.resource.Resource;
import io.margay.model.resource.ResourceKey;
import io.margay.model.resource.Rule;
import io.margay.model.resource.RuleAction;
import io.margay.model.resource.Tier;
import io.margay.model.selector.Selector;
import io.margay.policy.engine.Failsafes;
import io.margay.policy.engine.RuleUse.Worth;
import io.margay.policy.engine.Scope;
import io.margay.policy.proof.Comparison;
import io.margay.policy.proof.Proof;
import io.margay.policy.proof.Prover;
import io.margay.policy.proof.TwoStates;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * Proofs, previews, equality and shadowed rules on the same random policy sets, each against brute
 * force over all pairs of addresses and all numbers that the set mentions. The sets are small, so
 * that there can be thousands: what large ones do, the tests of the parts try. {@code
 * -Dmargay.property.sets} tries more.
 */
class WorkbenchPropertyTest {
  private static final int FIRST = Integer.getInteger("margay.property.first", 0);
  private static final int SETS = Integer.getInteger("margay.property.sets", 2_000);
  private static final int ASSERTIONS = 2;

  private final ComparisonPropertyTest comparisons = new ComparisonPropertyTest();
  private final RuleCheckPropertyTest rules = new RuleCheckPropertyTest();
  private int failed;
  private int equal;

  @Test
  void allOfTheWorkbenchAgreesWithBruteForce() {
    for (int seed = FIRST; seed < FIRST + SETS; seed++) {
      Random random = new Random(seed);
      String where = "set " + seed;
      Map<ResourceKey, Resource> before = policySet(random);
      Map<ResourceKey, Resource> after = changed(before, random);
      List<Assertion> assertions = new ArrayList<>();
      for (int i = 0; i < ASSERTIONS; i++) {
        assertions.add(Assertion.parse(ProofPropertyTest.assertion(random)));
      }
      Mentioned mentioned = new Mentioned(before.values(), after.values(), assertions);
      BruteForce now = new BruteForce(before.values(), mentioned);
      BruteForce then = new BruteForce(after.values(), mentioned);
      prove(before, assertions, now, where);
      compare(before, after, now, then, random, where);
      rules.check(before, now, where);
    }
    System.out.printf(
        "%d policy sets: %d assertions, of which %d fail; %d pairs of sets are equal, %d pairs of"
            + " addresses turn and %d do not; rules: %s%n",
        SETS, SETS * ASSERTIONS, failed, equal, comparisons.turned, comparisons.same, rules.seen);
    assertThat(failed).as("of both kinds there are many").isBetween(SETS / 4, 2 * SETS);
    assertThat(equal).as("equal sets").isBetween(SETS / 5, SETS * 4 / 5);
    assertThat(new EnumMap<>(rules.seen))
        .allSatisfy((worth, count) -> assertThat(count).as(worth.name()).isGreaterThan(SETS / 4));
    assertThat(rules.seen).containsOnlyKeys(Worth.values());
  }

  private void prove(
      Map<ResourceKey, Resource> resources,
      List<Assertion> assertions,
      BruteForce force,
      String where) {
    Prover prover = new Prover(resources, Failsafes.NONE);
    for (Assertion assertion : assertions) {
      Proof proof = prover.prove(assertion);
      Packet packet = force.counterexample(assertion);
      assertThat(proof.counterexample() != null)
          .as(where + " " + assertion.text() + " contradicted by " + packet)
          .isEqualTo(packet != null);
      if (proof.counterexample() != null) {
        failed++;
        force.check(assertion, proof.counterexample(), where + " " + assertion.text());
      }
    }
  }

  private void compare(
      Map<ResourceKey, Resource> before,
      Map<ResourceKey, Resource> after,
      BruteForce now,
      BruteForce then,
      Random random,
      String where) {
    Comparison comparison =
        new Comparison(
            TwoStates.of(before, after, Scope.allNodes(), Failsafes.NONE),
            false,
            List.of(),
            List.of());
    long turnedBefore = comparisons.turned;
    comparisons.compare(where, after, now, then, comparison, now.spots, random);
    boolean same = comparisons.turned == turnedBefore;
    assertThat(comparison.differences().all().isEmpty()).as(where + " equal").isEqualTo(same);
    equal += same ? 1 : 0;
  }

  private static Map<ResourceKey, Resource> policySet(Random random) {
    RandomCluster generator = new RandomCluster(random);
    Map<ResourceKey, Resource> set = new TreeMap<>();
    RandomCluster.NAMESPACES.forEach(name -> put(set, generator.namespace(name)));
    put(set, generator.node(RandomCluster.NODES.getFirst()));
    for (int i = random.nextInt(3) == 0 ? 3 : 2; i > 0; i--) {
      put(set, generator.pod());
    }
    for (int i = 1 + random.nextInt(2); i > 0; i--) {
      put(set, thickened(generator.policy(), random));
    }
    put(set, thicket(random));
    Resource other = generator.resource();
    if (!(other instanceof HostEndpoint)) {
      put(set, other);
    }
    return set;
  }

  /** Half of them the same in other words, or nearly so; the others differ in a thicket. */
  private static Map<ResourceKey, Resource> changed(
      Map<ResourceKey, Resource> before, Random random) {
    return switch (random.nextInt(4)) {
      case 0 -> reordered(before);
      case 1 -> ComparisonPropertyTest.changed(before, random);
      default -> {
        Map<ResourceKey, Resource> after = new TreeMap<>(before);
        put(after, thicket(random));
        yield after;
      }
    };
  }

  /** A policy for all, whose rules are in each other's way. */
  private static GlobalNetworkPolicy thicket(Random random) {
    return new GlobalNetworkPolicy(
        ObjectMeta.of("", "thicket", Map.of()),
        new CalicoPolicySpec(
            Tier.DEFAULT,
            (double) random.nextInt(3),
            Selector.all(),
            null,
            null,
            List.of(PolicyType.INGRESS, PolicyType.EGRESS),
            branches(random),
            branches(random),
            false,
            false,
            false,
            null,
            null));
  }

  private static List<Rule> branches(Random random) {
    List<Rule> rules = new ArrayList<>();
    for (int i = 2 + random.nextInt(3); i > 0; i--) {
      Protocol protocol = pick(random, null, Protocol.TCP, Protocol.TCP, Protocol.UDP);
      List<PortMatch> ports =
          protocol == null || random.nextBoolean()
              ? List.of()
              : List.of(new PortMatch.Numeric(new PortRange(79 + random.nextInt(2), 81)));
      List<Cidr> nets =
          pick(
              random,
              List.of(),
              List.of(Cidr.parse("10.0.0.0/8")),
              List.of(Cidr.parse("10.0.0.0/30")));
      rules.add(
          new Rule(
              pick(random, RuleAction.ALLOW, RuleAction.ALLOW, RuleAction.DENY, RuleAction.PASS),
              null,
              protocol,
              null,
              null,
              null,
              side(nets, List.of()),
              side(List.of(), ports),
              null,
              Map.of(),
              null));
    }
    return rules;
  }

  private static EntityRule side(List<Cidr> nets, List<PortMatch> ports) {
    return new EntityRule(nets, List.of(), null, null, null, ports, List.of(), null, null);
  }

  @SafeVarargs
  private static <T> T pick(Random random, T... choices) {
    return choices[random.nextInt(choices.length)];
  }

  private static void put(Map<ResourceKey, Resource> set, Resource resource) {
    set.put(resource.key(), resource);
  }

  /** Rules of chance are seldom in each other's way; these are. */
  private static Resource thickened(Resource policy, Random random) {
    return switch (policy) {
      case NetworkPolicy one -> new NetworkPolicy(one.metadata(), thickened(one.spec(), random));
      case GlobalNetworkPolicy one ->
          new GlobalNetworkPolicy(one.metadata(), thickened(one.spec(), random));
      default -> policy;
    };
  }

  private static CalicoPolicySpec thickened(CalicoPolicySpec spec, Random random) {
    return withRules(spec, thickened(spec.ingress(), random), thickened(spec.egress(), random));
  }

  private static CalicoPolicySpec withRules(
      CalicoPolicySpec spec, List<Rule> ingress, List<Rule> egress) {
    return new CalicoPolicySpec(
        spec.tier(),
        spec.order(),
        spec.selector(),
        spec.serviceAccountSelector(),
        spec.namespaceSelector(),
        spec.types(),
        ingress,
        egress,
        spec.doNotTrack(),
        spec.preDNAT(),
        spec.applyOnForward(),
        spec.stagedAction(),
        spec.unparseable());
  }

  /** With a rule of them again further down, perhaps to deny what it allows. */
  private static List<Rule> thickened(List<Rule> rules, Random random) {
    if (rules.isEmpty() || random.nextInt(3) == 0) {
      return rules;
    }
    List<Rule> more = new ArrayList<>(rules);
    int from = random.nextInt(rules.size());
    more.add(from + 1 + random.nextInt(rules.size() - from), again(rules.get(from), random));
    return more;
  }

  private static Rule again(Rule rule, Random random) {
    RuleAction action = random.nextBoolean() ? rule.action() : RuleAction.DENY;
    return new Rule(
        action,
        rule.ipVersion(),
        rule.protocol(),
        rule.notProtocol(),
        rule.icmp(),
        rule.notICMP(),
        rule.source(),
        rule.destination(),
        null,
        Map.of(),
        rule.unparseable());
  }

  /** The same meaning in other words: two neighbouring rules with one action change places. */
  private static Map<ResourceKey, Resource> reordered(Map<ResourceKey, Resource> set) {
    Map<ResourceKey, Resource> other = new TreeMap<>(set);
    other.replaceAll((key, resource) ->
        switch (resource) {
          case NetworkPolicy one -> new NetworkPolicy(one.metadata(), reordered(one.spec()));
          case GlobalNetworkPolicy one ->
              new GlobalNetworkPolicy(one.metadata(), reordered(one.spec()));
          default -> resource;
        });
    return other;
  }

  private static CalicoPolicySpec reordered(CalicoPolicySpec spec) {
    return withRules(spec, reordered(spec.ingress()), reordered(spec.egress()));
  }

  private static List<Rule> reordered(List<Rule> rules) {
    List<Rule> other = new ArrayList<>(rules);
    for (int i = 1; i < other.size(); i++) {
      if (other.get(i).action() == other.get(i - 1).action()) {
        other.add(i, other.remove(i - 1));
      }
    }
    return other;
  }
}
