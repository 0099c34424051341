package io.margay.flows.goldmane;

import static io.margay.flows.goldmane.Answering.answer;

import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.margay.flows.Flow;
import io.margay.flows.goldmane.proto.FlowsGrpc;
import io.margay.flows.goldmane.proto.Wire;
import io.margay.flows.query.FlowFilter;
import io.margay.flows.query.FlowOrder;
import io.margay.flows.query.FlowReader;
import io.margay.flows.query.HintType;
import io.margay.flows.query.Page;
import io.margay.flows.query.TimeRange;
import io.margay.flows.stream.ClosedStreams;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Goldmane's Flows service. */
public final class FlowsApi extends FlowsGrpc.FlowsImplBase {
  private final FlowReader reader;
  private final ClosedStreams streams;
  private final InstantSource clock;

  public FlowsApi(FlowReader reader, ClosedStreams streams, InstantSource clock) {
    this.reader = reader;
    this.streams = streams;
    this.clock = clock;
  }

  @Override
  public void list(Wire.FlowListRequest request, StreamObserver<Wire.FlowListResult> client) {
    answer(
        client,
        () -> {
          Optional<TimeRange> range =
              WireToQuery.range(
                  request.getStartTimeGte(), request.getStartTimeLt(), clock.instant());
          WireToQuery.checkListInterval(request.getAggregationInterval());
          FlowFilter filter = WireToQuery.filter(request.getFilter());
          FlowOrder order = WireToQuery.order(request.getSortByList());
          Page.Request page = WireToQuery.page(request.getPage(), request.getPageSize());
          Page<Flow> flows =
              range.isEmpty() ? none() : reader.list(range.get(), filter, order, page);
          Wire.FlowListResult.Builder result =
              Wire.FlowListResult.newBuilder().setMeta(meta(flows));
          flows.items().forEach(flow -> result.addFlows(FlowToWire.result(flow)));
          client.onNext(result.build());
          client.onCompleted();
        });
  }

  @Override
  public void filterHints(
      Wire.FilterHintsRequest request, StreamObserver<Wire.FilterHintsResult> client) {
    answer(
        client,
        () -> {
          HintType type = WireToQuery.hint(request.getType());
          Optional<TimeRange> range =
              WireToQuery.range(
                  request.getStartTimeGte(), request.getStartTimeLt(), clock.instant());
          FlowFilter filter = WireToQuery.filter(request.getFilter());
          Page.Request page = WireToQuery.page(request.getPage(), request.getPageSize());
          Page<String> hints =
              range.isEmpty() ? none() : reader.hints(type, range.get(), filter, page);
          Wire.FilterHintsResult.Builder result =
              Wire.FilterHintsResult.newBuilder().setMeta(meta(hints));
          hints
              .items()
              .forEach(hint -> result.addHints(Wire.FilterHint.newBuilder().setValue(hint)));
          client.onNext(result.build());
          client.onCompleted();
        });
  }

  private static <T> Page<T> none() {
    return new Page<>(List.of(), 0, 0);
  }

  private static Wire.ListMetadata meta(Page<?> page) {
    return Wire.ListMetadata.newBuilder()
        .setTotalPages(page.totalPages())
        .setTotalResults(page.totalResults())
        .build();
  }

  @Override
  public void stream(Wire.FlowStreamRequest request, StreamObserver<Wire.FlowResult> client) {
    answer(
        client,
        () -> {
          WireToQuery.checkStreamInterval(request.getAggregationInterval());
          FlowFilter filter = WireToQuery.filter(request.getFilter());
          StreamAnswer.begin(
              streams,
              backfill(request.getStartTimeGte(), clock.instant()),
              filter,
              new StreamClient((ServerCallStreamObserver<Wire.FlowResult>) client));
        });
  }

  /** From when on the past is told; null for not at all. */
  private static @Nullable Instant backfill(long startGte, Instant now) throws UnreadableMessage {
    return startGte == 0 ? null : WireToQuery.moment("start_time_gte", startGte, now);
  }
}
