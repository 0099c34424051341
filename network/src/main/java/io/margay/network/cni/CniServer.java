package io.margay.network.cni;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.margay.network.cni.CniException.Code;
import io.margay.network.cni.CniWire.Answer;
import java.io.IOException;
import java.net.ConnectException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers shims on a Unix socket that only the own user, which is root on a node, can use. */
public final class CniServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(CniServer.class);

  /** No configuration is nearly as long. */
  private static final int MOST_BYTES = 1 << 20;

  private final CniPlugin plugin;
  private final Path socket;
  private final ServerSocketChannel channel;
  private final ExecutorService calls = Executors.newVirtualThreadPerTaskExecutor();

  private CniServer(CniPlugin plugin, Path socket, ServerSocketChannel channel) {
    this.plugin = plugin;
    this.socket = socket;
    this.channel = channel;
  }

  /**
   * Listens, in place of a process that is gone.
   *
   * @throws IOException if it cannot, or if another process listens there
   */
  public static CniServer start(CniPlugin plugin, Path socket) throws IOException {
    if (Files.exists(socket)) {
      try (SocketChannel probe = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
        throw new IOException(socket + " is served by another process");
      } catch (ConnectException e) {
        Files.delete(socket);
      }
    }
    ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    try {
      channel.bind(UnixDomainSocketAddress.of(socket));
      Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rw-------"));
    } catch (IOException e) {
      channel.close();
      throw e;
    }
    CniServer server = new CniServer(plugin, socket, channel);
    server.calls.execute(server::accept);
    return server;
  }

  private void accept() {
    while (channel.isOpen()) {
      try {
        SocketChannel client = channel.accept();
        calls.execute(() -> serve(client));
      } catch (ClosedChannelException e) {
        return;
      } catch (IOException e) {
        LOG.warn("a call on {} was not accepted", socket, e);
      }
    }
  }

  private void serve(SocketChannel client) {
    try (client) {
      byte[] question = Channels.newInputStream(client).readNBytes(MOST_BYTES);
      Answer answer = answer(new String(question, StandardCharsets.UTF_8));
      ByteBuffer bytes = ByteBuffer.wrap(answer.text().getBytes(StandardCharsets.UTF_8));
      while (bytes.hasRemaining()) {
        client.write(bytes);
      }
    } catch (IOException e) {
      // The runtime gave up; it repeats the call or ends the pod.
      LOG.info("a call on {} was cut off: {}", socket, e.toString());
    }
  }

  /** Never throws: each failure is an answer. */
  private Answer answer(String text) {
    String input = "";
    try {
      CniWire.Question question = CniWire.readQuestion(text);
      input = question.input();
      ObjectNode output = plugin.call(CniCall.read(question.environment(), input));
      return new Answer(0, output == null ? "" : output.toString());
    } catch (CniException e) {
      return Answer.of(e, CniConfig.version(input));
    } catch (RuntimeException e) {
      LOG.error("a call failed unexpectedly", e);
      return Answer.of(
          new CniException(Code.INTERNAL, "unexpected failure: " + e, e), CniConfig.version(input));
    }
  }

  /** Waits for calls that are under way: none is left half done. */
  @Override
  public void close() {
    try {
      channel.close();
      Files.deleteIfExists(socket);
    } catch (IOException e) {
      LOG.warn("{} was not closed", socket, e);
    }
    calls.close();
  }
}
