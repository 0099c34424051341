package io.margay.store;

import io.margay.model.manifest.Decoded;
import io.margay.model.manifest.KubeObject;
import io.margay.model.manifest.Problem;
import io.margay.model.manifest.ResourceDecoder;
import io.margay.model.resource.Kind;
import io.margay.model.resource.ResourceChange;
import io.margay.model.resource.ResourceKey;
import io.margay.store.KindSource.Event;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The resources of some kinds as one ordered stream: first everything that exists, then {@code
 * InSync}, then every change. A watch that ends is started again from a new list, and only the
 * difference to what was delivered before is delivered, so that the listener never has to know.
 *
 * <p>One thread lists, decodes and delivers. Watches only put events into its queue; while that is
 * full they wait, so that a slow listener makes its watches fall behind and list again rather than
 * fill the memory.
 */
public final class ResourceStream implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ResourceStream.class);

  private static final int QUEUE_CAPACITY = 4_096;

  /** A listener that is never idle is told to flush after so many changes. */
  private static final int FLUSH_AFTER = 2_000;

  private final StreamListener listener;
  private final Function<KubeObject, Decoded> decoder;
  private final List<KindSource> sources = new ArrayList<>();
  private final BlockingQueue<Event> queue = new ArrayBlockingQueue<>(QUEUE_CAPACITY);
  private final Thread thread;

  // Written by the stream's thread, read by those who ask for the status.
  private final Map<ResourceKey, List<Problem>> problems = new ConcurrentHashMap<>();
  private final Map<Kind, String> failures = new ConcurrentHashMap<>();
  private volatile boolean inSync;

  private int unflushed;
  private volatile boolean closed;

  private ResourceStream(
      ResourceStore store,
      Set<Kind> kinds,
      StreamListener listener,
      Function<KubeObject, Decoded> decoder) {
    this.listener = listener;
    this.decoder = decoder;
    Delivery delivery = new Delivery();
    for (Kind kind : EnumSet.copyOf(kinds)) {
      sources.add(new KindSource(store, kind, queue, delivery));
    }
    this.thread = Thread.ofPlatform().daemon().name("resource-stream").unstarted(this::run);
  }

  /**
   * Starts delivering the resources of a store. What exists comes kind by kind, in the order of
   * {@link Kind}; after {@code InSync} the order is that of the changes of each kind.
   */
  public static ResourceStream start(
      ResourceStore store, Set<Kind> kinds, StreamListener listener) {
    return start(store, kinds, listener, ResourceDecoder::decode);
  }

  static ResourceStream start(
      ResourceStore store,
      Set<Kind> kinds,
      StreamListener listener,
      Function<KubeObject, Decoded> decoder) {
    ResourceStream stream = new ResourceStream(store, kinds, listener, decoder);
    stream.thread.start();
    return stream;
  }

  /**
   * How a stream is doing.
   *
   * @param inSync whether everything that existed at the start was delivered
   * @param running false once the stream was closed or its listener failed
   * @param problems of stored objects that could not be read as they should
   * @param failures of kinds whose source does not answer now
   */
  public record Status(
      boolean inSync,
      boolean running,
      Map<ResourceKey, List<Problem>> problems,
      Map<Kind, String> failures) {
    public Status {
      problems = Map.copyOf(problems);
      failures = Map.copyOf(failures);
    }
  }

  public Status status() {
    return new Status(inSync, !closed, problems, failures);
  }

  /** Ends the stream; when this returns, the listener is not called any more. */
  @Override
  public void close() {
    closed = true;
    if (Thread.currentThread() == thread) {
      return;
    }
    thread.interrupt();
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    try {
      while (!closed) {
        listWhatIsDue();
        Event event = queue.poll();
        if (event == null) {
          flush();
          event = queue.poll(nanosToNextList(), TimeUnit.NANOSECONDS);
        }
        if (event != null) {
          event.source().handle(event);
        }
      }
    } catch (InterruptedException e) {
      LOG.debug("The resource stream was interrupted and delivers no more");
    } catch (RuntimeException e) {
      if (closed) {
        // What was asked for was broken off by the end of the stream.
        LOG.debug("The resource stream was closed in the middle of a change", e);
      } else {
        // A listener that throws has lost a change: going on would compute with a hole.
        LOG.error("The resource stream ends, because its listener failed", e);
      }
    } finally {
      closed = true;
      sources.forEach(KindSource::stop);
      // Watches that wait for room in the queue find it and then see that they are closed.
      queue.clear();
    }
  }

  private void listWhatIsDue() {
    long now = System.nanoTime();
    for (KindSource source : sources) {
      if (!closed && source.nanosToList(now) <= 0) {
        source.list();
      }
    }
    if (!inSync && !closed && sources.stream().allMatch(KindSource::listed)) {
      inSync = true;
      deliver(new ResourceChange.InSync());
    }
  }

  private long nanosToNextList() {
    long now = System.nanoTime();
    return sources.stream()
        .mapToLong(source -> source.nanosToList(now))
        .min()
        .orElse(Long.MAX_VALUE);
  }

  private void deliver(ResourceChange change) {
    listener.changed(change);
    if (++unflushed >= FLUSH_AFTER) {
      flush();
    }
  }

  private void flush() {
    if (unflushed > 0) {
      unflushed = 0;
      listener.flush();
    }
  }

  private void tellProblems(ResourceKey key, List<Problem> found) {
    List<Problem> before = found.isEmpty() ? problems.remove(key) : problems.put(key, found);
    if (!found.equals(before == null ? List.of() : before)) {
      listener.problems(key, found);
    }
  }

  /** Decodes what the sources find and hands it to the listener. */
  private final class Delivery implements KindSource.Delivery {
    @Override
    public void upsert(KubeObject object) {
      Decoded decoded = decoder.apply(object);
      deliver(new ResourceChange.Upsert(decoded.resource()));
      tellProblems(object.key(), decoded.problems());
    }

    @Override
    public void removed(ResourceKey key) {
      deliver(new ResourceChange.Removed(key));
      tellProblems(key, List.of());
    }

    @Override
    public void failed(Kind kind, StoreException reason) {
      String message = String.valueOf(reason.getMessage());
      if (!message.equals(failures.put(kind, message)) && !closed) {
        LOG.warn("Cannot read {}: {}", kind.plural(), message);
        listener.sourceFailed(kind, reason);
      }
    }

    @Override
    public void recovered(Kind kind) {
      failures.remove(kind);
      LOG.info("Reading {} again", kind.plural());
      listener.sourceRecovered(kind);
    }
  }
}
