package io.margay.console;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.margay.console.page.StaticFiles;
import io.margay.console.policies.StorePolicies;
import io.margay.console.why.WhyAnswer;
import io.margay.console.why.WhyQuestion;
import io.margay.flows.FlowLimits;
import io.margay.flows.stream.FlowService;
import io.margay.model.verdict.Direction;
import io.margay.model.verdict.Stage;
import io.margay.model.verdict.Verdict;
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
        Duration.ZERO,
        Duration.ofSeconds(2),
        4,
        STREAMS);
  }

  @BeforeEach
  void startConsole() throws IOException {
    flows = new FlowService(limits(), now::get);
    flows.start();
    Seen.cluster(flows);
    console =
        new ConsoleServer(
            new ConsoleConfig("127.0.0.1", 0, List.of("console.example")),
            new ConsoleSources(
                flows, new StorePolicies(store), ConsoleTestCase::explain, this::status),
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

  private static WhyAnswer explain(WhyQuestion question) {
    if (!question.from().equals("shop/web-1")) {
      throw new IllegalArgumentException("there is no pod " + question.from());
    }
    return new WhyAnswer(
        question,
        Verdict.ALLOW,
        Verdict.DENY,
        List.of(
            new WhyAnswer.Step(
                question.to(),
                Direction.INGRESS,
                false,
                Stage.NORMAL,
                new WhyAnswer.Judgement(Verdict.ALLOW, Seen.ALLOWED.trace()),
                new WhyAnswer.Judgement(Verdict.DENY, Seen.ALLOWED.pendingTrace())),
            new WhyAnswer.Step(
                "edge",
                Direction.INGRESS,
                true,
                Stage.FORWARD,
                new WhyAnswer.Judgement(Verdict.ALLOW, List.of()),
                null)),
        List.of("a note"),
        null);
  }

  private ConsoleStatus status() {
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
