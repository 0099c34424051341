package io.margay.console;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.margay.console.http.RequestObserver;
import io.margay.console.page.StaticFiles;
import io.margay.console.signin.SignInMethods;
import io.margay.console.why.WhyAnswer;
import io.margay.console.why.WhyQuestion;
import io.margay.console.why.WhySource;
import io.margay.flows.FlowLimits;
import io.margay.flows.stream.FlowService;
import io.margay.model.net.IpAddress;
import io.margay.model.net.Packet;
import io.margay.model.resource.RuleAction;
import io.margay.model.verdict.Direction;
import io.margay.model.verdict.Hit;
import io.margay.model.verdict.Stage;
import io.margay.model.verdict.Verdict;
import io.margay.policy.decide.PathDecision;
import io.margay.policy.decide.PathDecision.Path;
import io.margay.policy.decide.PathStep;
import io.margay.policy.engine.GoverningTier;
import io.margay.policy.table.EndpointId;
import io.margay.policy.why.Explanation;
import io.margay.store.ResourceStore;
import io.margay.store.local.MemoryStore;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A console over a real socket, with a clock that the test turns. */
abstract class ConsoleTestCase {
  static final Instant T0 = Instant.parse("2026-11-21T10:00:00Z");
  static final int STREAMS = 12;
  private static final ObjectMapper MAPPER = new ObjectMapper();

  final AtomicReference<Instant> now = new AtomicReference<>(T0);
  final HttpClient client = HttpClient.newHttpClient();
  final ResourceStore store = new MemoryStore();
  FlowService flows;
  ConsoleServer console;

  FlowLimits limits() {
    return new FlowLimits(
        200_000,
        240,
        100_000,
        100_000,
        100_000,
        Duration.ofMinutes(1),
        publishEvery(),
        Duration.ofSeconds(2),
        4,
        STREAMS);
  }

  /** Nothing to wait for: what happened is visible as soon as it is taken in. */
  Duration publishEvery() {
    return Duration.ZERO;
  }

  @BeforeEach
  void startConsole() throws IOException {
    flows = new FlowService(limits(), now::get);
    flows.start();
    Seen.cluster(flows);
    console =
        new ConsoleServer(
            new ConsoleConfig("127.0.0.1", 0, List.of("console.example"), false),
            sources(),
            signIn(),
            observer(),
            now::get,
            StaticFiles.ofClasspath("/page-for-tests/"));
    console.start();
  }

  @AfterEach
  void stopConsole() {
    console.close();
    flows.close();
    store.close();
    client.close();
  }

  ConsoleSources sources() {
    return ConsoleSources.of(flows, store, why(), this::status, now::get);
  }

  /** Who is let in: everybody, unless a test is about that. */
  SignInMethods signIn() throws IOException {
    return SignInMethods.none();
  }

  RequestObserver observer() {
    return RequestObserver.NONE;
  }

  WhySource why() {
    return ConsoleTestCase::explain;
  }

  private static WhyAnswer explain(WhyQuestion question) {
    if (!question.from().equals("shop/web-1")) {
      throw new IllegalArgumentException("there is no pod " + question.from());
    }
    PathStep allowed = step(Verdict.ALLOW, Seen.ALLOWED.trace());
    PathStep pendingDenied = step(Verdict.DENY, Seen.ALLOWED.pendingTrace());
    Packet packet = Packet.icmp(IpAddress.parse("10.0.0.1"), IpAddress.parse("10.0.0.2"), 8, 0);
    return new WhyAnswer(
        question,
        new Explanation(
            new PathDecision(
                packet,
                new Path(Verdict.ALLOW, List.of(allowed)),
                new Path(Verdict.DENY, List.of(pendingDenied))),
            List.of(point(allowed, pendingDenied), point(allowed, null)),
            null),
        List.of("a note"));
  }

  private static PathStep step(Verdict verdict, List<Hit> trace) {
    return new PathStep(
        EndpointId.pod("shop", "cart-1"), Direction.INGRESS, false, Stage.NORMAL, verdict, trace);
  }

  private static Explanation.Point point(PathStep enforced, PathStep pending) {
    return new Explanation.Point(
        enforced.endpoint(),
        enforced.direction(),
        enforced.stage(),
        false,
        List.of(new GoverningTier("application", RuleAction.DENY, List.of(Seen.CART))),
        List.of("kns.shop"),
        enforced,
        pending);
  }

  final ConsoleStatus status() {
    return new ConsoleStatus(
        "node-1", "1.2.3", "simulated", T0, Map.of("classes", 12L), Map.of("nflog", 7L));
  }

  URI uri(String path) {
    return console.uri().resolve(path);
  }

  HttpResponse<String> get(String path) throws Exception {
    return client.send(
        HttpRequest.newBuilder(uri(path)).build(), HttpResponse.BodyHandlers.ofString());
  }

  JsonNode json(String path) throws Exception {
    HttpResponse<String> response = get(path);
    if (response.statusCode() != 200) {
      throw new AssertionError(response.statusCode() + " " + response.body());
    }
    return MAPPER.readTree(response.body());
  }

  static JsonNode parse(String json) throws IOException {
    return MAPPER.readTree(json);
  }

  static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
