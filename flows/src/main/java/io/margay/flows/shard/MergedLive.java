package io.margay.flows.shard;

import io.grpc.Context;
import io.margay.flows.Flow;
import io.margay.flows.history.BucketTime;
import io.margay.flows.query.FlowFilter;
import io.margay.flows.stream.ClosedStreams.Ending;
import io.margay.flows.stream.LiveStreams.Begin;
import io.margay.flows.stream.LiveStreams.LiveStream;
import io.margay.flows.stream.LiveStreams.News;
import io.margay.flows.stream.LiveStreams.Reader;
import io.margay.flows.stream.PastFlows;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One stream of the flows of several processes. When one of them goes, the reader is told of a gap
 * and has the others' flows meanwhile; when it comes back, its stream is resumed where it broke
 * off, and where that cannot be the reader is told again.
 *
 * <pre>
 *   own stream ──┐ bounded
 *   peer ────────┼─────────► positions, sums ─► reader
 *   peer ────────┘ one queue
 * </pre>
 */
final class MergedLive implements LiveStream {
  private static final Duration PATIENCE = Duration.ofMillis(250);
  private static final Duration RETRY = Duration.ofSeconds(1);

  /** How long a process may take to begin before the others' flows are told without it. */
  private static final Duration OPENING = Duration.ofSeconds(5);

  /** A minute of two batches a second: while there are so many, nobody's stream is read. */
  private static final int WAITING = 120;

  private final LiveStream own;
  private final ShardedFlowReader shards;
  private final FlowFilter filter;
  private final InstantSource clock;
  private final BlockingQueue<Part> parts = new ArrayBlockingQueue<>(WAITING);
  private final LiveSums sums;

  /** Where the reader is in the flows of each process, by its name. */
  private final Map<String, String> positions = new TreeMap<>();

  private final Set<String> missing = new HashSet<>();

  /** Who did not answer a question of this stream's, and why, until the reader is told. */
  private final Map<String, String> unread = new TreeMap<>();

  /** What a process's thread hands over. */
  private sealed interface Part {
    record Told(String shard, News news) implements Part {}

    record Lost(String shard, String reason) implements Part {}

    record Over(Ending ending) implements Part {}
  }

  MergedLive(LiveStream own, ShardedFlowReader shards, FlowFilter filter, InstantSource clock) {
    this.own = own;
    this.shards = shards;
    this.filter = filter;
    this.clock = clock;
    this.sums = new LiveSums(this::parts);
  }

  @Override
  public <E extends Exception> Ending run(Begin begin, Reader<E> reader)
      throws InterruptedException, E {
    Context.CancellableContext calls = Context.ROOT.withCancellation();
    Begin each = new Begin(null, begin.position());
    List<Thread> threads = new ArrayList<>();
    threads.add(Thread.startVirtualThread(() -> followOwn(each)));
    for (Peer peer : shards.peers()) {
      threads.add(Thread.startVirtualThread(calls.wrap(() -> follow(peer, begin.position()))));
    }
    try {
      return merge(begin, reader);
    } finally {
      calls.cancel(null);
      threads.forEach(Thread::interrupt);
      threads.getFirst().join(); // It has the own stream, which is closed next.
    }
  }

  private Map<String, List<Flow>> parts(Instant bucket) {
    Map<String, List<Flow>> read = shards.parts(bucket, filter);
    unread.putAll(shards.missing());
    return read;
  }

  private void followOwn(Begin begin) {
    try {
      Ending ending =
          own.run(
              begin,
              news -> {
                if (!(news instanceof News.Silence)) {
                  parts.put(new Part.Told(ShardedFlowReader.OWN, news));
                }
                return true;
              });
      parts.put(new Part.Over(ending));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // the stream is over
    }
  }

  /** Follows a peer until the stream is over, again and again where it broke off. */
  private void follow(Peer peer, @Nullable String begin) {
    FollowedNews news = new FollowedNews(peer.name(), begin);
    try {
      while (true) {
        String reason = "it has ended its stream";
        try {
          peer.followLive(new Question.Live(filter, news.position), news);
        } catch (IOException e) {
          reason = String.valueOf(e.getMessage());
        }
        if (news.taken) { // What broke off for once is resumed without a gap, or says so itself.
          news.taken = false;
        } else {
          parts.put(new Part.Lost(peer.name(), reason));
          Thread.sleep(RETRY);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // the stream is over
    }
  }

  /** Passes a peer's news on, and remembers where they are. */
  private final class FollowedNews implements Peer.NewsFollower {
    private final String name;
    private @Nullable String position;

    /** Whether there was any since the stream broke off last. */
    private boolean taken;

    FollowedNews(String name, @Nullable String position) {
      this.name = name;
      this.position = position;
    }

    @Override
    public void take(News news) throws InterruptedException {
      parts.put(new Part.Told(name, news));
      position = positionOf(news, position);
      taken = true;
    }
  }

  private static @Nullable String positionOf(News news, @Nullable String before) {
    return switch (news) {
      case News.Gap gap -> gap.position();
      case News.Synced synced -> synced.position();
      case News.Changed changed -> changed.position();
      case News.Earlier _, News.Silence _ -> before;
    };
  }

  private <E extends Exception> Ending merge(Begin begin, Reader<E> reader)
      throws InterruptedException, E {
    Ending early = open(begin, reader);
    while (early == null) {
      Part part = parts.poll(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
      if (part instanceof Part.Over(Ending ending)) {
        return ending;
      }
      if (!reader.take(part == null ? new News.Silence() : merged(part)) || !tellUnread(reader)) {
        return new Ending.Enough();
      }
    }
    return early;
  }

  /**
   * Waits until all processes have begun, and tells gaps, the past and what changed since the
   * position. Returns how the stream ended, if it did.
   */
  private <E extends Exception> @Nullable Ending open(Begin begin, Reader<E> reader)
      throws InterruptedException, E {
    List<News.Gap> gaps = new ArrayList<>();
    List<Flow> changed = new ArrayList<>();
    Set<String> awaited = new HashSet<>(shards.peers().stream().map(Peer::name).toList());
    awaited.add(ShardedFlowReader.OWN);
    long deadline = System.nanoTime() + OPENING.toNanos();
    while (!awaited.isEmpty()) {
      Part part = parts.poll(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
      if (part == null && System.nanoTime() > deadline) {
        awaited.forEach(name -> gaps.add(lost(name, "it does not begin its stream")));
        break;
      }
      switch (part) {
        case null -> {}
        case Part.Over(Ending ending) -> {
          return ending;
        }
        case Part.Told(String name, News.Synced _) -> awaited.remove(name);
        case Part.Lost(String name, _) -> awaited.remove(name);
        case Part.Told _ -> {}
      }
      News news = part == null ? new News.Silence() : merged(part);
      switch (news) {
        case News.Gap gap -> gaps.add(gap);
        case News.Earlier(List<Flow> flows) -> changed.addAll(flows);
        case News.Changed(List<Flow> flows, _) -> changed.addAll(flows);
        case News.Synced _, News.Silence _ -> {
          if (!reader.take(new News.Silence())) {
            return new Ending.Enough();
          }
        }
      }
    }
    return tellBeginning(begin, gaps, changed, reader) ? null : new Ending.Enough();
  }

  private <E extends Exception> boolean tellBeginning(
      Begin begin, List<News.Gap> gaps, List<Flow> changed, Reader<E> reader)
      throws InterruptedException, E {
    if (!gaps.isEmpty() && !reader.take(joined(gaps))) {
      return false;
    }
    // Who resumes a stream without a gap has the past already.
    boolean resumed = begin.position() != null && gaps.isEmpty();
    if (!resumed && !tellPast(begin.past(), reader)) {
      return false;
    }
    return reader.take(new News.Earlier(changed)) && reader.take(new News.Synced(position()));
  }

  private News.Gap joined(List<News.Gap> gaps) {
    Instant since = gaps.getFirst().since();
    for (News.Gap gap : gaps) {
      Instant other = gap.since();
      since = since == null || other == null ? null : other.isBefore(since) ? other : since;
    }
    return new News.Gap(
        gaps.stream().map(News.Gap::reason).distinct().collect(Collectors.joining("; ")),
        since,
        position());
  }

  private <E extends Exception> boolean tellPast(@Nullable Instant from, Reader<E> reader)
      throws InterruptedException, E {
    if (from == null) {
      return true;
    }
    Instant end = BucketTime.bucketOf(clock.instant()).plus(BucketTime.LENGTH.multipliedBy(2));
    PastFlows past = new PastFlows(shards, filter, BucketTime.bucketOf(from), end);
    for (List<Flow> some = past.read(); some != null; some = past.read()) {
      unread.putAll(shards.missing());
      if (!reader.take(new News.Earlier(some)) || !tellUnread(reader)) {
        return false;
      }
    }
    return true;
  }

  /** Tells of processes that did not answer when they were asked for what the sums need. */
  private <E extends Exception> boolean tellUnread(Reader<E> reader)
      throws InterruptedException, E {
    boolean goOn = true;
    for (Map.Entry<String, String> shard : unread.entrySet()) {
      if (!missing.contains(shard.getKey())) {
        goOn &= reader.take(lost(shard.getKey(), shard.getValue()));
      }
    }
    unread.clear();
    return goOn;
  }

  private String position() {
    return String.join(".", positions.values());
  }

  /** What the reader is told when a process told, or could not. */
  private News merged(Part part) {
    return switch (part) {
      case Part.Told(String name, News news) -> merged(name, news);
      case Part.Lost(String name, String reason) ->
          missing.contains(name) ? new News.Silence() : lost(name, reason);
      case Part.Over _ -> new News.Silence();
    };
  }

  private News.Gap lost(String name, String reason) {
    missing.add(name);
    return new News.Gap(
        "the flows of " + name + " are missing: " + reason, clock.instant(), position());
  }

  private News merged(String name, News news) {
    boolean back = missing.remove(name);
    if (back || news instanceof News.Gap) {
      sums.forget();
    }
    return switch (news) {
      case News.Gap(String reason, Instant since, String position) -> {
        positions.put(name, position);
        String who = name.equals(ShardedFlowReader.OWN) ? "" : name + ": ";
        yield new News.Gap(who + reason, since, position());
      }
      case News.Earlier(List<Flow> flows) -> new News.Earlier(sums.add(name, flows));
      case News.Changed(List<Flow> flows, String position) -> {
        positions.put(name, position);
        yield new News.Changed(sums.add(name, flows), position());
      }
      case News.Synced(String position) -> {
        boolean unknown = positions.put(name, position) == null;
        yield back && unknown
            ? new News.Gap(name + " answers again, what it had is not here", null, position())
            : new News.Silence();
      }
      case News.Silence _ -> news;
    };
  }

  @Override
  public void close() {
    own.close();
  }
}
