package io.margay.flows.archive;

import io.margay.flows.FlowCounters;
import io.margay.flows.FlowKey;
import io.margay.flows.FlowPeer;
import io.margay.flows.FlowService;
import io.margay.flows.FlowUpdate;
import io.margay.flows.PolicyHit;
import io.margay.flows.PolicyTrace;
import io.margay.flows.Reporter;
import io.margay.flows.query.FlowFilter;
import io.margay.flows.query.PolicyMatch;
import io.margay.flows.query.StringMatch;
import io.margay.model.net.Protocol;
import io.margay.model.resource.RuleAction;
import io.margay.model.verdict.PolicyKind;
import io.margay.model.verdict.PolicyRef;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Flows of a small made-up cluster, and filters for them, the same for the same seed. */
final class RandomFlows {
  private static final List<String> NAMESPACES = List.of("shop", "data", "lab");
  private final Random random;
  private long sequence;

  RandomFlows(long seed) {
    random = new Random(seed);
  }

  FlowKey key() {
    FlowPeer source = peer();
    FlowPeer dest = peer();
    boolean tcp = random.nextInt(4) > 0;
    return new FlowKey(
        source,
        dest,
        tcp ? 8080 + random.nextInt(2) : 0,
        random.nextInt(3) == 0 ? new FlowService("service", "shop", "http", 80) : null,
        tcp ? Protocol.TCP : Protocol.ICMP,
        random.nextBoolean() ? Reporter.SOURCE : Reporter.DESTINATION,
        trace(),
        random.nextInt(10) == 0 ? 46 : FlowKey.UNKNOWN_DSCP,
        random.nextInt(10) == 0 ? "/bin/curl" : "");
  }

  private FlowPeer peer() {
    return switch (random.nextInt(8)) {
      case 0 -> new FlowPeer("pub", FlowPeer.NO_NAMESPACE, FlowPeer.Type.NETWORK);
      case 1 -> new FlowPeer("node-1", FlowPeer.NO_NAMESPACE, FlowPeer.Type.HOST_ENDPOINT);
      default ->
          new FlowPeer(
              "web-" + random.nextInt(4),
              NAMESPACES.get(random.nextInt(3)),
              FlowPeer.Type.WORKLOAD_ENDPOINT);
    };
  }

  private PolicyTrace trace() {
    int policy = random.nextInt(4);
    List<PolicyHit> hits = new ArrayList<>();
    if (policy == 3) {
      hits.add(
          new PolicyHit(
              "CalicoNetworkPolicy", "security", "shop", "p0", RuleAction.PASS, 0, 1, null));
    }
    boolean denied = random.nextInt(3) == 0;
    hits.add(
        denied
            ? new PolicyHit(
                "EndOfTier",
                "application",
                "",
                "",
                RuleAction.DENY,
                hits.size(),
                -1,
                new PolicyRef(
                    PolicyKind.CALICO_NETWORK_POLICY, "application", "shop", "p" + policy))
            : new PolicyHit(
                "CalicoNetworkPolicy",
                "application",
                "shop",
                "p" + policy,
                RuleAction.ALLOW,
                hits.size(),
                random.nextInt(2),
                null));
    RuleAction action = denied ? RuleAction.DENY : RuleAction.ALLOW;
    boolean differs = random.nextInt(4) == 0;
    RuleAction other = denied ? RuleAction.ALLOW : RuleAction.DENY;
    List<PolicyHit> pending =
        differs
            ? List.of(
                new PolicyHit(
                    "StagedGlobalNetworkPolicy", "security", "", "lock", other, 0, 0, null))
            : hits;
    return new PolicyTrace(action, differs ? other : action, hits, pending, List.of());
  }

  List<FlowKey> keys(int count) {
    List<FlowKey> keys = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      keys.add(key());
    }
    return keys;
  }

  FlowUpdate update(FlowKey key, Instant at) {
    return new FlowUpdate(
        new FlowUpdate.Origin("node-1", ++sequence),
        at,
        key,
        labels("app=web"),
        labels("app=db"),
        new FlowCounters(
            random.nextInt(100),
            random.nextInt(100),
            random.nextInt(10_000),
            random.nextInt(10_000),
            random.nextInt(5),
            random.nextInt(5),
            random.nextInt(4) - 1));
  }

  private List<String> labels(String common) {
    return random.nextInt(10) == 0
        ? List.of(common, "version=" + random.nextInt(3))
        : List.of(common, "version=1");
  }

  FlowFilter filter() {
    List<StringMatch> none = List.of();
    boolean onlyTraces = random.nextInt(3) == 0;
    return new FlowFilter(
        onlyTraces ? none : maybe("web-", StringMatch.Type.FUZZY, 4),
        onlyTraces ? none : maybe("shop", StringMatch.Type.EXACT, 4),
        onlyTraces ? none : maybe("web-1", StringMatch.Type.EXACT, 3),
        onlyTraces ? none : maybe("data", StringMatch.Type.EXACT, 4),
        onlyTraces ? none : maybe("lab", StringMatch.Type.EXACT, 4),
        onlyTraces ? none : maybe("tcp", StringMatch.Type.EXACT, 4),
        !onlyTraces && random.nextInt(4) == 0 ? List.of(8080) : List.of(),
        random.nextInt(3) == 0 ? List.of(RuleAction.DENY) : List.of(),
        random.nextInt(4) == 0 ? List.of(RuleAction.DENY) : List.of(),
        random.nextInt(4) == 0 ? List.of(new PolicyMatch(null, null, null, "p1", null)) : List.of(),
        random.nextInt(4) == 0 ? Reporter.SOURCE : null,
        random.nextInt(4) == 0);
  }

  private List<StringMatch> maybe(String text, StringMatch.Type type, int oneIn) {
    return random.nextInt(oneIn) == 0 ? List.of(new StringMatch(text, type)) : List.of();
  }

  int below(int bound) {
    return random.nextInt(bound);
  }
}
