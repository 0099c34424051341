package io.margay.dataplane.check;

import io.margay.kernel.route.MacAddress;
import io.margay.model.flow.FlowEvent;
import io.margay.model.flow.FlowEvent.Judged;
import io.margay.model.net.IpAddress;
import io.margay.model.net.Packet;
import io.margay.model.verdict.Direction;
import io.margay.model.verdict.Verdict;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Nodes in network namespaces, and real packets through them. Whether a packet was allowed is never
 * concluded from silence: it arrives at its destination (or the destination's node answers), or the
 * node that dropped it reports the denial.
 */
final class PacketNetwork implements VectorNetwork {
  /** Probes on their way at a time: fewer than a socket's buffer holds frames. */
  private static final int WINDOW = 64;

  /** A packet whose fate is unknown after this long is sent once more, and is lost after twice. */
  private static final int FATE_MILLIS = 700;

  /** How long the kernel may take to report a packet that has arrived. */
  private static final int REPORT_MILLIS = 300;

  private final Wires wires = new Wires(this::frameArrived);
  private final Frames frames = new Frames();
  private final List<WiredNode> nodes = new ArrayList<>();
  private final Map<String, WiredNode> byName = new HashMap<>();
  private final Map<Packet, Flight> flights = new ConcurrentHashMap<>();
  private @Nullable ClusterState current;

  @Override
  public void update(ClusterState cluster) {
    Topology topology = cluster.topology();
    if (current != cluster) {
      byName.clear();
      current = cluster;
    }
    topology.nodes().keySet().forEach(name -> node(name, topology.uplink(name)));
    byName.forEach((name, node) -> lay(name, node, topology));
    byName.forEach((name, node) -> node.apply(cluster.delta(name)));
  }

  /** The node of a name; one that an earlier vector left is taken over. */
  private WiredNode node(String name, String uplink) {
    WiredNode known = byName.get(name);
    if (known != null) {
      return known;
    }
    WiredNode node =
        nodes.stream()
            .filter(free -> free.uplinkName().equals(uplink) && !byName.containsValue(free))
            .findFirst()
            .orElseGet(() -> {
              WiredNode made = new WiredNode(wires, uplink, nodes.size() + 1);
              nodes.add(made);
              return made;
            });
    node.restart(name, this::reported);
    byName.put(name, node);
    return node;
  }

  private void lay(String name, WiredNode node, Topology topology) {
    Set<IpAddress> own = topology.nodes().getOrDefault(name, Set.of());
    Set<IpAddress> reached = new HashSet<>(topology.pods().keySet());
    topology.nodes().values().forEach(reached::addAll);
    reached.removeAll(own);
    node.reachOnly(reached);
    node.addresses(own);
    topology
        .pods()
        .forEach((address, pod) -> {
          if (pod.node().equals(name)) {
            node.reachPod(address, pod.interfaceName());
          } else {
            node.reachThrough(address, nodeOf(pod.node()));
          }
        });
    topology
        .nodes()
        .forEach((other, addresses) -> {
          if (!other.equals(name)) {
            addresses.forEach(address -> node.reachThrough(address, nodeOf(other)));
          }
        });
  }

  private WiredNode nodeOf(String name) {
    return Objects.requireNonNull(byName.get(name), name);
  }

  /** A probe that is on its way. */
  private static final class Flight {
    final Probe probe;
    final Semaphore window;

    /** Who takes the frame at its destination; null for a node, whose own stack takes it. */
    final @Nullable MacAddress receiver;

    /** The ends of its way that have policies. */
    final Set<Place> judging;

    final List<Judged> judged = new ArrayList<>();
    @Nullable Verdict verdict;

    Flight(Probe probe, Set<Place> judging, Semaphore window, @Nullable MacAddress receiver) {
      this.probe = probe;
      this.judging = judging;
      this.window = window;
      this.receiver = receiver;
    }

    synchronized void end(Verdict found) {
      if (verdict == null) {
        verdict = found;
        window.release();
        notifyAll();
      }
    }

    synchronized void report(Judged event) {
      judged.add(event);
      notifyAll();
      if (!event.outcome().allowed()) {
        end(Verdict.DENY);
      }
    }

    /** Waits for the packet's fate. */
    synchronized boolean landed(long untilNanos) throws InterruptedException {
      while (verdict == null && System.nanoTime() < untilNanos) {
        TimeUnit.NANOSECONDS.timedWait(this, Math.max(1, untilNanos - System.nanoTime()));
      }
      return verdict != null;
    }

    /** Waits until all the pods on its way have reported it. */
    synchronized Observation observed(long untilNanos) throws InterruptedException {
      while (verdict != null && !reportsComplete() && System.nanoTime() < untilNanos) {
        TimeUnit.NANOSECONDS.timedWait(this, Math.max(1, untilNanos - System.nanoTime()));
      }
      return new Observation(verdict, judged);
    }

    private boolean reportsComplete() {
      return judged.stream().anyMatch(event -> isDenial(event, Direction.EGRESS))
          || (isReported(probe.from(), Direction.EGRESS)
              && isReported(probe.to(), Direction.INGRESS));
    }

    private boolean isReported(Place place, Direction direction) {
      return !judging.contains(place)
          || judged.stream().anyMatch(event -> event.direction() == direction);
    }

    private static boolean isDenial(Judged event, Direction direction) {
      return event.direction() == direction && !event.outcome().allowed();
    }
  }

  @Override
  public List<Observation> observe(List<Probe> probes) {
    Map<Packet, Flight> all = new HashMap<>();
    Semaphore window = new Semaphore(WINDOW);
    try {
      for (Probe probe : probes) {
        if (!all.containsKey(probe.packet())) {
          all.put(probe.packet(), launch(probe, window));
        }
      }
      long first = inMillis(FATE_MILLIS);
      for (Flight flight : all.values()) {
        if (!flight.landed(first)) {
          send(flight.probe);
        }
      }
      long second = inMillis(FATE_MILLIS);
      for (Flight flight : all.values()) {
        flight.landed(second);
      }
      long enough = inMillis(REPORT_MILLIS);
      List<Observation> observations = new ArrayList<>();
      for (Probe probe : probes) {
        observations.add(Objects.requireNonNull(all.get(probe.packet())).observed(enough));
      }
      return observations;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while packets were on their way", e);
    } finally {
      flights.clear();
      if (probes.stream().anyMatch(PacketNetwork::isAnswered)) {
        byName.values().forEach(WiredNode::forgetConnections);
      }
    }
  }

  /** Only nodes answer, and only an answer makes a connection an established one. */
  private static boolean isAnswered(Probe probe) {
    return probe.to() instanceof Place.OnNode || probe.from() instanceof Place.OnNode;
  }

  private Flight launch(Probe probe, Semaphore window) throws InterruptedException {
    // Lost probes keep their places: then it goes on without one.
    boolean inTime = window.tryAcquire(FATE_MILLIS, TimeUnit.MILLISECONDS);
    Set<Place> judging =
        Stream.of(probe.from(), probe.to()).filter(this::judges).collect(Collectors.toSet());
    Flight flight = new Flight(probe, judging, inTime ? window : new Semaphore(0), receiver(probe));
    flights.put(probe.packet(), flight);
    send(probe);
    return flight;
  }

  private boolean judges(Place place) {
    return switch (place) {
      case Place.InPod inPod -> true;
      case Place.OnNode(String node) ->
          current != null && current.topology().hostEndpoints().containsValue(node);
      case Place.Outside outside -> false;
    };
  }

  private static long inMillis(int millis) {
    return System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
  }

  private void send(Probe probe) {
    byte[] packet = frames.ip(probe.packet());
    switch (probe.from()) {
      case Place.InPod(String node, String interfaceName) -> {
        Wires.Cable cable = nodeOf(node).pod(interfaceName);
        cable.end().send(Frames.ethernet(WiredNode.POD_SIDE, cable.mac(), packet));
      }
      case Place.OnNode(String node) -> {
        if (probe.fromOwnNode()) {
          sendFromOutside(nodeOf(node), packet);
        } else {
          nodeOf(node).send(packet);
        }
      }
      case Place.Outside outside -> sendFromOutside(nodeOf(probe.entry()), packet);
    }
  }

  private void sendFromOutside(WiredNode entry, byte[] packet) {
    wires.sendFromOutside(Frames.ethernet(entry.mac(), Wires.OUTSIDE, packet));
  }

  private void reported(FlowEvent event) {
    if (event instanceof Judged judged) {
      Flight flight = flights.get(judged.packet());
      if (flight != null) {
        flight.report(judged);
      }
    }
  }

  private void frameArrived(byte[] frame) {
    MacAddress taker = Frames.receiver(frame);
    Optional<Flight> arrived =
        Frames.packet(frame).map(flights::get).filter(flight -> taker.equals(flight.receiver));
    if (arrived.isPresent()) {
      arrived.get().end(Verdict.ALLOW);
      return;
    }
    Frames.answered(frame)
        .map(flights::get)
        .filter(flight -> flight.probe.to() instanceof Place.OnNode)
        .ifPresent(flight -> flight.end(Verdict.ALLOW));
  }

  private @Nullable MacAddress receiver(Probe probe) {
    return switch (probe.to()) {
      case Place.InPod(String node, String interfaceName) -> nodeOf(node).pod(interfaceName).mac();
      case Place.OnNode onNode -> null;
      case Place.Outside outside -> Wires.OUTSIDE;
    };
  }

  @Override
  public void close() {
    nodes.forEach(WiredNode::close);
    wires.close();
  }
}
