package io.margay.dataplane.events;

import io.margay.kernel.nflog.LoggedPacket;
import io.margay.kernel.packet.PacketHeader;
import io.margay.model.flow.FlowEvent;
import io.margay.model.flow.FlowEvent.Judged;
import io.margay.model.flow.FlowEvent.ServiceAddress;
import io.margay.model.net.Packet;
import io.margay.model.verdict.Direction;
import io.margay.model.verdict.Outcome;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.IntUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Logged packets of one direction as flow events. The kernel counts every packet of an outcome but
 * logs only some; what it left out is reported later as a number, with the outcome's last packet
 * for an example.
 */
final class JudgedEvents {
  private final String node;
  private final Direction direction;
  private final NodeTables tables;
  private final IntUnaryOperator idOfMark;
  private final Consumer<FlowEvent> sink;
  private final Clock clock;
  private final Services services;
  private final Map<Integer, Seen> seen = new HashMap<>();

  /** The kernel's counts when this process began to look. */
  private final Map<Integer, Long> baselines = new HashMap<>();

  private long judged;
  private long skipped;
  private long unknownOutcome;
  private long unreadable;

  /** Knows where clients thought they were going. */
  interface Services {
    /** The address before translation of an allowed packet's destination; null without one. */
    @Nullable ServiceAddress of(Packet packet);
  }

  /** What is known of an outcome's packets. */
  private static final class Seen {
    long logged;
    long reportedAsSkipped;
    long counted;
    Judged last;

    Seen(Judged last) {
      this.last = last;
    }
  }

  JudgedEvents(
      String node,
      Direction direction,
      NodeTables tables,
      IntUnaryOperator idOfMark,
      Consumer<FlowEvent> sink,
      Clock clock,
      Services services) {
    this.node = node;
    this.direction = direction;
    this.tables = tables;
    this.idOfMark = idOfMark;
    this.sink = sink;
    this.clock = clock;
    this.services = services;
  }

  synchronized void logged(LoggedPacket logged) {
    int id = idOfMark.applyAsInt(logged.mark());
    Outcome outcome = tables.outcome(id);
    if (outcome == null) {
      unknownOutcome++;
      return;
    }
    Optional<PacketHeader> header = PacketHeader.parse(logged.header());
    if (header.isEmpty()) {
      unreadable++;
      return;
    }
    Packet packet = Packets.of(header.get());
    Judged event =
        new Judged(
            at(logged),
            node,
            packet,
            direction,
            outcome,
            header.get().length(),
            1,
            outcome.allowed() ? services.of(packet) : null,
            header.get().dscp());
    judged++;
    Seen ofOutcome = seen.computeIfAbsent(id, x -> new Seen(event));
    ofOutcome.last = event;
    ofOutcome.logged++;
    sink.accept(event);
  }

  private Instant at(LoggedPacket logged) {
    return logged.timestampMicros() == 0
        ? clock.instant()
        : Instant.EPOCH.plus(logged.timestampMicros(), ChronoUnit.MICROS);
  }

  /** How the kernel's counts stood before anything was logged to this process. */
  synchronized void baseline(Map<Integer, Long> packetsByMark) {
    packetsByMark.forEach((mark, packets) -> baselines.put(idOfMark.applyAsInt(mark), packets));
  }

  /**
   * Compares with the kernel's counts. They must have been read long enough ago that what was
   * logged until then has arrived.
   */
  synchronized void counted(Map<Integer, Long> packetsByMark) {
    packetsByMark.forEach((mark, packets) -> counted(idOfMark.applyAsInt(mark), packets));
  }

  private void counted(int id, long packets) {
    Seen ofOutcome = seen.get(id);
    if (ofOutcome == null) {
      return; // the first packet of an outcome is never skipped, so there was none
    }
    if (packets < ofOutcome.counted) {
      // The kernel's counter began anew, because the outcome was away in between.
      baselines.remove(id);
      ofOutcome.logged = 0;
      ofOutcome.reportedAsSkipped = 0;
    }
    ofOutcome.counted = packets;
    long left =
        packets - baselines.getOrDefault(id, 0L) - ofOutcome.logged - ofOutcome.reportedAsSkipped;
    if (left <= 0) {
      return;
    }
    ofOutcome.reportedAsSkipped += left;
    skipped += left;
    Judged last = ofOutcome.last;
    sink.accept(
        new Judged(
            clock.instant(),
            node,
            last.packet(),
            direction,
            last.outcome(),
            last.bytes() * left,
            left,
            last.serviceAddress(),
            last.dscp()));
  }

  synchronized long judged() {
    return judged;
  }

  synchronized long skipped() {
    return skipped;
  }

  synchronized long unknownOutcome() {
    return unknownOutcome;
  }

  synchronized long unreadable() {
    return unreadable;
  }
}
