package io.margay.flows.shard;

import static io.margay.flows.Fixtures.ALLOWED;
import static io.margay.flows.Fixtures.DENIED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.grpc.ClientInterceptors;
import io.grpc.Metadata;
import io.grpc.stub.MetadataUtils;
import io.margay.flows.Flow;
import io.margay.flows.FlowCounters;
import io.margay.flows.FlowKey;
import io.margay.flows.FlowLimits;
import io.margay.flows.FlowPeer;
import io.margay.flows.FlowUpdate;
import io.margay.flows.PolicyTrace;
import io.margay.flows.Reporter;
import io.margay.flows.collect.CallEndings;
import io.margay.flows.collect.FlowAddress;
import io.margay.flows.collect.FlowChannel;
import io.margay.flows.collect.FlowServer;
import io.margay.flows.goldmane.FlowsApi;
import io.margay.flows.goldmane.proto.FlowsGrpc;
import io.margay.flows.goldmane.proto.Wire;
import io.margay.flows.history.BucketTime;
import io.margay.flows.query.CursorPage;
import io.margay.flows.query.FlowCursor;
import io.margay.flows.query.FlowFilter;
import io.margay.flows.query.FlowOrder;
import io.margay.flows.query.FlowReader;
import io.margay.flows.query.GraphLevel;
import io.margay.flows.query.HintType;
import io.margay.flows.query.MemoryFlowReader;
import io.margay.flows.query.Page;
import io.margay.flows.query.StatisticType;
import io.margay.flows.query.StatisticsGroup;
import io.margay.flows.query.StatisticsQuery;
import io.margay.flows.query.TimeRange;
import io.margay.flows.stream.ClosedStreams;
import io.margay.flows.stream.FlowService;
import io.margay.flows.stream.LiveStreams;
import io.margay.flows.stream.LiveStreams.Begin;
import io.margay.flows.stream.LiveStreams.LiveStream;
import io.margay.flows.stream.LiveStreams.News;
import io.margay.model.net.Protocol;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Three gathering processes' worth of servers, compared with one that has everything. */
@Timeout(120)
class ThreeShardsTest {
  private static final Instant START = Instant.parse("2026-11-21T10:00:00Z");
  private static final TimeRange RANGE = new TimeRange(START, START.plusSeconds(600));
  private static final int NODES_OF_EACH = 4;
  private static final int NODES = 3 * NODES_OF_EACH;
  private static final int UPDATES = 40;

  /** Every change is published at once, since the clock stands still: many batches wait. */
  private static final FlowLimits LIMITS =
      new FlowLimits(
          65_536,
          240,
          20_000,
          400_000,
          1_000,
          Duration.ofHours(1),
          Duration.ZERO,
          Duration.ofSeconds(15),
          1_000,
          100);

  @TempDir Path folder;
  private final AtomicReference<Instant> now = new AtomicReference<>(START.plusSeconds(60));
  private final List<Shard> shards = new ArrayList<>();
  private final List<String> nodes = new ArrayList<>();
  private FlowService whole;
  private ShardList list;

  private final class Shard implements AutoCloseable {
    private final FlowService flows = new FlowService(LIMITS, now::get);
    private final ShardedFlowReader reader;
    private final LiveStreams live;
    private final FlowServer server;

    Shard(FlowAddress self) throws IOException {
      flows.start();
      FlowReader own = new MemoryFlowReader(flows::history);
      ClosedStreams streams = ClosedStreams.of(flows, own);
      reader =
          new ShardedFlowReader(own, list.without(self), null, Duration.ofSeconds(10), now::get);
      LiveStreams ownLive = LiveStreams.of(flows, now::get);
      live = new ShardedLiveStreams(ownLive, reader, now::get);
      server =
          FlowServer.start(
              self,
              null,
              List.of(
                  new ShardApi(own, streams, ownLive),
                  new FlowsApi(reader, new ShardedStreams(streams, reader), now::get)),
              new CallEndings());
    }

    @Override
    public void close() {
      reader.close();
      server.close();
      flows.close();
    }
  }

  @BeforeEach
  void start() throws IOException {
    List<FlowAddress> addresses = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      addresses.add(new FlowAddress.UnixSocket(folder.resolve("shard-" + i)));
    }
    list = new ShardList(addresses);
    for (FlowAddress address : addresses) {
      nodesOf(address).limit(NODES_OF_EACH).forEach(nodes::add);
      shards.add(new Shard(address));
    }
    whole = new FlowService(LIMITS, now::get);
    whole.start();
  }

  @AfterEach
  void stop() {
    shards.forEach(Shard::close);
    whole.close();
  }

  /** Without end; which they are depends on the folder, whose name is random. */
  private Stream<String> nodesOf(FlowAddress shard) {
    return IntStream.iterate(0, number -> number + 1)
        .mapToObj(number -> "node-" + number)
        .filter(node -> list.owner(node).equals(shard));
  }

  private Shard ownerOf(String node) {
    return shards.get(list.shards().indexOf(list.owner(node)));
  }

  /** Every node tells of some of the same keys, in four buckets. */
  private void tell() {
    Random random = new Random(7);
    for (int node = 0; node < NODES; node++) {
      String name = nodes.get(node);
      for (int i = 0; i < UPDATES; i++) {
        FlowUpdate update =
            new FlowUpdate(
                new FlowUpdate.Origin(name, i + 1),
                START.plus(BucketTime.LENGTH.multipliedBy(random.nextInt(4))),
                key(random.nextInt(25)),
                List.of("app=web"),
                List.of("app=cart", "node=" + node % 2),
                new FlowCounters(random.nextInt(9), 1, 60, 60, 1, 0, 0));
        ownerOf(name).flows.accept(List.of(update)).join();
        whole.accept(List.of(update)).join();
      }
    }
    await().until(() -> started(whole) == NODES * UPDATES);
    await()
        .until(() ->
            shards.stream().mapToLong(shard -> started(shard.flows)).sum() == NODES * UPDATES);
  }

  private static long started(FlowService flows) {
    return flows.history().flows().mapToLong(flow -> flow.counters().started()).sum();
  }

  private static FlowKey key(int number) {
    return new FlowKey(
        new FlowPeer("web-" + number % 5, "shop", FlowPeer.Type.WORKLOAD_ENDPOINT),
        new FlowPeer("cart", "shop", FlowPeer.Type.WORKLOAD_ENDPOINT),
        8_000 + number,
        null,
        Protocol.TCP,
        Reporter.DESTINATION,
        PolicyTrace.of(number % 3 == 0 ? DENIED : ALLOWED));
  }

  /** Answers of each shard and of the one that has everything. */
  private <T> void assertAllAgree(Function<FlowReader, T> question) {
    T expected = question.apply(new MemoryFlowReader(whole::history));
    for (Shard shard : shards) {
      assertThat(question.apply(shard.reader)).isEqualTo(expected);
    }
  }

  /** A flow without its number, which every process gives on its own. */
  private static String text(Flow flow) {
    return flow.key().source().name()
        + ">"
        + flow.key().destPort()
        + " "
        + flow.start()
        + " "
        + flow.end()
        + " "
        + flow.destLabels()
        + flow.counters();
  }

  @Test
  void nodesAreSharedOut() {
    tell();
    for (Shard shard : shards) {
      long own = shard.flows.history().flows().count();
      assertThat(own).isPositive().isLessThan(whole.history().flows().count());
    }
  }

  @Test
  void everyShardAnswersForAll() {
    tell();
    assertAllAgree(reader ->
        reader
            .list(RANGE, FlowFilter.ALL, FlowOrder.SOURCE_NAME, Page.Request.EVERYTHING)
            .items()
            .stream()
            .map(ThreeShardsTest::text)
            .sorted()
            .toList());
    assertAllAgree(reader ->
        reader.hints(HintType.SOURCE_NAME, RANGE, FlowFilter.ALL, new Page.Request(1, 2)));
    for (StatisticsGroup group : StatisticsGroup.values()) {
      assertAllAgree(
          reader -> reader.statistics(StatisticsQuery.totals(RANGE, StatisticType.PACKETS, group)));
      assertAllAgree(reader ->
          reader.statistics(
              new StatisticsQuery(RANGE, StatisticType.BYTES, group, null, BucketTime.LENGTH)));
    }
    assertAllAgree(reader -> reader.density(RANGE, FlowFilter.ALL, 40));
    assertAllAgree(reader -> reader.graph(RANGE, FlowFilter.ALL, GraphLevel.WORKLOAD));
    assertAllAgree(reader -> reader.policyActivity(RANGE));
  }

  @Test
  void pagesOfAListAreCutFromTheWhole() {
    tell();
    FlowReader reader = shards.getFirst().reader;
    Page<Flow> everything =
        reader.list(RANGE, FlowFilter.ALL, FlowOrder.TIME, Page.Request.EVERYTHING);
    List<Flow> paged = new ArrayList<>();
    for (int page = 0; page < 4; page++) {
      Page<Flow> part =
          reader.list(RANGE, FlowFilter.ALL, FlowOrder.TIME, new Page.Request(page, 7));
      assertThat(part.totalResults()).isEqualTo(25);
      assertThat(part.totalPages()).isEqualTo(4);
      paged.addAll(part.items());
    }
    assertThat(paged).isEqualTo(everything.items());
  }

  @Test
  void recordsCanBePagedOnAnyShard() {
    tell();
    List<String> expected =
        new MemoryFlowReader(whole::history)
            .records(RANGE, FlowFilter.ALL, FlowCursor.NEWEST, 1_000).items().stream()
                .map(ThreeShardsTest::text)
                .sorted()
                .toList();
    for (int size : new int[] {1, 7, 1_000}) {
      List<Flow> records = new ArrayList<>();
      FlowCursor cursor = FlowCursor.NEWEST;
      for (int page = 0; cursor != null; page++) {
        CursorPage<Flow> part =
            shards.get(page % 3).reader.records(RANGE, FlowFilter.ALL, cursor, size);
        records.addAll(part.items());
        cursor = part.next();
      }
      assertThat(records.stream().map(ThreeShardsTest::text).sorted()).isEqualTo(expected);
      assertThat(records).isSortedAccordingTo((a, b) -> b.bucket().compareTo(a.bucket()));
    }
  }

  @Test
  void aShardThatIsDownIsNamed() throws Exception {
    tell();
    Shard dead = shards.remove(2);
    dead.close();
    FlowReader reader = shards.getFirst().reader;
    String name = list.shards().get(2).toString();
    assertThat(reader.list(RANGE, FlowFilter.ALL, FlowOrder.TIME, Page.Request.EVERYTHING).items())
        .isNotEmpty();
    assertThat(shards.getFirst().reader.missing()).containsOnlyKeys(name);

    try (FlowChannel client = FlowChannel.to(list.shards().getFirst(), null)) {
      AtomicReference<Metadata> headers = new AtomicReference<>();
      AtomicReference<Metadata> trailers = new AtomicReference<>();
      Wire.FlowListResult answer =
          FlowsGrpc.newBlockingStub(
                  ClientInterceptors.intercept(
                      client.channel(),
                      MetadataUtils.newCaptureMetadataInterceptor(headers, trailers)))
              .list(Wire.FlowListRequest.getDefaultInstance());
      assertThat(answer.getFlowsCount()).isPositive();
      assertThat(trailers.get().get(MissingShards.TRAILER)).isEqualTo(name);
    }
  }

  /** A reader of a shard's live stream. */
  private final class LiveReader implements AutoCloseable {
    private final Queue<News> told = new ConcurrentLinkedQueue<>();
    private final Thread thread;
    private volatile boolean enough;

    LiveReader(Shard shard, Begin begin) {
      LiveStream stream = shard.live.open(FlowFilter.ALL).orElseThrow();
      thread =
          Thread.startVirtualThread(() -> {
            try (stream) {
              stream.run(
                  begin,
                  news -> {
                    if (!(news instanceof News.Silence)) {
                      told.add(news);
                    }
                    return !enough;
                  });
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
          });
    }

    /** What a client shows: of each key and bucket what was told last. */
    Set<String> shown() {
      Map<String, String> last = new HashMap<>();
      for (News news : told) {
        List<Flow> flows =
            switch (news) {
              case News.Earlier(List<Flow> some) -> some;
              case News.Changed(List<Flow> some, _) -> some;
              case News.Gap _, News.Synced _, News.Silence _ -> List.of();
            };
        flows.forEach(flow -> last.put(flow.keyNumber() + "-" + flow.bucket(), text(flow)));
      }
      return new HashSet<>(last.values());
    }

    List<String> gaps() {
      return told.stream()
          .filter(News.Gap.class::isInstance)
          .map(news -> ((News.Gap) news).reason())
          .toList();
    }

    String synced() {
      await().until(() -> told.stream().anyMatch(News.Synced.class::isInstance));
      return told.stream()
          .filter(News.Synced.class::isInstance)
          .map(news -> ((News.Synced) news).position())
          .findFirst()
          .orElseThrow();
    }

    @Override
    public void close() throws InterruptedException {
      enough = true;
      thread.join();
    }
  }

  private Set<String> wholeFlows() {
    return new HashSet<>(whole.history().flows().map(ThreeShardsTest::text).toList());
  }

  @Test
  void aLiveStreamTellsTheSumsOfAll() throws Exception {
    try (LiveReader live = new LiveReader(shards.getFirst(), Begin.NOW)) {
      live.synced();
      tell();
      await().untilAsserted(() -> assertThat(live.shown()).isEqualTo(wholeFlows()));
      assertThat(live.gaps()).isEmpty();
    }
    try (LiveReader later = new LiveReader(shards.get(1), new Begin(START, null))) {
      later.synced();
      assertThat(later.shown()).isEqualTo(wholeFlows());
    }
  }

  @Test
  void aLiveStreamIsResumedOnAnotherShard() throws Exception {
    tell();
    String position;
    try (LiveReader live = new LiveReader(shards.getFirst(), Begin.NOW)) {
      position = live.synced();
    }
    for (int node = 0; node < NODES; node++) {
      tellMore(nodes.get(node), key(100 + node));
    }
    try (LiveReader resumed = new LiveReader(shards.get(2), new Begin(START, position))) {
      resumed.synced();
      await().until(() -> resumed.shown().size() == NODES);
      assertThat(resumed.gaps()).isEmpty();
    }
    try (LiveReader strange = new LiveReader(shards.get(2), new Begin(START, "00000000-1-1"))) {
      strange.synced();
      assertThat(strange.gaps()).singleElement().asString().contains("started anew");
      assertThat(strange.shown()).hasSizeGreaterThan(NODES);
    }
  }

  @Test
  void aLiveStreamGoesOnWithoutALostShardAndSaysSo() throws Exception {
    FlowAddress address = list.shards().get(1);
    String lostNode = nodesOf(address).findFirst().orElseThrow();
    try (LiveReader live = new LiveReader(shards.getFirst(), Begin.NOW)) {
      live.synced();
      shards.remove(1).close();
      await()
          .untilAsserted(() ->
              assertThat(live.gaps())
                  .singleElement()
                  .asString()
                  .contains("flows of " + address + " are missing"));
      tellMore(nodes.getFirst(), key(1));
      await().until(() -> live.shown().size() == 1);

      Shard back = new Shard(address);
      shards.add(1, back);
      await()
          .atMost(Duration.ofSeconds(30))
          .untilAsserted(() ->
              assertThat(live.gaps()).anyMatch(gap -> gap.contains(address + ": the server was")));
      tellMore(lostNode, key(2));
      await().until(() -> live.shown().size() == 2);
    }
  }

  private void tellMore(String node, FlowKey key) {
    FlowUpdate update =
        new FlowUpdate(
            new FlowUpdate.Origin(node, UPDATES + 1),
            START.plusSeconds(60),
            key,
            List.of(),
            List.of(),
            new FlowCounters(1, 0, 60, 0, 1, 0, 0));
    ownerOf(node).flows.accept(List.of(update)).join();
  }

  @Test
  void aStreamHasTheFlowsOfAllAndEndsWhenOneGoes() {
    Queue<String> seen = new ConcurrentLinkedQueue<>();
    try (FlowChannel client = FlowChannel.to(list.shards().getFirst(), null)) {
      Thread.startVirtualThread(() -> {
        try {
          FlowsGrpc.newBlockingStub(client.channel()).stream(
                  Wire.FlowStreamRequest.getDefaultInstance())
              .forEachRemaining(flow ->
                  seen.add("port " + flow.getFlow().getKey().getDestPort() + " " + flow.getId()));
        } catch (io.grpc.StatusRuntimeException e) {
          seen.add(e.getStatus().toString());
        }
      });
      await()
          .until(() -> shards.stream().allMatch(shard -> shard.flows.statistics().streams() == 1));
      for (int node = 0; node < NODES; node++) {
        String name = nodes.get(node);
        ownerOf(name)
            .flows
            .accept(
                List.of(
                    new FlowUpdate(
                        new FlowUpdate.Origin(name, 1),
                        START.plusSeconds(60),
                        key(node),
                        List.of(),
                        List.of(),
                        new FlowCounters(1, 0, 60, 0, 1, 0, 0))))
            .join();
      }
      now.set(START.plusSeconds(120));
      await().untilAsserted(() -> assertThat(seen).hasSize(NODES));
      assertThat(seen).contains("port 8003 " + ShardMerge.number(key(3)));
      shards.remove(1).close();
      await()
          .untilAsserted(() ->
              assertThat(seen)
                  .anyMatch(text ->
                      text.contains("UNAVAILABLE")
                          && text.contains(list.shards().get(1).toString())));
    }
  }
}
