package io.margay.dataplane.events;

import io.margay.dataplane.DataplaneStats;
import io.margay.kernel.KernelException;
import io.margay.kernel.conntrack.Conntrack;
import io.margay.kernel.conntrack.ConntrackEvent;
import io.margay.kernel.conntrack.ConntrackMonitor;
import io.margay.kernel.netns.NetworkNamespace;
import io.margay.kernel.nflog.PacketLog;
import io.margay.model.flow.FlowEvent;
import io.margay.model.flow.FlowEvent.ServiceAddress;
import io.margay.model.net.Packet;
import io.margay.model.verdict.Direction;
import java.time.Clock;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.IntUnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Collects what the kernel reports of one namespace: logged packets and ended connections as they
 * come, counters from time to time.
 */
public final class KernelEvents implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(KernelEvents.class);

  /** How long logged packets may be on their way: twice what the kernel is told to hold them. */
  private static final Duration SETTLING = Duration.ofMillis(50);

  private final CountedOutcomes counts;
  private final Map<Direction, JudgedEvents> judged = new EnumMap<>(Direction.class);
  private final Map<Direction, PacketLog> logs = new EnumMap<>(Direction.class);
  private final ConnectionCounters connections;
  private final Conntrack conntrack;
  private final ConntrackMonitor monitor;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("flow-counters").factory());

  /** The kernel's number of packets that each outcome had. */
  public interface CountedOutcomes {
    /** Packets by mark. */
    Map<Integer, Long> read(Direction direction);
  }

  /**
   * Where and how to collect.
   *
   * @param node the name to report
   * @param egressGroup the NFLOG group of egress verdicts
   * @param ingressGroup the NFLOG group of ingress verdicts
   * @param idOfMark takes the outcome id out of a mark
   * @param period how often counters are read
   */
  public record Settings(
      String node, int egressGroup, int ingressGroup, IntUnaryOperator idOfMark, Duration period) {
    int group(Direction direction) {
      return direction == Direction.EGRESS ? egressGroup : ingressGroup;
    }
  }

  /**
   * Starts to collect.
   *
   * @param sink is called by several threads and must not block for long
   */
  public KernelEvents(
      NetworkNamespace namespace,
      Settings settings,
      NodeTables tables,
      CountedOutcomes counts,
      Consumer<FlowEvent> sink) {
    Clock clock = Clock.systemUTC();
    this.counts = counts;
    this.conntrack = Conntrack.open(namespace);
    for (Direction direction : Direction.values()) {
      JudgedEvents events =
          new JudgedEvents(
              settings.node(), direction, tables, settings.idOfMark(), sink, clock, this::service);
      events.baseline(countsLeftBehind(direction));
      judged.put(direction, events);
      logs.put(direction, openLog(namespace, settings.group(direction), events));
    }
    Conntrack.startCounting(namespace);
    this.connections =
        new ConnectionCounters(settings.node(), tables, settings.idOfMark(), sink, clock);
    this.monitor =
        ConntrackMonitor.open(namespace, Set.of(ConntrackMonitor.Kind.ENDED), this::conntrackEvent);
    long period = settings.period().toMillis();
    timer.scheduleWithFixedDelay(this::readCounters, period, period, TimeUnit.MILLISECONDS);
  }

  private PacketLog openLog(NetworkNamespace namespace, int group, JudgedEvents events) {
    try {
      return PacketLog.open(namespace, PacketLog.Settings.ofGroup(group), events::logged);
    } catch (KernelException e) {
      // Most likely another process of ours still runs here: leave nothing behind.
      logs.values().forEach(PacketLog::close);
      conntrack.close();
      timer.shutdownNow();
      throw e;
    }
  }

  /**
   * By the time a logged packet arrives here its connection is in the table, if it was allowed. One
   * that is gone already is reported without its service.
   */
  private @Nullable ServiceAddress service(Packet packet) {
    return packet.protocol().hasPorts()
        ? conntrack.connection(Packets.answer(packet)).map(Packets::service).orElse(null)
        : null;
  }

  private Map<Integer, Long> countsLeftBehind(Direction direction) {
    try {
      return counts.read(direction);
    } catch (KernelException e) {
      return Map.of(); // a table of another version, which will be replaced
    }
  }

  private void conntrackEvent(ConntrackEvent event) {
    switch (event) {
      case ConntrackEvent.Ended(var connection) -> connections.ended(connection);
      case ConntrackEvent.Begun begun -> {} // NFLOG has said so
      case ConntrackEvent.Changed changed -> {}
      case ConntrackEvent.Resync resync -> {} // the next dump compares
    }
  }

  /** Reads the counters of all connections and outcomes now, and reports what is new in them. */
  public void readCounters() {
    try {
      Map<Direction, Map<Integer, Long>> counted = new EnumMap<>(Direction.class);
      for (Direction direction : Direction.values()) {
        counted.put(direction, counts.read(direction));
      }
      connections.dumpBegins();
      connections.dumped(conntrack.connections());
      Thread.sleep(SETTLING);
      judged.forEach(
          (direction, events) -> events.counted(counted.getOrDefault(direction, Map.of())));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (KernelException e) {
      log.warn("flow counters were not read, the next time is in a few seconds", e);
    }
  }

  public DataplaneStats.Events stats() {
    long lost = logs.values().stream().mapToLong(PacketLog::lost).sum();
    return new DataplaneStats.Events(
        judged.values().stream().mapToLong(JudgedEvents::judged).sum(),
        judged.values().stream().mapToLong(JudgedEvents::skipped).sum(),
        lost,
        monitor.overruns(),
        judged.values().stream().mapToLong(JudgedEvents::unknownOutcome).sum(),
        judged.values().stream().mapToLong(JudgedEvents::unreadable).sum());
  }

  @Override
  public void close() {
    timer.shutdownNow();
    logs.values().forEach(PacketLog::close);
    monitor.close();
    try {
      // A reading that has begun still uses the socket.
      if (!timer.awaitTermination(10, TimeUnit.SECONDS)) {
        log.warn("the reading of flow counters does not end");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    conntrack.close();
  }
}
