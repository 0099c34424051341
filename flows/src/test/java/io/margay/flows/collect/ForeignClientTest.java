package io.margay.flows.collect;

import static io.margay.flows.Fixtures.T0;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.margay.flows.DropCounters;
import io.margay.flows.DropReason;
import io.margay.flows.FlowUpdate;
import io.margay.flows.goldmane.proto.FlowCollectorGrpc;
import io.margay.flows.goldmane.proto.Wire;
import io.margay.model.resource.RuleAction;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Clients that speak Goldmane's language only, as Felix does. */
@Timeout(60)
class ForeignClientTest {
  private final AtomicReference<Instant> now = new AtomicReference<>(T0);
  private final DurableIngest ingest = new DurableIngest();
  private final DropCounters drops = new DropCounters();
  private final CallEndings endings = new CallEndings();
  @TempDir Path folder;
  private Collector collector;
  private FlowServer server;
  private FlowChannel channel;

  @BeforeEach
  void start() throws IOException {
    collector = new Collector(ingest, drops, now::get, folder.resolve("seen"));
    server =
        FlowServer.start(new FlowAddress.Tcp("127.0.0.1", 0), null, List.of(collector), endings);
    channel = FlowChannel.to(new FlowAddress.Tcp("127.0.0.1", server.port()), null);
  }

  @AfterEach
  void stop() {
    channel.close();
    server.close();
  }

  /** One connection. */
  private final class Felix implements StreamObserver<Wire.FlowReceipt> {
    private final List<Wire.FlowReceipt> receipts = new ArrayList<>();
    private final StreamObserver<Wire.FlowUpdate> updates =
        FlowCollectorGrpc.newStub(channel.channel()).connect(this);
    private Status end;

    @Override
    public synchronized void onNext(Wire.FlowReceipt receipt) {
      receipts.add(receipt);
    }

    @Override
    public synchronized void onError(Throwable reason) {
      end = Status.fromThrowable(reason);
    }

    @Override
    public synchronized void onCompleted() {
      end = Status.OK;
    }

    synchronized List<Wire.FlowReceipt> receipts() {
      return List.copyOf(receipts);
    }

    synchronized Status end() {
      return end;
    }

    Felix sends(Wire.Flow flow) {
      updates.onNext(Wire.FlowUpdate.newBuilder().setFlow(flow).build());
      return this;
    }

    void awaitReceipts(int howMany) {
      await().untilAsserted(() -> assertThat(receipts()).hasSize(howMany));
      assertThat(receipts()).allMatch(receipt -> receipt.getSerializedSize() == 0);
    }
  }

  private static Wire.Flow flow(int port) {
    return flow(port, T0.getEpochSecond());
  }

  private static Wire.Flow flow(int port, long start) {
    return Wire.Flow.newBuilder()
        .setKey(
            Wire.FlowKey.newBuilder()
                .setSourceName("web-*")
                .setSourceNamespace("shop")
                .setSourceType(Wire.EndpointType.WorkloadEndpoint)
                .setDestName("pub")
                .setDestNamespace("-")
                .setDestType(Wire.EndpointType.Network)
                .setDestPort(port)
                .setDestServiceName("-")
                .setProto("tcp")
                .setReporter(Wire.Reporter.Src)
                .setAction(Wire.Action.Allow)
                .setPolicies(
                    Wire.PolicyTrace.newBuilder()
                        .addEnforcedPolicies(
                            Wire.PolicyHit.newBuilder()
                                .setKind(Wire.PolicyKind.Profile)
                                .setName("kns.shop")
                                .setAction(Wire.Action.Allow))
                        .addPendingPolicies(
                            Wire.PolicyHit.newBuilder()
                                .setKind(Wire.PolicyKind.EndOfTier)
                                .setTier("default")
                                .setAction(Wire.Action.Deny)
                                .setRuleIndex(-1)
                                .setTrigger(
                                    Wire.PolicyHit.newBuilder()
                                        .setKind(Wire.PolicyKind.StagedNetworkPolicy)
                                        .setName("lockdown")
                                        .setNamespace("shop")
                                        .setTier("default")))))
        .setStartTime(start)
        .setEndTime(start + 15)
        .addSourceLabels("b=2")
        .addSourceLabels("a=1")
        .setPacketsIn(3)
        .setBytesIn(180)
        .setNumConnectionsStarted(1)
        .setNumConnectionsLive(1)
        .build();
  }

  @Test
  void everyUpdateHasOneEmptyReceipt() {
    Felix felix = new Felix();
    felix.sends(flow(80));
    felix.awaitReceipts(1);
    felix.sends(flow(81)).sends(flow(82));
    felix.awaitReceipts(3);
    felix.updates.onCompleted();
    await().untilAsserted(() -> assertThat(felix.end()).isEqualTo(Status.OK));
    await().until(() -> collector.connections() == 0);

    FlowUpdate update = ingest.updates().getFirst();
    assertThat(update.origin()).isEqualTo(new FlowUpdate.Origin("127.0.0.1", 0));
    assertThat(update.bucket()).isEqualTo(T0);
    assertThat(update.sourceLabels()).containsExactly("a=1", "b=2");
    assertThat(update.key().service()).isNull();
    assertThat(update.key().trace().pendingAction()).isEqualTo(RuleAction.DENY);
    assertThat(update.key().trace().pending().getFirst().trigger().name()).isEqualTo("lockdown");
    assertThat(update.counters().live()).isEqualTo(1);
  }

  @Test
  void whatIsRepeatedAfterAReconnectionCountsOnce() {
    Felix felix = new Felix();
    felix.sends(flow(80)).sends(flow(81)).awaitReceipts(2);
    felix.updates.onError(Status.CANCELLED.asRuntimeException());
    Felix again = new Felix();
    again.sends(flow(80)).sends(flow(81)).sends(flow(82)).awaitReceipts(3);
    again.sends(flow(80, T0.getEpochSecond() + 15)).awaitReceipts(4);
    assertThat(ingest.updates()).hasSize(4);
    assertThat(collector.repeated()).isEqualTo(2);
  }

  @Test
  void whatIsRepeatedToARestartedServerCountsOnce() throws IOException {
    new Felix().sends(flow(80)).sends(flow(81)).awaitReceipts(2);
    for (int restart = 1; restart <= 2; restart++) {
      stop();
      // A process that is killed while it writes leaves a part of a record.
      Files.write(folder.resolve("seen"), new byte[] {1, 2, 3}, StandardOpenOption.APPEND);
      start();
      new Felix().sends(flow(80)).sends(flow(81)).awaitReceipts(2);
      assertThat(ingest.updates()).hasSize(2);
      assertThat(collector.repeated()).isEqualTo(2);
    }
    now.set(T0.plus(Duration.ofMinutes(5)).plusSeconds(1));
    stop();
    start();
    new Felix().sends(flow(80)).awaitReceipts(1);
    assertThat(ingest.updates()).hasSize(3);
  }

  @Test
  void theFileOfWhatWasSeenStaysSmall() throws IOException {
    Path path = folder.resolve("small");
    SeenFile file = new SeenFile(path, 240);
    for (int i = 0; i < 1_000; i++) {
      ForeignDeduplication.Seen one = new ForeignDeduplication.Seen(i, i);
      file.add(one, T0);
      file.write(Map.of(one, T0));
      assertThat(Files.size(path)).isLessThanOrEqualTo(240);
    }
    Map<ForeignDeduplication.Seen, Instant> read = new LinkedHashMap<>();
    new SeenFile(path).read(read);
    assertThat(read).containsEntry(new ForeignDeduplication.Seen(999, 999), T0);
  }

  @Test
  void afterFiveMinutesARepetitionIsNews() {
    Felix felix = new Felix();
    felix.sends(flow(80)).awaitReceipts(1);
    now.set(T0.plus(Duration.ofMinutes(5)));
    felix.sends(flow(80)).awaitReceipts(2);
    assertThat(ingest.updates()).hasSize(1);
    now.set(T0.plus(Duration.ofMinutes(5)).plusSeconds(1));
    felix.sends(flow(80)).awaitReceipts(3);
    assertThat(ingest.updates()).hasSize(2);
  }

  @Test
  void whatWasNotStoredIsNoRepetition() {
    ingest.failNext(1);
    Felix felix = new Felix();
    felix.sends(flow(80));
    await()
        .untilAsserted(() ->
            assertThat(felix.end()).extracting(Status::getCode).isEqualTo(Status.Code.UNAVAILABLE));
    assertThat(felix.receipts()).isEmpty();
    new Felix().sends(flow(80)).awaitReceipts(1);
    assertThat(ingest.updates()).hasSize(1);
  }

  @Test
  void whatNobodyCanMeanIsReceiptedAndCounted() {
    Wire.Flow good = flow(80);
    Felix felix = new Felix();
    felix.sends(Wire.Flow.getDefaultInstance());
    felix.sends(withKey(good, key -> key.setDestPort(70_000)));
    felix.sends(withKey(good, key -> key.setProto("carrier pigeon")));
    felix.sends(withKey(good, key -> key.setAction(Wire.Action.ActionUnspecified)));
    felix.sends(withKey(good, key -> key.setReporter(Wire.Reporter.ReporterUnspecified)));
    felix.sends(withKey(good, key -> key.setDscp(64)));
    felix.sends(good.toBuilder().setStartTime(-1).build());
    felix.sends(good.toBuilder().setStartTime(Long.MAX_VALUE).build());
    felix.sends(good);
    felix.awaitReceipts(9);
    assertThat(drops.get(DropReason.UNREADABLE)).isEqualTo(8);
    assertThat(ingest.updates()).hasSize(1);
  }

  private static Wire.Flow withKey(
      Wire.Flow flow, java.util.function.UnaryOperator<Wire.FlowKey.Builder> change) {
    return flow.toBuilder().setKey(change.apply(flow.getKey().toBuilder())).build();
  }

  @Test
  void oversizeMessagesEndTheCallAndAreCounted() {
    Felix felix = new Felix();
    felix.sends(withKey(flow(80), key -> key.setSourceName("x".repeat(5 << 20))));
    await()
        .untilAsserted(() ->
            assertThat(felix.end())
                .extracting(Status::getCode)
                .isEqualTo(Status.Code.RESOURCE_EXHAUSTED));
    await()
        .untilAsserted(() -> assertThat(endings.counts()).containsEntry("resource_exhausted", 1L));
    new Felix().sends(flow(80)).awaitReceipts(1);
    await().until(() -> collector.connections() == 1);
  }

  /** A flood of updates of which nobody takes the receipts stops at the window. */
  @Test
  void aClientWhoseUpdatesAreNotStoredIsSlowedDown() {
    ingest.hold();
    Felix felix = new Felix();
    for (int port = 1; port <= 10_000; port++) {
      felix.sends(flow(port));
    }
    await().until(() -> ingest.held() > 0);
    ingest.release();
    felix.awaitReceipts(10_000);
    assertThat(ingest.largestBatch()).isLessThanOrEqualTo(2_048);
  }
}
