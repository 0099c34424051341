package io.margay.app.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.grpc.stub.StreamObserver;
import io.margay.app.Version;
import io.margay.app.state.ConsoleToken;
import io.margay.app.state.StateFolder;
import io.margay.flows.collect.FlowAddress;
import io.margay.flows.collect.FlowChannel;
import io.margay.flows.goldmane.proto.FlowCollectorGrpc;
import io.margay.flows.goldmane.proto.FlowsGrpc;
import io.margay.flows.goldmane.proto.Wire;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Three flows processes that share the nodes: each answers for all, until one is killed. */
@Timeout(300)
class ThreeShardProcessesTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int SHARDS = 3;
  private static final int KEYS = 20;

  @TempDir Path folder;
  private final List<Process> processes = new ArrayList<>();
  private final HttpClient http = HttpClient.newHttpClient();

  private Path socket(int shard) {
    return folder.resolve("shard-" + shard + ".sock");
  }

  private StateFolder state(int shard) {
    return new StateFolder(folder.resolve("state-" + shard));
  }

  @BeforeEach
  void start() throws Exception {
    CountDownLatch told = new CountDownLatch(SHARDS);
    for (int shard = 0; shard < SHARDS; shard++) {
      startShard(shard, told);
    }
    assertThat(told.await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)).isTrue();
  }

  private String allShards() {
    return IntStream.range(0, SHARDS)
        .mapToObj(each -> "unix:" + socket(each))
        .collect(Collectors.joining(","));
  }

  private void startShard(int shard, CountDownLatch told) throws IOException {
    start(
        "shard " + shard,
        state(shard),
        line -> {
          if (line.startsWith("page")) {
            told.countDown();
          }
        },
        "flows",
        "serve",
        "--from=" + Files.createDirectories(folder.resolve("resources")),
        "--console-port=0",
        "--history=" + folder.resolve("history-" + shard),
        "--listen=unix:" + socket(shard),
        "--shards=" + allShards(),
        "--shard=unix:" + socket(shard));
  }

  private void start(String name, StateFolder state, Consumer<String> output, String... arguments)
      throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--enable-native-access=ALL-UNNAMED",
            "-Xmx200m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            "io.margay.app.Main");
    builder.command().addAll(List.of(arguments));
    builder.environment().put("MARGAY_STATE", state.root().toString());
    Process process = builder.redirectErrorStream(true).start();
    processes.add(process);
    BufferedReader lines =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    Thread.startVirtualThread(
        () -> lines.lines().peek(line -> System.out.println(name + ": " + line)).forEach(output));
  }

  @AfterEach
  void kill() throws InterruptedException {
    for (Process process : processes) {
      process.destroyForcibly().waitFor();
    }
  }

  /** A node of this shard tells one connection of each key, in a bucket that has closed. */
  private void tell(int shard) {
    Instant bucket = Instant.ofEpochSecond((Instant.now().getEpochSecond() - 60) / 15 * 15);
    AtomicLong receipts = new AtomicLong();
    try (FlowChannel channel = FlowChannel.to(new FlowAddress.UnixSocket(socket(shard)), null)) {
      StreamObserver<Wire.FlowUpdate> updates =
          FlowCollectorGrpc.newStub(channel.channel())
              .connect(
                  new StreamObserver<>() {
                    @Override
                    public void onNext(Wire.FlowReceipt receipt) {
                      receipts.incrementAndGet();
                    }

                    @Override
                    public void onError(Throwable reason) {}

                    @Override
                    public void onCompleted() {}
                  });
      for (int key = 1; key <= KEYS; key++) {
        updates.onNext(update("node-" + shard, key, bucket));
      }
      await().atMost(PATIENCE).until(() -> receipts.get() == KEYS);
    }
  }

  private static Wire.FlowUpdate update(String node, int number, Instant bucket) {
    return Wire.FlowUpdate.newBuilder()
        .setFlow(
            Wire.Flow.newBuilder()
                .setKey(
                    Wire.FlowKey.newBuilder()
                        .setSourceName("web-*")
                        .setSourceNamespace("shop")
                        .setSourceType(Wire.EndpointType.WorkloadEndpoint)
                        .setDestName("cart-*")
                        .setDestNamespace("shop")
                        .setDestType(Wire.EndpointType.WorkloadEndpoint)
                        .setDestPort(number)
                        .setProto("tcp")
                        .setReporter(Wire.Reporter.Dst)
                        .setAction(Wire.Action.Allow))
                .setStartTime(bucket.getEpochSecond())
                .setEndTime(bucket.getEpochSecond() + 15)
                .setNumConnectionsStarted(1))
        .setSender(Wire.Sender.newBuilder().setLife(node).setSequence(number).setNode(node))
        .build();
  }

  /** Connections of each key, as a shard's gRPC answers for all. */
  private Map<Long, Long> startedByPort(int shard) {
    try (FlowChannel channel = FlowChannel.to(new FlowAddress.UnixSocket(socket(shard)), null)) {
      return FlowsGrpc.newBlockingStub(channel.channel())
          .list(Wire.FlowListRequest.getDefaultInstance())
          .getFlowsList()
          .stream()
          .collect(
              Collectors.toMap(
                  flow -> flow.getFlow().getKey().getDestPort(),
                  flow -> flow.getFlow().getNumConnectionsStarted()));
    }
  }

  private HttpRequest request(int shard, String path) {
    ConsoleToken console = ConsoleToken.ofUp(state(shard)).orElseThrow();
    return HttpRequest.newBuilder(URI.create(console.console() + path))
        .header("Authorization", "Bearer " + console.token())
        .build();
  }

  private HttpResponse<String> get(int shard, String path) throws Exception {
    HttpResponse<String> answer =
        http.send(request(shard, path), HttpResponse.BodyHandlers.ofString());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return answer;
  }

  private static JsonNode json(HttpResponse<String> answer) throws IOException {
    return new JsonMapper().readTree(answer.body());
  }

  private static boolean allAre(Map<Long, Long> startedByPort, long started) {
    return startedByPort.size() == KEYS
        && startedByPort.values().stream().allMatch(count -> count == started);
  }

  @Test
  void eachAnswersForAllAndSaysWhoIsMissing() throws Exception {
    for (int shard = 0; shard < SHARDS; shard++) {
      tell(shard);
    }
    for (int shard = 0; shard < SHARDS; shard++) {
      int asked = shard;
      await().atMost(PATIENCE).until(() -> allAre(startedByPort(asked), SHARDS));
      HttpResponse<String> answer = get(shard, "/flows");
      assertThat(json(answer).at("/items")).hasSize(KEYS);
      assertThat(answer.headers().firstValue("Margay-Missing-Shards")).isEmpty();
    }

    // A key that nodes of several shards saw comes once from each of them.
    Queue<String> events = new ConcurrentLinkedQueue<>();
    AtomicBoolean over = follow("/flows?watch=true&startTimeGte=-600", events);
    await().atMost(PATIENCE).until(() -> data(events).size() == SHARDS * KEYS);
    assertThat(over).isFalse();

    // The page's own stream has it once, as the sum.
    Queue<String> live = new ConcurrentLinkedQueue<>();
    AtomicBoolean liveOver = follow("/api/v1/flows/stream?startTimeGte=-600", live);
    await().atMost(PATIENCE).until(() -> live.contains("event: sync"));
    assertThat(data(live))
        .filteredOn(line -> line.contains("source_name"))
        .hasSize(KEYS)
        .allMatch(line -> line.contains("\"connections_started\":" + SHARDS));

    processes.get(2).destroyForcibly().waitFor();
    String missing = "unix:" + socket(2);
    HttpResponse<String> answer = get(0, "/api/v1/flows");
    assertThat(answer.headers().firstValue("Margay-Missing-Shards")).contains(missing);
    assertThat(json(answer).at("/items")).hasSize(KEYS);
    assertThat(allAre(startedByPort(0), SHARDS - 1)).isTrue();
    assertThat(json(get(0, "/api/v1/status")).at("/tables/shards_missing").asInt()).isEqualTo(1);
    // The stream would lack a part from now on, so it ends and the client begins anew.
    await().atMost(PATIENCE).untilTrue(over);
    // The page's own goes on, and says what it lacks.
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> assertThat(data(live)).anyMatch(line -> line.contains(missing + " are missing")));
    assertThat(live).contains("event: gap");
    assertThat(liveOver).isFalse();
  }

  /** Reads a stream of the first shard, until the flag is set. */
  private AtomicBoolean follow(String path, Queue<String> lines) throws Exception {
    AtomicBoolean over = new AtomicBoolean();
    HttpResponse<Stream<String>> stream =
        http.send(request(0, path), HttpResponse.BodyHandlers.ofLines());
    Thread.startVirtualThread(() -> {
      try {
        stream.body().forEach(lines::add);
      } finally {
        over.set(true);
      }
    });
    return over;
  }

  private static List<String> data(Queue<String> lines) {
    return lines.stream().filter(line -> line.startsWith("data: ")).toList();
  }

  @Test
  void everyShardShowsANodeThatRunsInAProcessOfItsOwn() throws Exception {
    start(
        "node",
        new StateFolder(folder.resolve("state-node")),
        line -> {},
        "node",
        "--node=node-1",
        "--dataplane=simulated",
        "--from=" + folder.resolve("resources"),
        "--flows=" + allShards());
    for (int shard = 0; shard < SHARDS; shard++) {
      int asked = shard;
      await()
          .atMost(PATIENCE)
          .untilAsserted(() -> {
            JsonNode node = json(get(asked, "/api/v1/nodes")).at("/items/0");
            assertThat(node.path("name").asText()).isEqualTo("node-1");
            assertThat(node.path("state").asText()).isEqualTo("ok");
            assertThat(node.path("version").asText()).isEqualTo(Version.current());
            assertThat(node.path("dataplane").asText()).isEqualTo("simulated");
            assertThat(node.path("tables").path("classes").isNumber()).isTrue();
            assertThat(node.at("/programming/times")).isNotEmpty();
          });
    }
  }
}
