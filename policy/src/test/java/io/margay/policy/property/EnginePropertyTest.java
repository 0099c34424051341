package io.margay.policy.property;

import static org.assertj.core.api.Assertions.assertThat;

import io.margay.model.net.IpAddress;
import io.margay.model.net.Packet;
import io.margay.model.resource.HostEndpoint;
import io.margay.model.resource.Pod;
import io.margay.model.resource.Resource;
import io.margay.model.resource.ResourceChange;
import io.margay.model.resource.ResourceKey;
import io.margay.model.verdict.Direction;
import io.margay.model.verdict.Outcome;
import io.margay.model.verdict.Stage;
import io.margay.policy.engine.PolicyEngine;
import io.margay.policy.engine.Scope;
import io.margay.policy.table.DecisionTables;
import io.margay.policy.table.EndpointId;
import io.margay.policy.table.JudgedEndpoint;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * Two properties over random clusters and random sequences of changes: the incremental engine gives
 * the same tables as one that is built from scratch, and the tables say what a plain walk over all
 * rules says. Every failure names its seed.
 */
class EnginePropertyTest {
  private static final int FIRST = Integer.getInteger("margay.property.first", 0);
  private static final int SEEDS = Integer.getInteger("margay.property.seeds", 250);
  private static final int STEPS = 6;
  private static final int PACKETS = 25;

  @Test
  void incrementalEngineEqualsOneBuiltFromScratch() {
    for (int seed = FIRST; seed < FIRST + SEEDS; seed++) {
      Scope scope = seed % 3 == 0 ? Scope.node("n1") : Scope.allNodes();
      Run run = new Run(seed, scope);
      for (int step = 0; step < STEPS; step++) {
        run.change();
        assertSame(run.tables, fresh(scope, run), "seed " + seed + " step " + step);
      }
    }
  }

  @Test
  void tablesEqualPlainWalkOverAllRules() {
    for (int seed = FIRST; seed < FIRST + SEEDS; seed++) {
      Run run = new Run(seed, Scope.allNodes());
      for (int step = 0; step < STEPS; step++) {
        run.change();
        run.comparePackets("seed " + seed + " step " + step);
      }
    }
  }

  private static DecisionTables fresh(Scope scope, Run run) {
    List<Resource> shuffled = new ArrayList<>(run.resources.values());
    Collections.shuffle(shuffled, run.random);
    PolicyEngine engine = new PolicyEngine(scope);
    DecisionTables tables = new DecisionTables();
    shuffled.forEach(resource -> engine.apply(new ResourceChange.Upsert(resource)));
    tables.apply(engine.flush());
    return tables;
  }

  private static void assertSame(DecisionTables actual, DecisionTables expected, String where) {
    assertThat(actual.classes()).as("classes, " + where).isEqualTo(expected.classes());
    assertThat(actual.outcomes()).as("outcomes, " + where).isEqualTo(expected.outcomes());
    assertThat(actual.portTables()).as("port tables, " + where).isEqualTo(expected.portTables());
    assertThat(actual.groups()).as("groups, " + where).isEqualTo(expected.groups());
    assertThat(actual.endpoints()).as("endpoints, " + where).isEqualTo(expected.endpoints());
  }

  /** One cluster through its changes. */
  private static final class Run {
    final Random random;
    final RandomCluster generator;
    final Map<ResourceKey, Resource> resources = new TreeMap<>();
    final PolicyEngine engine;
    final DecisionTables tables = new DecisionTables();

    Run(int seed, Scope scope) {
      random = new Random(seed);
      generator = new RandomCluster(random);
      engine = new PolicyEngine(scope);
      RandomCluster.NAMESPACES.forEach(name -> put(generator.namespace(name)));
      RandomCluster.NODES.forEach(name -> put(generator.node(name)));
      for (int i = 0; i < 25; i++) {
        put(generator.resource());
      }
    }

    /** Changes some resources; the engine sees them in one or several flushes. */
    void change() {
      for (int i = random.nextInt(8); i >= 0; i--) {
        if (random.nextInt(3) == 0 && !resources.isEmpty()) {
          List<ResourceKey> keys = List.copyOf(resources.keySet());
          ResourceKey key = keys.get(random.nextInt(keys.size()));
          resources.remove(key);
          engine.apply(new ResourceChange.Removed(key));
        } else {
          put(generator.resource());
        }
        if (random.nextInt(4) == 0) {
          tables.apply(engine.flush());
        }
      }
      tables.apply(engine.flush());
    }

    private void put(Resource resource) {
      resources.put(resource.key(), resource);
      engine.apply(new ResourceChange.Upsert(resource));
    }

    void comparePackets(String where) {
      NaiveEvaluator naive = new NaiveEvaluator(resources.values());
      List<Resource> endpoints = naive.endpoints();
      assertThat(tables.endpoints()).as(where).hasSameSizeAs(endpoints);
      for (Resource endpoint : endpoints) {
        JudgedEndpoint judged = tables.endpoints().get(id(endpoint));
        assertThat(judged).as(where + " " + endpoint.key()).isNotNull();
        for (int i = 0; i < PACKETS; i++) {
          compare(naive, endpoint, judged, where);
        }
      }
    }

    private void compare(
        NaiveEvaluator naive, Resource endpoint, JudgedEndpoint judged, String where) {
      Packet packet = generator.packet(naive.addresses());
      Direction direction = random.nextBoolean() ? Direction.INGRESS : Direction.EGRESS;
      if (endpoint instanceof Pod) {
        packet = atOwnAddress(packet, judged.addresses(), direction);
      }
      for (Stage stage : Stage.values()) {
        Outcome expected = naive.decide(endpoint, direction, stage, packet);
        Outcome actual = tables.decide(judged, direction, stage, packet);
        if (expected == null ? actual != null : !expected.equals(actual)) {
          assertThat(actual)
              .as(
                  where
                      + " "
                      + endpoint.key()
                      + " "
                      + direction
                      + " "
                      + stage
                      + " "
                      + packet
                      + " among "
                      + resources.values())
              .isEqualTo(expected);
        }
      }
    }

    /** A pod sends from and receives at its own addresses only. */
    private static Packet atOwnAddress(Packet packet, List<IpAddress> own, Direction direction) {
      IpAddress far = direction == Direction.INGRESS ? packet.source() : packet.destination();
      IpAddress near =
          own.stream().filter(address -> address.family() == far.family()).findFirst().orElse(null);
      if (near == null) {
        near = own.getFirst();
        return new Packet(
            near, near, packet.protocol(), packet.sourcePort(), packet.destinationPort());
      }
      return new Packet(
          direction == Direction.INGRESS ? far : near,
          direction == Direction.INGRESS ? near : far,
          packet.protocol(),
          packet.sourcePort(),
          packet.destinationPort());
    }
  }

  static EndpointId id(Resource endpoint) {
    return endpoint instanceof HostEndpoint
        ? EndpointId.host(endpoint.metadata().name())
        : EndpointId.pod(endpoint.metadata().namespace(), endpoint.metadata().name());
  }
}
