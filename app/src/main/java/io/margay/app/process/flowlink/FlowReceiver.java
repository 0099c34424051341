package io.margay.app.process.flowlink;

import io.margay.model.flow.FlowEvent;
import io.margay.model.verdict.Outcome;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The gathering end of the link: takes the events of any number of nodes. */
public final class FlowReceiver implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(FlowReceiver.class);

  private final Path socket;
  private final ServerSocketChannel server;
  private final Consumer<FlowEvent> sink;
  private final Map<String, Long> dropped = new ConcurrentHashMap<>();

  private FlowReceiver(Path socket, ServerSocketChannel server, Consumer<FlowEvent> sink) {
    this.socket = socket;
    this.server = server;
    this.sink = sink;
  }

  /**
   * Listens on a socket file, which replaces one that a killed process left.
   *
   * @param sink called from several threads
   */
  public static FlowReceiver start(Path socket, Consumer<FlowEvent> sink) throws IOException {
    Files.deleteIfExists(socket);
    ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    server.bind(UnixDomainSocketAddress.of(socket));
    Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rw-------"));
    FlowReceiver receiver = new FlowReceiver(socket, server, sink);
    Thread.ofVirtual().name("flow-receiver").start(receiver::accept);
    return receiver;
  }

  /** How many events each node says that it has dropped. */
  public Map<String, Long> dropped() {
    return Map.copyOf(dropped);
  }

  private void accept() {
    while (server.isOpen()) {
      try {
        SocketChannel node = server.accept();
        Thread.ofVirtual().name("flow-receiver-node").start(() -> receive(node));
      } catch (IOException e) {
        if (server.isOpen()) {
          log.warn("a node could not connect: {}", e.toString());
        }
      }
    }
  }

  private void receive(SocketChannel node) {
    Map<Integer, Outcome> outcomes = new HashMap<>();
    try (node;
        BufferedReader reader =
            new BufferedReader(Channels.newReader(node, StandardCharsets.UTF_8))) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        take(Line.JSON.readValue(line, Line.class), outcomes);
      }
    } catch (IOException e) {
      if (server.isOpen()) {
        log.warn("the connection of a node broke: {}", e.toString());
      }
    }
  }

  private void take(Line line, Map<Integer, Outcome> outcomes) throws IOException {
    switch (line) {
      case Line.Meaning meaning -> outcomes.put(meaning.number(), meaning.outcome());
      case Line.Judged judged ->
          sink.accept(Line.event(judged, known(outcomes.get(judged.outcome()))));
      case Line.Counted counted ->
          sink.accept(Line.event(counted, known(outcomes.get(counted.outcome()))));
      case Line.Dropped drops -> dropped.put(drops.node(), drops.events());
    }
  }

  private static Outcome known(@Nullable Outcome outcome) throws IOException {
    if (outcome == null) {
      throw new IOException("an event names an outcome that was never told");
    }
    return outcome;
  }

  @Override
  public void close() {
    try {
      server.close();
      Files.deleteIfExists(socket);
    } catch (IOException e) {
      log.warn("{} does not close: {}", socket, e.toString());
    }
  }
}
