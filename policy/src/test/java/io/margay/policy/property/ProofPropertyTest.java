package io.margay.policy.property;

import static org.assertj.core.api.Assertions.assertThat;

import io.margay.model.assertion.Assertion;
import io.margay.model.net.Packet;
import io.margay.model.resource.Resource;
import io.margay.model.resource.ResourceKey;
import io.margay.policy.engine.Failsafes;
import io.margay.policy.proof.Proof;
import io.margay.policy.proof.Prover;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * The prover against brute force: every pair of addresses that can mean something, every port at
 * which a random rule can begin or end, judged by the plain walk over all rules.
 */
class ProofPropertyTest {
  private static final int FIRST = Integer.getInteger("margay.property.first", 0);
  private static final int CLUSTERS = Integer.getInteger("margay.property.proofs", 100);
  private static final int ASSERTIONS = 20;
  static final List<String> PREFIXES = List.of("10.0.0.0/29", "192.0.2.1", "fd00::/16");
  private static final List<String> SIDES =
      List.of(
          "app == 'x'",
          "env == 'y'",
          "tier != 'xy'",
          "has(app) && env == 'x'",
          "all()",
          "namespace(env == 'x')",
          "namespace(all()) && app == 'y'",
          "outside",
          "any",
          PREFIXES.get(0),
          PREFIXES.get(1),
          PREFIXES.get(2));
  private static final List<String> TRAFFIC =
      List.of(
          "", " : tcp/80", " : tcp", " : udp/53, sctp/79-81", " : icmp", " : 253", " : tcp/1-79");

  @Test
  void proverAgreesWithBruteForce() {
    int failed = 0;
    for (int seed = FIRST; seed < FIRST + CLUSTERS; seed++) {
      Random random = new Random(seed);
      Map<ResourceKey, Resource> resources = cluster(random);
      Prover prover = new Prover(resources, Failsafes.NONE);
      BruteForce force = new BruteForce(resources.values());
      for (int i = 0; i < ASSERTIONS; i++) {
        Assertion assertion = Assertion.parse(assertion(random));
        Proof proof = prover.prove(assertion);
        Packet packet = force.counterexample(assertion);
        assertThat(proof.counterexample() != null)
            .as("seed " + seed + " " + assertion.text() + " contradicted by " + packet)
            .isEqualTo(packet != null);
        if (proof.counterexample() != null) {
          failed++;
          force.check(assertion, proof.counterexample(), "seed " + seed + " " + assertion.text());
        }
      }
    }
    System.out.printf(
        "%d assertions over %d random clusters are judged as brute force does%n",
        CLUSTERS * ASSERTIONS, CLUSTERS);
    assertThat(failed).as("of both kinds there are many").isBetween(3 * CLUSTERS, 17 * CLUSTERS);
  }

  static Map<ResourceKey, Resource> cluster(Random random) {
    RandomCluster generator = new RandomCluster(random);
    Map<ResourceKey, Resource> resources = new TreeMap<>();
    RandomCluster.NAMESPACES.forEach(name -> put(resources, generator.namespace(name)));
    RandomCluster.NODES.forEach(name -> put(resources, generator.node(name)));
    for (int i = 5 + random.nextInt(20); i > 0; i--) {
      put(resources, generator.resource());
    }
    return resources;
  }

  private static void put(Map<ResourceKey, Resource> resources, Resource resource) {
    resources.put(resource.key(), resource);
  }

  static String assertion(Random random) {
    String claim = List.of("never", "always", "only").get(random.nextInt(3));
    String from = SIDES.get(random.nextInt(SIDES.size()));
    if (random.nextInt(3) == 0) {
      from = "{" + from + ", " + SIDES.get(random.nextInt(SIDES.size())) + "}";
    }
    return claim
        + " "
        + from
        + " -> "
        + SIDES.get(random.nextInt(SIDES.size()))
        + TRAFFIC.get(random.nextInt(TRAFFIC.size()));
  }
}
