package io.margay.flows.attribution;

import io.margay.flows.FlowKey;
import io.margay.flows.FlowService;
import io.margay.flows.PolicyTrace;
import io.margay.flows.Reporter;
import io.margay.flows.attribution.ConnectionTable.Connection;
import io.margay.flows.directory.EndpointDirectory;
import io.margay.flows.directory.EndpointDirectory.Ends;
import io.margay.model.flow.FlowEvent;
import io.margay.model.net.Packet;
import io.margay.model.net.Protocol;
import io.margay.model.resource.ResourceChange;
import io.margay.model.verdict.Direction;
import io.margay.model.verdict.Outcome;
import io.margay.model.verdict.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Says to which flow an event belongs and what it adds to it. Owned by one thread, which also turns
 * its time: nothing here reads a clock.
 *
 * <p>A packet is counted once: the first packet of an allowed connection with the news of the
 * connection, so that a flow is never empty, and taken off the connection's first counters. Denied
 * attempts have no counters, so their news is all there is.
 */
public final class Attributor {
  private static final int CACHED_TRACES = 10_000;

  private final Sink sink;
  private final EndpointDirectory directory = new EndpointDirectory();
  private final ConnectionTable connections;
  private final Map<Outcome, PolicyTrace> traces = new HashMap<>();

  /** Where flows are counted. */
  public interface Sink {
    /** Adds to a flow in the bucket of a moment. */
    void add(Instant at, FlowKey key, Ends ends, Increment increment);

    /** A key has so many more open connections than before, or fewer. */
    void live(FlowKey key, int change);
  }

  /**
   * @param connections how many open ones are followed
   */
  public Attributor(int connections, Sink sink) {
    this.connections = new ConnectionTable(connections);
    this.sink = sink;
  }

  /** Takes over a change of who has which address. */
  public void apply(ResourceChange change) {
    directory.apply(change);
  }

  /** Tells the sink what an event adds to its flow. */
  public void accept(FlowEvent event) {
    switch (event) {
      case FlowEvent.Judged judged -> judged(judged);
      case FlowEvent.Counted counted -> counted(counted);
    }
  }

  private void judged(FlowEvent.Judged event) {
    Ends ends = directory.attribute(event.packet());
    FlowKey key = key(event, ends, service(event), event.dscp());
    if (event.outcome().verdict() == Verdict.DENY) {
      long attempts = event.connections();
      sink.add(
          event.at(),
          key,
          ends,
          new Increment(attempts, 0, attempts * event.bytes(), 0, attempts, 0));
      return;
    }
    follow(event, new Connection(key, ends, event.at(), true, event.bytes()));
    sink.add(event.at(), key, ends, new Increment(1, 0, event.bytes(), 0, event.connections(), 0));
  }

  private void counted(FlowEvent.Counted event) {
    ConnectionTable.Id id = new ConnectionTable.Id(event.packet(), event.direction());
    Connection connection = connections.get(id);
    if (connection == null) {
      // Its first packet was skipped by a rate limit, or came before this process.
      Ends ends = directory.attribute(event.packet());
      FlowKey key = key(event, ends, serviceAtOtherEnd(event), FlowKey.UNKNOWN_DSCP);
      connection = new Connection(key, ends, event.at(), false, 0);
      if (!event.ended()) {
        follow(event, connection);
      }
    } else if (event.ended()) {
      connections.remove(id);
      sink.live(connection.key, -1);
    }
    connection.heardOf = event.at();
    boolean countedBefore = connection.firstPacketCounted && event.in().packets() > 0;
    if (countedBefore) {
      connection.firstPacketCounted = false;
    }
    sink.add(
        event.at(),
        connection.key,
        connection.ends,
        new Increment(
            event.in().packets() - (countedBefore ? 1 : 0),
            event.out().packets(),
            Math.max(0, event.in().bytes() - (countedBefore ? connection.firstPacketBytes : 0)),
            event.out().bytes(),
            0,
            event.ended() ? 1 : 0));
  }

  private void follow(FlowEvent event, Connection connection) {
    Connection before =
        connections.put(new ConnectionTable.Id(event.packet(), event.direction()), connection);
    sink.live(connection.key, 1);
    if (before != null) {
      sink.live(before.key, -1);
    }
  }

  private @Nullable FlowService service(FlowEvent.Judged event) {
    FlowEvent.ServiceAddress address = event.serviceAddress();
    return address == null
        ? serviceAtOtherEnd(event)
        : directory.service(address.address(), event.packet().protocol(), address.port());
  }

  /**
   * Only the node that translates the address knows the service. Where its pod's report of the same
   * connection came first, the other end can be told like it, instead of as another flow.
   */
  private @Nullable FlowService serviceAtOtherEnd(FlowEvent event) {
    Direction otherEnd =
        switch (event.direction()) {
          case INGRESS -> Direction.EGRESS;
          case EGRESS -> Direction.INGRESS;
        };
    Connection connection = connections.get(new ConnectionTable.Id(event.packet(), otherEnd));
    return connection == null ? null : connection.key.service();
  }

  private FlowKey key(FlowEvent event, Ends ends, @Nullable FlowService service, int dscp) {
    Packet packet = event.packet();
    Protocol protocol = packet.protocol();
    return new FlowKey(
        ends.source().peer(),
        ends.dest().peer(),
        protocol.hasPorts() ? packet.destinationPort() : 0,
        service,
        protocol,
        Reporter.of(event.direction()),
        trace(event.outcome()),
        dscp,
        "");
  }

  private PolicyTrace trace(Outcome outcome) {
    if (traces.size() > CACHED_TRACES) {
      traces.clear();
    }
    return traces.computeIfAbsent(outcome, PolicyTrace::of);
  }

  /**
   * Stops following connections that are silent for long, and the most silent of too many.
   *
   * @return how many
   */
  public int forgetIdle(Instant now, Duration idle) {
    return connections.forget(now.minus(idle), connection -> sink.live(connection.key, -1));
  }

  /** How many connections are followed. */
  public int connections() {
    return connections.size();
  }
}
