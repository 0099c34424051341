package io.margay.policy.property;

import static org.assertj.core.api.Assertions.assertThat;

import io.margay.model.assertion.Traffic;
import io.margay.model.net.Packet;
import io.margay.model.net.PortRange;
import io.margay.model.net.Protocol;
import io.margay.model.resource.Kind;
import io.margay.model.resource.ObjectMeta;
import io.margay.model.resource.Pod;
import io.margay.model.resource.Resource;
import io.margay.model.resource.ResourceKey;
import io.margay.policy.engine.Failsafes;
import io.margay.policy.engine.Scope;
import io.margay.policy.proof.Comparison;
import io.margay.policy.proof.Difference;
import io.margay.policy.proof.Place;
import io.margay.policy.proof.TwoStates;
import io.margay.policy.proof.Verdicts;
import io.margay.policy.property.BruteForce.Spot;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * Comparisons of two states against brute force: the pairs of addresses, and of a pair the packets,
 * whose verdicts turn, judged by the plain walk over all rules.
 */
class ComparisonPropertyTest {
  private static final int FIRST = Integer.getInteger("margay.property.first", 0);
  private static final int CLUSTERS = Integer.getInteger("margay.property.comparisons", 40);

  /** Of each cluster some addresses are tried, in all pairs. */
  private static final int SPOTS = 16;

  long turned;
  long same;

  @Test
  void comparisonAgreesWithBruteForce() {
    for (int seed = FIRST; seed < FIRST + CLUSTERS; seed++) {
      Random random = new Random(seed);
      Map<ResourceKey, Resource> before = ProofPropertyTest.cluster(random);
      Map<ResourceKey, Resource> after = changed(before, random);
      Comparison comparison =
          new Comparison(
              TwoStates.of(before, after, Scope.allNodes(), Failsafes.NONE),
              false,
              List.of(),
              List.of());
      BruteForce one = new BruteForce(before.values());
      List<Spot> some = new ArrayList<>(one.spots);
      Collections.shuffle(some, random);
      compare(
          "seed " + seed,
          after,
          one,
          new BruteForce(after.values()),
          comparison,
          some.subList(0, Math.min(SPOTS, some.size())),
          random);
    }
    System.out.printf(
        "%d changes of random clusters are judged as brute force does, at %d pairs of addresses%n",
        CLUSTERS, turned + same);
    assertThat(turned).as("pairs that turn").isGreaterThan(CLUSTERS);
    assertThat(turned + same).as("pairs").isGreaterThan(30 * CLUSTERS);
  }

  /** Policies, tiers, sets, profiles and labels change; nobody comes or goes. */
  static Map<ResourceKey, Resource> changed(Map<ResourceKey, Resource> before, Random random) {
    RandomCluster generator = new RandomCluster(random);
    Map<ResourceKey, Resource> after = new TreeMap<>(before);
    for (int i = 1 + random.nextInt(3); i > 0; i--) {
      Resource resource = generator.resource();
      switch (resource) {
        case Pod pod -> {
          if (before.get(pod.key()) instanceof Pod now) {
            ObjectMeta meta =
                ObjectMeta.of(
                    now.metadata().namespace(), now.metadata().name(), pod.metadata().labels());
            after.put(pod.key(), new Pod(meta, now.spec(), now.status()));
          }
        }
        default -> {
          if (resource.kind() != Kind.HOST_ENDPOINT && resource.kind() != Kind.NODE) {
            after.put(resource.key(), resource);
          }
        }
      }
    }
    List<ResourceKey> removable =
        after.keySet().stream()
            .filter(key ->
                key.kind() != Kind.POD
                    && key.kind() != Kind.HOST_ENDPOINT
                    && key.kind() != Kind.NODE
                    && key.kind() != Kind.NAMESPACE)
            .toList();
    if (!removable.isEmpty() && random.nextBoolean()) {
      after.remove(removable.get(random.nextInt(removable.size())));
    }
    return after;
  }

  /** Compares all pairs of some addresses, and counts those that turn. */
  void compare(
      String seed,
      Map<ResourceKey, Resource> after,
      BruteForce one,
      BruteForce other,
      Comparison comparison,
      List<Spot> some,
      Random random) {
    List<Difference> differences = comparison.differences().all();
    Map<Spot, Spot> later = new HashMap<>();
    one.spots.forEach(spot ->
        later.put(
            spot,
            new Spot(
                spot.endpoint() == null ? null : after.get(spot.endpoint().key()),
                spot.address())));
    for (Spot from : some) {
      for (Spot to : some) {
        if (!judged(from, to)) {
          continue;
        }
        Place source = place(from, comparison);
        Place destination = place(to, comparison);
        List<Difference> about =
            differences.stream()
                .filter(d -> d.from().contains(source) && d.to().contains(destination))
                .toList();
        List<Packet> packets = one.packets(from.address(), to.address());
        BitSet now = one.allowed(from, to, packets);
        BitSet then = other.allowed(later.get(from), later.get(to), packets);
        String where = seed + ", " + source + " -> " + destination;
        checkDifferences(about, packets, now, then, where);
        checkVerdicts(comparison, source, destination, packets, now, then, random, where);
      }
    }
  }

  private void checkDifferences(
      List<Difference> about, List<Packet> packets, BitSet now, BitSet then, String where) {
    for (int i = 0; i < packets.size() && !about.isEmpty(); i++) {
      Verdicts verdicts = new Verdicts(now.get(i), then.get(i));
      Packet packet = packets.get(i);
      // Which protocols are the others depends on what is asked on this way.
      if (about.stream().allMatch(d -> SpokenTraffic.isClear(d.traffic(), packet))) {
        assertThat(
                about.stream()
                    .filter(d -> SpokenTraffic.covers(d.traffic(), packet))
                    .map(Difference::verdicts)
                    .toList())
            .as(() -> where + " " + packet + " of " + about)
            .isEqualTo(verdicts.differ() ? List.of(verdicts) : List.of());
      }
    }
    assertThat(about.isEmpty()).as(where).isEqualTo(now.equals(then));
    if (about.isEmpty()) {
      same++;
    } else {
      turned++;
    }
  }

  private static void checkVerdicts(
      Comparison comparison,
      Place from,
      Place to,
      List<Packet> packets,
      BitSet now,
      BitSet then,
      Random random,
      String where) {
    Packet asked = packets.get(random.nextInt(packets.size()));
    Protocol protocol = asked.protocol();
    if (!protocol.hasPorts()) {
      return;
    }
    Set<Verdicts> found = new HashSet<>();
    for (int i = 0; i < packets.size(); i++) {
      if (packets.get(i).protocol().equals(protocol)
          && packets.get(i).destinationPort() == asked.destinationPort()) {
        found.add(new Verdicts(now.get(i), then.get(i)));
      }
    }
    Traffic traffic =
        new Traffic(List.of(new Traffic.Part(protocol, PortRange.of(asked.destinationPort()))));
    assertThat(comparison.verdicts(List.of(from), List.of(to), traffic).keySet())
        .as(where + " " + traffic)
        .isEqualTo(found);
  }

  private static boolean judged(Spot from, Spot to) {
    return (from.endpoint() != null || to.endpoint() != null)
        && !(from.endpoint() != null && from.endpoint().equals(to.endpoint()))
        && from.address().family() == to.address().family();
  }

  private static Place place(Spot spot, Comparison comparison) {
    List<Place> all = new ArrayList<>();
    for (Place place : comparison.places()) {
      boolean here =
          spot.endpoint() == null
              ? place.endpoint() == null && place.prefix().contains(spot.address())
              : EnginePropertyTest.id(spot.endpoint()).equals(place.endpoint())
                  && place.address().equals(spot.address());
      if (here) {
        all.add(place);
      }
    }
    return all.stream()
        .max(Comparator.comparing(place -> place.prefix().prefixLength()))
        .orElseThrow();
  }
}
