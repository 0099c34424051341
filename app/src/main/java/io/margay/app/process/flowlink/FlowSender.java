package io.margay.app.process.flowlink;

import io.margay.model.flow.FlowEvent;
import io.margay.model.verdict.Outcome;
import java.io.BufferedWriter;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The node's end of the link. Connects when there is somebody to connect to and again after every
 * failure; the node never waits for it.
 */
public final class FlowSender implements Consumer<FlowEvent>, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(FlowSender.class);
  private static final int QUEUED_EVENTS = 10_000;
  private static final Duration RETRY = Duration.ofSeconds(1);

  /** Outcomes are few; should they not be, the connection starts over with none known. */
  private static final int KNOWN_OUTCOMES = 100_000;

  private final String node;
  private final Path socket;
  private final BlockingQueue<FlowEvent> queue = new ArrayBlockingQueue<>(QUEUED_EVENTS);
  private final AtomicLong dropped = new AtomicLong();
  private final Thread thread =
      Thread.ofPlatform().daemon().name("flow-sender").unstarted(this::run);
  private volatile boolean closed;

  private FlowSender(String node, Path socket) {
    this.node = node;
    this.socket = socket;
  }

  /** Starts to send to the socket of a {@link FlowReceiver}, whether it is there yet or not. */
  public static FlowSender start(String node, Path socket) {
    FlowSender sender = new FlowSender(node, socket);
    sender.thread.start();
    return sender;
  }

  @Override
  public void accept(FlowEvent event) {
    if (!queue.offer(event)) {
      dropped.incrementAndGet();
    }
  }

  /** How many events were lost: no room, or a connection that broke. */
  public long dropped() {
    return dropped.get();
  }

  private void run() {
    boolean complained = false;
    while (!closed) {
      try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
        complained = false;
        send(channel);
      } catch (IOException e) {
        if (!complained) {
          log.warn("flow records cannot be sent to {}: {}; trying on", socket, e.getMessage());
          complained = true;
        }
        if (!pause()) {
          return;
        }
      } catch (InterruptedException e) {
        return; // close() wants us to end
      }
    }
  }

  private boolean pause() {
    try {
      Thread.sleep(RETRY);
      return true;
    } catch (InterruptedException e) {
      return false;
    }
  }

  private void send(SocketChannel channel) throws IOException, InterruptedException {
    BufferedWriter writer = new BufferedWriter(Channels.newWriter(channel, StandardCharsets.UTF_8));
    Map<Outcome, Integer> known = new HashMap<>();
    long told = 0;
    while (!closed && known.size() < KNOWN_OUTCOMES) {
      FlowEvent event = queue.poll(1, TimeUnit.SECONDS);
      if (event != null) {
        try {
          send(event, known, writer);
        } catch (IOException e) {
          dropped.incrementAndGet();
          throw e;
        }
      }
      if (dropped.get() != told) {
        told = dropped.get();
        write(new Line.Dropped(node, told), writer);
      }
      if (queue.isEmpty()) {
        writer.flush();
      }
    }
    writer.flush();
  }

  private static void send(FlowEvent event, Map<Outcome, Integer> known, BufferedWriter writer)
      throws IOException {
    Integer number = known.get(event.outcome());
    if (number == null) {
      number = known.size();
      known.put(event.outcome(), number);
      write(new Line.Meaning(number, event.outcome()), writer);
    }
    write(Line.of(event, number), writer);
  }

  private static void write(Line line, BufferedWriter writer) throws IOException {
    writer.write(Line.JSON.writerFor(Line.class).writeValueAsString(line));
    writer.newLine();
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
