package io.margay.flows.collect;

import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.margay.flows.FlowUpdate;
import io.margay.flows.goldmane.FlowToWire;
import io.margay.flows.goldmane.proto.FlowCollectorGrpc;
import io.margay.flows.goldmane.proto.Wire;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends a spool's updates over one connection after another. Every update that was sent is answered
 * with a receipt, in order; what has none when a connection breaks is sent again over the next.
 */
final class Uplink implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Uplink.class);

  /** So many may be on their way: a slow gatherer slows its nodes instead of filling up. */
  private static final int WINDOW = 4_096;

  private static final int AT_ONCE = 256;
  private static final Duration PATIENCE = Duration.ofMillis(500);
  private static final Duration SHORTEST_PAUSE = Duration.ofMillis(100);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

  private final String node;
  private final Spool spool;
  private final FlowAddress target;
  private final @Nullable TlsFiles tls;
  private final Supplier<Map<String, Long>> dropped;
  private final Thread thread =
      Thread.ofPlatform().daemon().name("flow-uplink").unstarted(this::run);
  private volatile boolean closed;
  private volatile boolean connected;
  private final AtomicLong acknowledged = new AtomicLong();

  /**
   * @param dropped what the node dropped since its start, by reason
   */
  Uplink(
      String node,
      Spool spool,
      FlowAddress target,
      @Nullable TlsFiles tls,
      Supplier<Map<String, Long>> dropped) {
    this.node = node;
    this.spool = spool;
    this.target = target;
    this.tls = tls;
    this.dropped = dropped;
  }

  void start() {
    thread.start();
  }

  /** Whether updates are being taken at the other end. */
  boolean connected() {
    return connected;
  }

  /** How many updates have arrived for good. */
  long acknowledged() {
    return acknowledged.get();
  }

  private void run() {
    boolean complained = false;
    Duration pause = SHORTEST_PAUSE;
    while (!closed) {
      String end;
      long before = acknowledged.get();
      try (FlowChannel channel = FlowChannel.to(target, tls)) {
        end = new Connection(channel).run();
      } catch (InterruptedException e) {
        return; // close() wants us to end
      } catch (RuntimeException e) {
        end = String.valueOf(e.getMessage());
      }
      connected = false;
      spool.rewind();
      if (acknowledged.get() > before) {
        complained = false;
        pause = SHORTEST_PAUSE;
      }
      if (!closed && !complained) {
        complained = true;
        log.warn("flow records cannot be sent to {}: {}; trying on", target, end);
      }
      if (!sleep(pause)) {
        return;
      }
      pause = longer(pause);
    }
  }

  /** Not all nodes at the same moment. */
  private static boolean sleep(Duration pause) {
    try {
      Thread.sleep(pause.plusMillis(ThreadLocalRandom.current().nextLong(pause.toMillis())));
      return true;
    } catch (InterruptedException e) {
      return false;
    }
  }

  private static Duration longer(Duration pause) {
    Duration twice = pause.multipliedBy(2);
    return twice.compareTo(LONGEST_PAUSE) < 0 ? twice : LONGEST_PAUSE;
  }

  /** One call of Connect. */
  private final class Connection
      implements ClientResponseObserver<Wire.FlowUpdate, Wire.FlowReceipt> {
    private final ClientCallStreamObserver<Wire.FlowUpdate> call;
    private Map<String, Long> toldDrops = Map.of();
    private boolean over;
    private volatile @Nullable String end;

    Connection(FlowChannel channel) {
      this.call =
          (ClientCallStreamObserver<Wire.FlowUpdate>)
              FlowCollectorGrpc.newStub(channel.channel()).connect(this);
    }

    @Override
    public void beforeStart(ClientCallStreamObserver<Wire.FlowUpdate> stream) {
      stream.setOnReadyHandler(() -> LockSupport.unpark(thread));
    }

    /** A receipt that comes late is of an update that is sent again by then. */
    @Override
    public synchronized void onNext(Wire.FlowReceipt receipt) {
      if (!over) {
        spool.acknowledge();
        acknowledged.incrementAndGet();
        connected = true;
      }
    }

    private synchronized void giveUp() {
      over = true;
    }

    @Override
    public void onError(Throwable reason) {
      end = String.valueOf(reason.getMessage());
      LockSupport.unpark(thread);
    }

    @Override
    public void onCompleted() {
      end = "it has ended the connection";
      LockSupport.unpark(thread);
    }

    /** Sends until the connection breaks, and says why it did. */
    String run() throws InterruptedException {
      try {
        while (end == null && !closed) {
          if (call.isReady()) {
            send(spool.take(AT_ONCE, WINDOW, PATIENCE));
          } else {
            LockSupport.parkNanos(PATIENCE.toNanos());
            if (Thread.interrupted()) {
              throw new InterruptedException();
            }
          }
        }
      } finally {
        giveUp();
        call.cancel("the sender begins anew", null);
      }
      String why = end;
      return why == null ? "closed" : why;
    }

    private void send(List<FlowUpdate> updates) {
      Map<String, Long> newDrops = updates.isEmpty() ? Map.of() : newDrops();
      for (FlowUpdate update : updates) {
        call.onNext(FlowToWire.update(update, node, newDrops));
        newDrops = Map.of();
      }
    }

    private Map<String, Long> newDrops() {
      Map<String, Long> now = dropped.get();
      if (now.equals(toldDrops)) {
        return Map.of();
      }
      toldDrops = Map.copyOf(now);
      return toldDrops;
    }
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
    try {
      thread.join(Duration.ofSeconds(2));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
