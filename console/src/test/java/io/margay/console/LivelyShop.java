package io.margay.console;

import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.margay.console.assertion.AssertionFigures;
import io.margay.console.cluster.ClusterView;
import io.margay.console.http.RequestObserver;
import io.margay.console.policies.StorePolicies;
import io.margay.console.signin.SignInMethods;
import io.margay.console.status.MetricOptions;
import io.margay.console.status.NodeReport;
import io.margay.console.telemetry.LatencyHistogram;
import io.margay.console.why.ClusterExplainer;
import io.margay.console.why.WhyAnswer;
import io.margay.console.why.WhyQuestion;
import io.margay.flows.query.FlowReader;
import io.margay.flows.query.MemoryFlowReader;
import io.margay.flows.stream.ClosedStreams;
import io.margay.flows.stream.FlowService;
import io.margay.flows.stream.LiveStreams;
import io.margay.model.flow.FlowEvent;
import io.margay.model.manifest.KubeObject;
import io.margay.model.net.IpAddress;
import io.margay.model.net.Packet;
import io.margay.model.net.Protocol;
import io.margay.model.resource.Kind;
import io.margay.model.resource.ResourceChange;
import io.margay.model.resource.RuleAction;
import io.margay.model.verdict.Direction;
import io.margay.model.verdict.Hit;
import io.margay.model.verdict.Outcome;
import io.margay.model.verdict.PolicyKind;
import io.margay.model.verdict.PolicyRef;
import io.margay.model.verdict.Verdict;
import io.margay.store.ResourceStore;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.random.RandomGenerator;

/** A small shop in which something goes on all the time, for people and browsers to look at. */
final class LivelyShop {
  private static final YAMLMapper YAML = new YAMLMapper();

  private static final PolicyRef BASE =
      new PolicyRef(PolicyKind.GLOBAL_NETWORK_POLICY, "platform", "", "platform.base");
  private static final PolicyRef CART =
      new PolicyRef(PolicyKind.NETWORK_POLICY, "default", "shop", "cart");
  private static final PolicyRef LOCKDOWN =
      new PolicyRef(PolicyKind.STAGED_NETWORK_POLICY, "default", "shop", "lockdown");
  private static final PolicyRef LEDGER =
      new PolicyRef(PolicyKind.CALICO_NETWORK_POLICY, "default", "payments", "ledger");

  private static final Hit PASSED = Hit.rule(BASE, 0, RuleAction.PASS);

  private static final Outcome ENTERS_CART = allowed(PASSED, Hit.rule(CART, 0, RuleAction.ALLOW));
  private static final Outcome WOULD_NOT_ENTER_CART =
      new Outcome(
          Verdict.ALLOW,
          List.of(PASSED, Hit.rule(CART, 1, RuleAction.ALLOW)),
          Verdict.DENY,
          List.of(PASSED, Hit.rule(LOCKDOWN, 1, RuleAction.DENY)),
          List.of());
  private static final Outcome STAYS_OUT_OF_CART =
      denied(PASSED, Hit.endOfTier("default", RuleAction.DENY, CART));
  private static final Outcome ENTERS_LEDGER =
      allowed(PASSED, Hit.rule(LEDGER, 1, RuleAction.ALLOW));
  private static final Outcome STAYS_OUT_OF_LEDGER =
      denied(PASSED, Hit.rule(LEDGER, 0, RuleAction.DENY));

  private static final Map<String, String> ADDRESSES =
      Map.of(
          "web", "10.65.0.10",
          "checkout", "10.65.0.11",
          "cart", "10.65.0.12",
          "ledger", "10.65.0.13",
          "dns", "10.65.0.2",
          "host", "10.0.0.1",
          "outside", "203.0.113.7");

  private final FlowService flows;
  private final ResourceStore store;
  private final Instant started = Instant.now();
  private final RandomGenerator random = RandomGenerator.of("L64X128MixRandom");

  LivelyShop(FlowService flows, ResourceStore store) throws IOException {
    this.flows = flows;
    this.store = store;
    try (InputStream in =
            Objects.requireNonNull(LivelyShop.class.getResourceAsStream("/lively-shop.yaml"));
        MappingIterator<ObjectNode> objects = YAML.readerFor(ObjectNode.class).readValues(in)) {
      while (objects.hasNext()) {
        create(objects.next());
      }
    }
    ClusterView.of(store)
        .resources()
        .values()
        .forEach(resource -> flows.apply(new ResourceChange.Upsert(resource)));
  }

  private void create(ObjectNode object) {
    Kind kind =
        Arrays.stream(Kind.values())
            .filter(each -> each.kind().equals(object.path("kind").asText()))
            .filter(each -> each.apiVersion().equals(object.path("apiVersion").asText()))
            .findFirst()
            .orElseThrow();
    KubeObject stored = new KubeObject(kind, object);
    if (store.get(stored.key()).isEmpty()) {
      store.create(stored);
    }
  }

  /** A console over what goes on here. */
  ConsoleServer console(SignInMethods signIn) {
    return console(signIn, new MemoryFlowReader(flows::history));
  }

  /**
   * A console over what goes on here.
   *
   * @param reader answers about these flows, and maybe others
   */
  ConsoleServer console(SignInMethods signIn, FlowReader reader) {
    return new ConsoleServer(
        ConsoleConfig.loopback(0),
        new ConsoleSources(
            flows,
            reader,
            LiveStreams.of(flows, Instant::now),
            ClosedStreams.of(flows, reader),
            store,
            new StorePolicies(store),
            () -> ClusterView.of(store),
            this::explain,
            this::status,
            LivelyShop::nodes,
            () -> AssertionFigures.NONE,
            MetricOptions.NONE),
        signIn,
        RequestObserver.NONE,
        Instant::now);
  }

  private ConsoleStatus status() {
    Map<String, Long> tables = Map.of("nodes", 4L, "pods", 5L);
    return new ConsoleStatus("node-1", "1.2.3", "simulated", started, tables, Map.of());
  }

  /** One of each state; a fourth node is in the cluster and has never reported. */
  private static List<NodeReport> nodes() {
    Instant now = Instant.now();
    return List.of(
        node("node-1", now, programming(120, 0, 0.8, 3.4, 1.1), 0),
        node("node-2", now, programming(98, 2, 1.9, 41, 12), 37),
        node("node-3", now.minusSeconds(260), programming(75, 0, 0.9, 4.2, 1), 0));
  }

  private static NodeReport.Programming programming(
      long changes, long failures, double median, double high, double last) {
    LatencyHistogram times =
        new LatencyHistogram(
            List.of(
                new LatencyHistogram.Bucket(0.0005, 0),
                new LatencyHistogram.Bucket(0.001, changes - 10),
                new LatencyHistogram.Bucket(0.0025, 8),
                new LatencyHistogram.Bucket(0.05, 2),
                new LatencyHistogram.Bucket(Double.POSITIVE_INFINITY, 0)),
            changes * median / 1_000);
    return new NodeReport.Programming(changes, failures, median, high, last, times);
  }

  private static NodeReport node(
      String name, Instant lastSeen, NodeReport.Programming programming, long overruns) {
    return new NodeReport(
        name,
        "1.2.3",
        "simulated",
        lastSeen,
        programming,
        Map.of("classes", 12L, "groups", 5L, "port_tables", 9L, "outcomes", 14L),
        Map.of("queue-full", 0L, "nflog-overrun", overruns));
  }

  /** Explains with the policies as they are now. */
  WhyAnswer explain(WhyQuestion question) {
    ClusterExplainer explainer = new ClusterExplainer();
    ClusterView.of(store)
        .resources()
        .values()
        .forEach(resource -> explainer.apply(new ResourceChange.Upsert(resource)));
    return explainer.explain(question);
  }

  /** A moment of its life: some calls, now and then one to a port that nobody has tried before. */
  void goOn(Instant at) {
    offer(at, "outside", "web", 8080, Direction.INGRESS, toProfile("shop"));
    offer(at, "web", "dns", 53, Direction.EGRESS, toProfile("shop"));
    offer(at, "host", "web", 8081, Direction.INGRESS, toProfile("shop"));
    offer(at, "web", "cart", 7070, Direction.EGRESS, toProfile("shop"));
    offer(at, "web", "cart", 7070, Direction.INGRESS, ENTERS_CART);
    offer(at, "checkout", "cart", 7071, Direction.INGRESS, WOULD_NOT_ENTER_CART);
    offer(at, "web", "cart", 9090, Direction.INGRESS, STAYS_OUT_OF_CART);
    if (random.nextInt(5) == 0) {
      offer(at, "checkout", "cart", anyPort(), Direction.INGRESS, STAYS_OUT_OF_CART);
    }
    offer(at, "checkout", "ledger", 5432, Direction.INGRESS, ENTERS_LEDGER);
    offer(at, "web", "ledger", 5432, Direction.INGRESS, STAYS_OUT_OF_LEDGER);
  }

  private int anyPort() {
    return random.nextInt(8000, 60_000);
  }

  /**
   * So many different denied calls, spread over the half hour before.
   *
   * @param count at most 1,500,000
   */
  void rememberPortScan(Instant now, int count) throws InterruptedException {
    int atOnce = 10_000;
    for (int done = 0; done < count; ) {
      long before = flows.statistics().events();
      int batch = Math.min(atOnce, count - done);
      for (int i = 0; i < batch; i++, done++) {
        Instant at = now.minus(Duration.ofSeconds(60 + 1_740L * done / count));
        offer(at, "checkout", "cart", 8000 + done % 50_000, Direction.INGRESS, STAYS_OUT_OF_CART);
      }
      // The queue is bounded: what does not fit would be dropped.
      for (int wait = 0; wait < 1_000 && flows.statistics().events() < before + batch; wait++) {
        Thread.sleep(10);
      }
    }
  }

  private void offer(
      Instant at, String from, String to, int port, Direction direction, Outcome outcome) {
    IpAddress source = IpAddress.parse(ADDRESSES.getOrDefault(from, ""));
    IpAddress destination = IpAddress.parse(ADDRESSES.getOrDefault(to, ""));
    Protocol protocol = port == 53 ? Protocol.UDP : Protocol.TCP;
    Packet packet = new Packet(source, destination, protocol, random.nextInt(32_768, 60_999), port);
    flows.offer(new FlowEvent.Judged(at, "node-1", packet, direction, outcome, 60, 1, null));
  }

  private static Outcome toProfile(String namespace) {
    PolicyRef profile = new PolicyRef(PolicyKind.PROFILE, Hit.PROFILE_TIER, "", "kns." + namespace);
    return allowed(PASSED, Hit.rule(profile, 0, RuleAction.ALLOW));
  }

  private static Outcome allowed(Hit... trace) {
    return new Outcome(Verdict.ALLOW, List.of(trace), Verdict.ALLOW, List.of(trace), List.of());
  }

  private static Outcome denied(Hit... trace) {
    return new Outcome(Verdict.DENY, List.of(trace), Verdict.DENY, List.of(trace), List.of());
  }
}
