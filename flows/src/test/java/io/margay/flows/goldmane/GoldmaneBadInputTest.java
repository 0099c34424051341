package io.margay.flows.goldmane;

import static io.margay.flows.Fixtures.DENIED;
import static io.margay.flows.Fixtures.T0;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.margay.flows.DropReason;
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
import io.margay.flows.goldmane.proto.FlowsGrpc;
import io.margay.flows.goldmane.proto.Wire;
import io.margay.flows.query.MemoryFlowReader;
import io.margay.flows.stream.ClosedStreams;
import io.margay.flows.stream.FlowService;
import io.margay.model.net.Protocol;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Much, and wrong clocks. */
@Timeout(60)
class GoldmaneBadInputTest {
  private static final InstantSource CLOCK = InstantSource.fixed(T0.plusSeconds(1));
  private static final int MANY = 10_000;

  private final FlowService flows = new FlowService(FlowLimits.DEFAULT, CLOCK);
  private FlowServer server;
  private FlowChannel channel;

  @BeforeEach
  void start() throws IOException {
    flows.start();
    server =
        FlowServer.start(
            new FlowAddress.Tcp("127.0.0.1", 0),
            null,
            List.of(
                new FlowsApi(
                    new MemoryFlowReader(flows::history),
                    ClosedStreams.of(flows, new MemoryFlowReader(flows::history)),
                    CLOCK)),
            new CallEndings());
    channel = FlowChannel.to(new FlowAddress.Tcp("127.0.0.1", server.port()), null);
  }

  @AfterEach
  void stop() {
    channel.close();
    server.close();
    flows.close();
  }

  private static FlowUpdate update(int number, Instant bucket) {
    FlowKey key =
        new FlowKey(
            new FlowPeer("web-%05d".formatted(number), "shop", FlowPeer.Type.WORKLOAD_ENDPOINT),
            new FlowPeer("pub", "-", FlowPeer.Type.NETWORK),
            443,
            null,
            Protocol.TCP,
            Reporter.SOURCE,
            PolicyTrace.of(DENIED));
    return new FlowUpdate(
        new FlowUpdate.Origin("node-1", number),
        bucket,
        key,
        List.of(),
        List.of(),
        new FlowCounters(1, 0, 60, 0, 1, 0, 0));
  }

  private FlowsGrpc.FlowsBlockingStub client() {
    return FlowsGrpc.newBlockingStub(channel.channel()).withMaxInboundMessageSize(64 << 20);
  }

  @Test
  void tenThousandDistinctHints() {
    flows.accept(IntStream.range(0, MANY).mapToObj(i -> update(i, T0)).toList()).join();
    await().until(() -> flows.history().flows().count() == MANY);
    List<String> hints = new ArrayList<>();
    for (int page = 0; page * 999 < MANY; page++) {
      Wire.FilterHintsResult result =
          client()
              .filterHints(
                  Wire.FilterHintsRequest.newBuilder()
                      .setType(Wire.FilterType.FilterTypeSourceName)
                      .setPage(page)
                      .setPageSize(999)
                      .build());
      assertThat(result.getMeta().getTotalResults()).isEqualTo(MANY);
      result.getHintsList().forEach(hint -> hints.add(hint.getValue()));
    }
    assertThat(hints).hasSize(MANY).doesNotHaveDuplicates().isSorted();
    assertThat(
            client()
                .filterHints(
                    Wire.FilterHintsRequest.newBuilder()
                        .setType(Wire.FilterType.FilterTypeSourceName)
                        .build())
                .getHintsCount())
        .isEqualTo(MANY);
  }

  @Test
  void aNodeWhoseClockIsAnHourOffIsCounted() {
    flows
        .accept(
            List.of(
                update(1, T0),
                update(2, T0.plus(Duration.ofHours(1))),
                update(3, T0.minus(Duration.ofHours(1)).minusSeconds(15)),
                update(4, T0.plusSeconds(15)),
                update(5, T0.minus(Duration.ofHours(1)))))
        .join();
    await().until(() -> flows.history().flows().count() == 3);
    assertThat(flows.drops().get(DropReason.TOO_NEW)).isEqualTo(1);
    assertThat(flows.drops().get(DropReason.TOO_OLD)).isEqualTo(1);
    assertThat(client().list(Wire.FlowListRequest.getDefaultInstance()).getFlowsList())
        .extracting(flow -> flow.getFlow().getKey().getSourceName())
        .containsExactlyInAnyOrder("web-00001", "web-00005"); // the other one is yet to come
  }

  /** A page beyond all pages, and one that is as large as can be. */
  @Test
  void pagesAtTheirLimits() {
    flows.accept(List.of(update(1, T0))).join();
    await().until(() -> flows.history().flows().count() == 1);
    Wire.FlowListResult last =
        client()
            .list(
                Wire.FlowListRequest.newBuilder()
                    .setPage(Integer.MAX_VALUE)
                    .setPageSize(Integer.MAX_VALUE)
                    .build());
    assertThat(last.getFlowsCount()).isZero();
    assertThat(last.getMeta().getTotalResults()).isEqualTo(1);
  }
}
