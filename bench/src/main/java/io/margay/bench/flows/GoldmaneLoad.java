package io.margay.bench.flows;

import io.margay.flows.FlowCounters;
import io.margay.flows.FlowKey;
import io.margay.flows.FlowPeer;
import io.margay.flows.FlowService;
import io.margay.flows.FlowUpdate;
import io.margay.flows.PolicyHit;
import io.margay.flows.PolicyTrace;
import io.margay.flows.Reporter;
import io.margay.model.net.Protocol;
import io.margay.model.resource.RuleAction;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Flows as Goldmane's own benchmarks make them, and clusters of any size in the same manner. */
final class GoldmaneLoad {
  private final Random random = new Random(1);
  private long sequence;

  /**
   * A random flow of Goldmane's Receive benchmark: 4 sources, 4 destinations, 3 namespaces for
   * each, 3 services, 2 actions, 2 reporters, 2 hits out of 3 tiers with 2 policies.
   */
  FlowKey receiveKey() {
    return key(
        "source-" + random.nextInt(4),
        "dest-" + random.nextInt(4),
        random.nextInt(3),
        random.nextInt(3));
  }

  /** A flow of a cluster with as many sources as are numbered. */
  FlowKey key(int number, int namespaces) {
    return key(
        "source-" + number, "dest-" + number / 10, number % namespaces, number * 7 % namespaces);
  }

  private FlowKey key(String source, String dest, int sourceNamespace, int destNamespace) {
    int service = random.nextInt(3);
    boolean denied = random.nextInt(10) == 0;
    List<PolicyHit> hits =
        List.of(
            hit(0, random.nextInt(3), RuleAction.PASS),
            hit(1, random.nextInt(3), denied ? RuleAction.DENY : RuleAction.ALLOW));
    RuleAction action = denied ? RuleAction.DENY : RuleAction.ALLOW;
    return new FlowKey(
        peer(source, "source-ns-" + sourceNamespace),
        peer(dest, "dest-ns-" + destNamespace),
        8080,
        new FlowService("service-" + service, "dest-ns-" + destNamespace, "http", 80),
        Protocol.TCP,
        random.nextBoolean() ? Reporter.SOURCE : Reporter.DESTINATION,
        new PolicyTrace(action, action, hits, hits, List.of()));
  }

  private static FlowPeer peer(String name, String namespace) {
    return new FlowPeer(name, namespace, FlowPeer.Type.WORKLOAD_ENDPOINT);
  }

  private PolicyHit hit(int index, int tier, RuleAction action) {
    return new PolicyHit(
        "CalicoNetworkPolicy",
        "tier-" + tier,
        "policies",
        "policy-" + random.nextInt(2),
        action,
        index,
        random.nextInt(2),
        null);
  }

  List<FlowKey> keys(int count, int namespaces) {
    List<FlowKey> keys = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      keys.add(key(i, namespaces));
    }
    return keys;
  }

  /** Labels of a pod: of a thousand sets, ten to each. */
  static List<String> labels(int number) {
    List<String> labels = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      // Half of them differ from set to set.
      labels.add("label-" + i + "=" + (i < 5 ? "common" : "value-" + number % 1000));
    }
    return labels;
  }

  FlowUpdate update(FlowKey key, Instant bucket, List<String> source, List<String> dest) {
    return new FlowUpdate(
        new FlowUpdate.Origin("node", ++sequence), bucket, key, source, dest, counters());
  }

  private FlowCounters counters() {
    int packets = 1 + (int) (sequence % 50);
    return new FlowCounters(packets, packets, packets * 700L, packets * 400L, 1, 1, 0);
  }
}
