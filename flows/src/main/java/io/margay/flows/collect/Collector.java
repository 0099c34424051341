package io.margay.flows.collect;

import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.margay.flows.DropCounters;
import io.margay.flows.FlowIngest;
import io.margay.flows.goldmane.proto.FlowCollectorGrpc;
import io.margay.flows.goldmane.proto.Wire;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** The gathering end: Goldmane's FlowCollector, for our nodes and for Felix. */
public final class Collector extends FlowCollectorGrpc.FlowCollectorImplBase {
  /** Keys that Felix nodes may repeat: a thousand nodes with a thousand flows each. */
  private static final int REMEMBERED_FLOWS = 1_000_000;

  private static final int MOST_NODES = 10_000;

  private final SenderLedger ledger;
  private final ForeignDeduplication foreign;
  private final FlowIngest ingest;
  private final DropCounters drops;
  private final InstantSource clock;
  private final AtomicInteger connections = new AtomicInteger();
  private final Map<String, Map<String, Long>> droppedAtNodes = new ConcurrentHashMap<>();

  /** One that forgets what Felix sent when its process ends, as it forgets the flows. */
  public Collector(FlowIngest ingest, DropCounters drops, InstantSource clock) {
    this(ingest, drops, clock, null);
  }

  /**
   * @param drops counts what cannot be read
   * @param seen a file that tells the next process what Felix sent to this one; null for none
   */
  public Collector(
      FlowIngest ingest, DropCounters drops, InstantSource clock, @Nullable Path seen) {
    this.foreign =
        new ForeignDeduplication(REMEMBERED_FLOWS, seen == null ? null : new SeenFile(seen));
    this.ingest = ingest;
    this.ledger = new SenderLedger(ingest);
    this.drops = drops;
    this.clock = clock;
  }

  @Override
  public StreamObserver<Wire.FlowUpdate> connect(StreamObserver<Wire.FlowReceipt> receipts) {
    connections.incrementAndGet();
    return new NodeStream(
        this, ClientAddress.current(), (ServerCallStreamObserver<Wire.FlowReceipt>) receipts);
  }

  SenderLedger ledger() {
    return ledger;
  }

  ForeignDeduplication foreign() {
    return foreign;
  }

  FlowIngest ingest() {
    return ingest;
  }

  DropCounters drops() {
    return drops;
  }

  InstantSource clock() {
    return clock;
  }

  void ended() {
    connections.decrementAndGet();
  }

  void nodeDropped(String node, Map<String, Long> dropped) {
    if (droppedAtNodes.size() < MOST_NODES || droppedAtNodes.containsKey(node)) {
      droppedAtNodes.put(node, Map.copyOf(dropped));
    }
  }

  /** How many nodes and other clients are connected. */
  public int connections() {
    return connections.get();
  }

  /** How many updates came again and were passed over. */
  public long repeated() {
    return ledger.repeated() + foreign.repeated();
  }

  /** What nodes say that they dropped since their start, as {@code node_reason}. */
  public Map<String, Long> droppedAtNodes() {
    Map<String, Long> all = new TreeMap<>();
    droppedAtNodes.forEach(
        (node, counts) -> counts.forEach((reason, count) -> all.put(node + "_" + reason, count)));
    return all;
  }
}
