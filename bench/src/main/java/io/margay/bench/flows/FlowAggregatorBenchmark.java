package io.margay.bench.flows;

import io.margay.flows.DropCounters;
import io.margay.flows.FlowLimits;
import io.margay.flows.history.FlowAggregator;
import io.margay.model.flow.FlowEvent;
import io.margay.model.net.IpAddress;
import io.margay.model.net.Packet;
import io.margay.model.net.Protocol;
import io.margay.model.resource.ObjectMeta;
import io.margay.model.resource.Pod;
import io.margay.model.resource.ResourceChange;
import io.margay.model.resource.RuleAction;
import io.margay.model.verdict.Direction;
import io.margay.model.verdict.Hit;
import io.margay.model.verdict.Outcome;
import io.margay.model.verdict.PolicyKind;
import io.margay.model.verdict.PolicyRef;
import io.margay.model.verdict.Verdict;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Events into buckets, by how many pods talk to each other, and what a view of them costs. Run it
 * with {@code org.openjdk.jmh.Main FlowAggregator}; take the ratio, not the digits.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class FlowAggregatorBenchmark {
  private static final int EVENTS = 10_000;
  private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");

  /** Half of them servers, with a hundred pods to an owner: flows are pairs of owners. */
  @Param({"100", "10000"})
  private int pods;

  private FlowAggregator aggregator = new FlowAggregator(FlowLimits.DEFAULT, new DropCounters());
  private FlowEvent[] events = new FlowEvent[0];

  @Setup
  public void fill() {
    aggregator = new FlowAggregator(FlowLimits.DEFAULT, new DropCounters());
    for (int i = 0; i < pods; i++) {
      aggregator.apply(new ResourceChange.Upsert(pod(i)));
    }
    Random random = new Random(1);
    events = new FlowEvent[EVENTS];
    for (int i = 0; i < EVENTS; i++) {
      events[i] = event(random);
      aggregator.accept(events[i], NOW);
    }
  }

  private static IpAddress address(int pod) {
    return IpAddress.v4(0x0a000000 | pod + 1);
  }

  private static Pod pod(int number) {
    String owner = "owner-" + number / 100 + "-";
    return new Pod(
        new ObjectMeta(
            owner + number, "shop", owner, Map.of("app", owner), Map.of(), "", "", 0, null, null),
        new Pod.Spec("node", "default", false, List.of()),
        new Pod.Status("Running", List.of(new Pod.PodIp(address(number)))));
  }

  private FlowEvent event(Random random) {
    Packet packet =
        new Packet(
            address(random.nextInt(pods / 2)),
            address(pods / 2 + random.nextInt(pods / 2)),
            Protocol.TCP,
            1024 + random.nextInt(60_000),
            80);
    return new FlowEvent.Judged(
        NOW, "node", packet, Direction.INGRESS, outcome(random.nextInt(8)), 60, 1, null);
  }

  private static Outcome outcome(int policy) {
    PolicyRef ref =
        new PolicyRef(PolicyKind.CALICO_NETWORK_POLICY, "application", "shop", "p" + policy);
    List<Hit> trace =
        List.of(
            Hit.rule(ref, 0, RuleAction.PASS), Hit.endOfTier("application", RuleAction.DENY, ref));
    return new Outcome(Verdict.DENY, trace, Verdict.DENY, trace, List.of());
  }

  /** One event into its bucket: attribution, key, counters. */
  @Benchmark
  @OperationsPerInvocation(EVENTS)
  public FlowAggregator.Sizes accept() {
    for (FlowEvent event : events) {
      aggregator.accept(event, NOW);
    }
    return aggregator.sizes();
  }

  /** A view after a change to one flow among all. */
  @Benchmark
  public FlowAggregator.Published publish() {
    aggregator.accept(events[0], NOW);
    return aggregator.publish(NOW);
  }
}
