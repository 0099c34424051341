package io.margay.flows.shard;

import com.fasterxml.jackson.core.type.TypeReference;
import io.margay.flows.Flow;
import io.margay.flows.collect.FlowAddress;
import io.margay.flows.collect.TlsFiles;
import io.margay.flows.history.BucketTime;
import io.margay.flows.query.CursorPage;
import io.margay.flows.query.DensityStep;
import io.margay.flows.query.FlowCursor;
import io.margay.flows.query.FlowFilter;
import io.margay.flows.query.FlowGraph;
import io.margay.flows.query.FlowOrder;
import io.margay.flows.query.FlowReader;
import io.margay.flows.query.GraphLevel;
import io.margay.flows.query.HintType;
import io.margay.flows.query.Page;
import io.margay.flows.query.PolicyActivity;
import io.margay.flows.query.PolicyStatistic;
import io.margay.flows.query.StatisticsQuery;
import io.margay.flows.query.TimeRange;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers for all processes that share the flows: asks the others while it asks its own, and
 * merges. A process that does not answer is named, in {@link #missing} and in the gRPC answer.
 *
 * <p>A list is sorted and cut into pages here, from all keys of the range: a key's parts may be on
 * several processes, so that nobody else knows its place.
 */
public final class ShardedFlowReader implements FlowReader, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ShardedFlowReader.class);

  private final FlowReader own;
  private final List<Peer> peers;
  private final InstantSource clock;
  private final Map<String, String> missing = new ConcurrentSkipListMap<>();
  private final ExecutorService asking = Executors.newVirtualThreadPerTaskExecutor();

  /**
   * @param own answers from this process's flows alone
   * @param others where the other processes listen
   * @param patience how long an answer of theirs may take
   */
  public ShardedFlowReader(
      FlowReader own,
      List<FlowAddress> others,
      @Nullable TlsFiles tls,
      Duration patience,
      InstantSource clock) {
    this.own = own;
    this.peers = others.stream().map(address -> new Peer(address, tls, patience)).toList();
    this.clock = clock;
  }

  /** The name of this process where those of the others are their addresses. */
  static final String OWN = "";

  List<Peer> peers() {
    return peers;
  }

  /** Who did not answer when asked last, and why. */
  public Map<String, String> missing() {
    return new TreeMap<>(missing);
  }

  /** Asks one peer. */
  private interface Asking<T> {
    T ask(Peer peer) throws IOException;
  }

  /** The own answer and those of all peers that gave one. */
  private <T> List<T> gather(Supplier<T> ownAnswer, Asking<T> peerAnswer) {
    List<Future<T>> asked = new ArrayList<>();
    for (Peer peer : peers) {
      asked.add(asking.submit(() -> peerAnswer.ask(peer)));
    }
    List<T> answers = new ArrayList<>();
    answers.add(ownAnswer.get());
    for (int i = 0; i < peers.size(); i++) {
      String peer = peers.get(i).name();
      try {
        answers.add(asked.get(i).get());
        missing.remove(peer);
      } catch (ExecutionException e) {
        MissingShards.note(peer);
        String why = String.valueOf(e.getCause());
        if (missing.put(peer, why) == null) {
          log.warn("{} does not answer, its flows are missing: {}", peer, why);
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("interrupted while others were asked", e);
      }
    }
    return answers;
  }

  private <T> List<T> gather(Supplier<T> ownAnswer, Question question, TypeReference<T> type) {
    return gather(ownAnswer, peer -> peer.answer(question, type));
  }

  @Override
  public Page<Flow> list(TimeRange range, FlowFilter filter, FlowOrder order, Page.Request page) {
    List<List<Flow>> answers =
        gather(
            () ->
                own.list(range, filter, FlowOrder.TIME, Page.Request.EVERYTHING).items().stream()
                    .map(ShardMerge::numbered)
                    .toList(),
            peer -> peer.flows(new Question.Sums(range, filter)));
    List<Flow> flows = new ArrayList<>(ShardMerge.sums(answers));
    flows.sort(order.comparator());
    return page.of(flows);
  }

  /**
   * Cursors hold a bucket and the number that all shards give a key: a page begins with what is
   * left of the cursor's bucket.
   */
  @Override
  public CursorPage<Flow> records(TimeRange range, FlowFilter filter, FlowCursor cursor, int size) {
    if (size < 1) {
      throw new IllegalArgumentException("page size " + size + " is too small, write at least 1");
    }
    boolean first = cursor.equals(FlowCursor.NEWEST);
    Instant bucket = first ? Instant.MAX : Instant.ofEpochSecond(cursor.bucketSecond());
    Instant to = first ? range.to() : earlier(range.to(), bucket.plusNanos(1));
    if (!range.from().isBefore(to)) {
      return new CursorPage<>(List.of(), null);
    }
    Question.Records asked =
        new Question.Records(new TimeRange(range.from(), to), filter, bucket, size + 1);
    List<List<Flow>> answers =
        gather(
            () -> WholeBuckets.of(own, asked).stream().map(ShardMerge::numbered).toList(),
            peer -> peer.flows(asked));
    Instant horizon = WholeBuckets.horizon(answers, asked);
    List<Flow> records =
        ShardMerge.records(answers).stream()
            .filter(flow -> !flow.bucket().isBefore(horizon))
            .filter(flow -> cursor.isBefore(flow.bucket().getEpochSecond(), flow.keyNumber()))
            .sorted(Comparator.comparing(Flow::bucket).thenComparing(Flow::keyNumber).reversed())
            .limit(size + 1L)
            .toList();
    if (records.size() <= size) {
      return new CursorPage<>(records, null);
    }
    Flow last = records.get(size - 1);
    return new CursorPage<>(
        records.subList(0, size), new FlowCursor(last.bucket().getEpochSecond(), last.keyNumber()));
  }

  /** The flows of one bucket by the names of those who have them, of those who answer. */
  Map<String, List<Flow>> parts(Instant bucket, FlowFilter filter) {
    Question.Records asked =
        new Question.Records(
            new TimeRange(bucket, bucket.plus(BucketTime.LENGTH)),
            filter,
            Instant.MAX,
            Integer.MAX_VALUE);
    Map<String, List<Flow>> parts = new TreeMap<>();
    gather(
            () -> Map.entry(OWN, WholeBuckets.of(own, asked)),
            peer -> Map.entry(peer.name(), peer.flows(asked)))
        .forEach(part -> parts.put(part.getKey(), part.getValue()));
    return parts;
  }

  private static Instant earlier(Instant one, Instant other) {
    return one.isBefore(other) ? one : other;
  }

  @Override
  public Page<String> hints(HintType type, TimeRange range, FlowFilter filter, Page.Request page) {
    return page.of(
        ShardMerge.hints(
            gather(
                () -> own.hints(type, range, filter, Page.Request.EVERYTHING).items(),
                new Question.Hints(type, range, filter),
                new TypeReference<>() {})));
  }

  @Override
  public List<PolicyStatistic> statistics(StatisticsQuery query) {
    return ShardMerge.statistics(
        gather(
            () -> own.statistics(query), new Question.Statistics(query), new TypeReference<>() {}),
        query.isSeries());
  }

  @Override
  public List<DensityStep> density(TimeRange range, FlowFilter filter, int steps) {
    TimeRange closed = closed(range, filter);
    return ShardMerge.density(
        gather(
            () -> own.density(closed, filter, steps),
            new Question.Density(closed, filter, steps),
            new TypeReference<>() {}));
  }

  /** All processes must cut the same range into the same steps. */
  private TimeRange closed(TimeRange range, FlowFilter filter) {
    if (!range.from().equals(Instant.MIN) && !range.to().equals(Instant.MAX)) {
      return range;
    }
    List<List<DensityStep>> answers =
        gather(
            () -> own.density(range, filter, 1),
            new Question.Density(range, filter, 1),
            new TypeReference<>() {});
    Instant now = clock.instant();
    Instant first =
        answers.stream()
            .flatMap(List::stream)
            .filter(step -> step.start().isAfter(Instant.EPOCH))
            .map(DensityStep::start)
            .min(Comparator.naturalOrder())
            .orElse(BucketTime.bucketOf(now));
    return new TimeRange(
        range.from().equals(Instant.MIN) ? first : range.from(),
        range.to().equals(Instant.MAX)
            ? BucketTime.bucketOf(now).plus(BucketTime.LENGTH)
            : range.to());
  }

  @Override
  public FlowGraph graph(TimeRange range, FlowFilter filter, GraphLevel level) {
    return ShardMerge.graph(
        gather(
            () -> own.graph(range, filter, level),
            new Question.Graph(range, filter, level),
            new TypeReference<>() {}));
  }

  @Override
  public List<PolicyActivity> policyActivity(TimeRange range) {
    return ShardMerge.activity(
        gather(
            () -> own.policyActivity(range),
            new Question.Activity(range),
            new TypeReference<>() {}));
  }

  @Override
  public void close() {
    asking.shutdownNow();
    peers.forEach(Peer::close);
  }
}
