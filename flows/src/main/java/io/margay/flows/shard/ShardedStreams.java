package io.margay.flows.shard;

import io.grpc.Context;
import io.margay.flows.Flow;
import io.margay.flows.query.FlowFilter;
import io.margay.flows.stream.ClosedStreams;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Streams of all processes that share the flows. A key that nodes of two processes saw comes once
 * from each of them. When one of them goes, the stream ends and names it: the reader begins anew
 * instead of missing a part.
 */
public final class ShardedStreams implements ClosedStreams {
  private static final Duration PATIENCE = Duration.ofMillis(250);

  /** Parts that wait for the reader; while there are so many, nobody's stream is read. */
  private static final int WAITING = 16;

  private final ClosedStreams own;
  private final ShardedFlowReader shards;

  /**
   * @param own of this process's flows alone
   * @param shards knows the other processes
   */
  public ShardedStreams(ClosedStreams own, ShardedFlowReader shards) {
    this.own = own;
    this.shards = shards;
  }

  @Override
  public Optional<ClosedStream> open(FlowFilter filter) {
    return own.open(filter).map(stream -> new Merged(stream, filter));
  }

  /** What a process's thread hands over. */
  private sealed interface Part {
    record Flows(List<Flow> flows) implements Part {}

    record Over(Ending ending) implements Part {}
  }

  private final class Merged implements ClosedStream {
    private final ClosedStream ownStream;
    private final FlowFilter filter;
    private final BlockingQueue<Part> parts = new ArrayBlockingQueue<>(WAITING);

    Merged(ClosedStream ownStream, FlowFilter filter) {
      this.ownStream = ownStream;
      this.filter = filter;
    }

    @Override
    public <E extends Exception> Ending run(@Nullable Instant from, Reader<E> reader)
        throws InterruptedException, E {
      Context.CancellableContext calls = Context.ROOT.withCancellation();
      List<Thread> threads = new ArrayList<>();
      threads.add(Thread.startVirtualThread(() -> followOwn(from)));
      for (Peer peer : shards.peers()) {
        Question.Closed asked = new Question.Closed(filter, from);
        threads.add(Thread.startVirtualThread(calls.wrap(() -> follow(peer, asked))));
      }
      try {
        return merge(reader);
      } finally {
        calls.cancel(null);
        threads.forEach(Thread::interrupt);
        threads.getFirst().join(); // It has the own stream, which is closed next.
      }
    }

    private <E extends Exception> Ending merge(Reader<E> reader) throws InterruptedException, E {
      while (true) {
        List<Flow> flows = List.of();
        Part part = parts.poll(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        if (part != null) {
          switch (part) {
            case Part.Flows some -> flows = some.flows();
            case Part.Over(Ending ending) -> {
              return ending;
            }
          }
        }
        if (!reader.take(flows)) {
          return new Ending.Enough();
        }
      }
    }

    private void followOwn(@Nullable Instant from) {
      try {
        Ending ending =
            ownStream.run(
                from,
                flows -> {
                  if (!flows.isEmpty()) {
                    parts.put(new Part.Flows(flows.stream().map(ShardMerge::numbered).toList()));
                  }
                  return true;
                });
        parts.put(new Part.Over(ending));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt(); // the stream is over
      }
    }

    private void follow(Peer peer, Question.Closed asked) {
      try {
        parts.put(new Part.Over(new Ending.ShardMissing(peer.name(), readAll(peer, asked))));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt(); // the stream is over
      }
    }

    /** Reads until the peer's stream is over, and returns why. */
    private String readAll(Peer peer, Question.Closed asked) throws InterruptedException {
      try {
        peer.follow(asked, flow -> parts.put(new Part.Flows(List.of(flow))));
        return "it has ended its stream";
      } catch (IOException e) {
        return String.valueOf(e.getMessage());
      }
    }

    @Override
    public void close() {
      ownStream.close();
    }
  }
}
