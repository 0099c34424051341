package io.margay.flows.collect;

import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.margay.flows.DropReason;
import io.margay.flows.FlowUpdate;
import io.margay.flows.goldmane.UnreadableMessage;
import io.margay.flows.goldmane.WireToFlow;
import io.margay.flows.goldmane.WireToFlow.Received;
import io.margay.flows.goldmane.proto.Wire;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client's call of Connect. While a batch is being stored the next one gathers, so that a
 * client that waits for every receipt is served at once and a busy one in large batches. No more is
 * asked for than is receipted, and no receipt is given before its update is stored: a client that
 * floods us, or that does not read its receipts, is the one who waits.
 */
final class NodeStream implements StreamObserver<Wire.FlowUpdate> {
  private static final Logger log = LoggerFactory.getLogger(NodeStream.class);

  /** Messages of a client that may be here without a receipt. */
  private static final int WINDOW = 2_048;

  /** What is stored goes on here, not on the thread that stores. */
  private static final Executor RECEIPTS = Executors.newVirtualThreadPerTaskExecutor();

  private final Collector collector;
  private final String client;
  private final ServerCallStreamObserver<Wire.FlowReceipt> receipts;
  private final WireToFlow reader = new WireToFlow();
  private List<Wire.FlowUpdate> gathered = new ArrayList<>();
  private boolean storing;
  private int owed;
  private boolean clientDone;
  private boolean over;

  NodeStream(
      Collector collector, String client, ServerCallStreamObserver<Wire.FlowReceipt> receipts) {
    this.collector = collector;
    this.client = client;
    this.receipts = receipts;
    receipts.disableAutoRequest();
    receipts.setOnReadyHandler(this::goOn);
    receipts.setOnCancelHandler(this::cancelled);
    receipts.request(WINDOW);
  }

  @Override
  public synchronized void onNext(Wire.FlowUpdate update) {
    gathered.add(update);
    goOn();
  }

  @Override
  public synchronized void onCompleted() {
    clientDone = true;
    goOn();
  }

  @Override
  public void onError(Throwable reason) {
    cancelled();
  }

  private synchronized void cancelled() {
    if (!over) {
      over = true;
      collector.ended();
    }
  }

  /** Does what can be done now: receipts, the next batch, the end. */
  private synchronized void goOn() {
    if (over) {
      return;
    }
    int given = 0;
    while (owed > 0 && receipts.isReady()) {
      receipts.onNext(Wire.FlowReceipt.getDefaultInstance());
      owed--;
      given++;
    }
    if (given > 0) {
      receipts.request(given);
    }
    if (!storing && !gathered.isEmpty()) {
      storing = true;
      List<Wire.FlowUpdate> batch = gathered;
      gathered = new ArrayList<>();
      store(batch);
    } else if (clientDone && !storing && owed == 0) {
      over = true;
      collector.ended();
      receipts.onCompleted();
    }
  }

  private void store(List<Wire.FlowUpdate> batch) {
    List<CompletableFuture<Void>> stored = new ArrayList<>();
    List<Received> foreign = new ArrayList<>();
    Map<String, List<FlowUpdate>> bySender = new LinkedHashMap<>();
    for (Wire.FlowUpdate update : batch) {
      read(update, bySender, foreign);
    }
    bySender.forEach((sender, updates) -> stored.add(collector.ledger().accept(sender, updates)));
    if (!foreign.isEmpty()) {
      FlowUpdate.Origin origin = new FlowUpdate.Origin(client, 0);
      stored.add(
          collector.ingest().accept(foreign.stream().map(flow -> flow.update(origin)).toList()));
    }
    CompletableFuture.allOf(stored.toArray(CompletableFuture[]::new))
        .whenCompleteAsync(
            (_, failure) -> {
              if (failure == null) {
                collector.foreign().stored(client, foreign, collector.clock().instant());
                stored(batch.size());
              } else {
                failed(foreign, failure);
              }
            },
            RECEIPTS);
  }

  /** What cannot be read is receipted like all else, since it would be no better next time. */
  private void read(
      Wire.FlowUpdate update, Map<String, List<FlowUpdate>> bySender, List<Received> foreign) {
    try {
      Received flow = reader.flow(update.getFlow());
      if (!update.hasSender()) {
        if (collector.foreign().isNew(client, flow, collector.clock().instant())) {
          foreign.add(flow);
        }
        return;
      }
      Wire.Sender sender = update.getSender();
      if (sender.getLife().isEmpty() || sender.getSequence() < 1) {
        throw new UnreadableMessage("the sender does not say who it is, or does not count from 1");
      }
      bySender
          .computeIfAbsent(sender.getLife(), _ -> new ArrayList<>())
          .add(flow.update(new FlowUpdate.Origin(sender.getLife(), sender.getSequence())));
      if (sender.getDroppedCount() > 0) {
        collector.nodeDropped(sender.getNode(), sender.getDroppedMap());
      }
    } catch (UnreadableMessage e) {
      collector.drops().count(DropReason.UNREADABLE, 1);
      log.debug("dropped an update of {}: {}", client, e.getMessage());
    }
  }

  private synchronized void stored(int updates) {
    storing = false;
    owed += updates;
    goOn();
  }

  /** The client keeps what has no receipt, and sends it again. */
  private synchronized void failed(List<Received> foreign, Throwable failure) {
    log.warn("the updates of {} were not stored: {}", client, failure.toString());
    collector.foreign().forget(client, foreign);
    if (!over) {
      over = true;
      collector.ended();
      receipts.onError(
          Status.UNAVAILABLE.withDescription("not stored, send it again").asRuntimeException());
    }
  }
}
