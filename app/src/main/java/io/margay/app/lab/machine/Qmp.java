package io.margay.app.lab.machine;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * QEMU's control socket: commands and answers in JSON, with events between them, which nobody here
 * waits for. Not thread-safe.
 */
final class Qmp implements AutoCloseable {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final SocketChannel channel;
  private final JsonParser answers;

  private Qmp(SocketChannel channel) throws IOException {
    this.channel = channel;
    this.answers = JSON.createParser(Channels.newInputStream(channel));
  }

  /** Connects and leaves the mode in which QEMU only tells what it can. */
  static Qmp connect(Path socket) throws IOException {
    Qmp qmp = new Qmp(SocketChannel.open(UnixDomainSocketAddress.of(socket)));
    try {
      qmp.next(); // the greeting
      qmp.call("qmp_capabilities");
      return qmp;
    } catch (IOException e) {
      qmp.close();
      throw e;
    }
  }

  JsonNode call(String command) throws IOException {
    return call(command, JSON.createObjectNode());
  }

  /**
   * Gives a command and waits for its answer.
   *
   * @throws IOException with QEMU's words if it refuses
   */
  JsonNode call(String command, ObjectNode arguments) throws IOException {
    ObjectNode question = JSON.createObjectNode().put("execute", command);
    question.set("arguments", arguments);
    ByteBuffer bytes = ByteBuffer.wrap((question + "\n").getBytes(StandardCharsets.UTF_8));
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
    while (true) {
      JsonNode answer = next();
      if (answer.has("error")) {
        throw new IOException("QEMU, " + command + ": " + answer.at("/error/desc").asText());
      }
      if (answer.has("return")) {
        return answer.path("return");
      }
    }
  }

  static ObjectNode arguments() {
    return JSON.createObjectNode();
  }

  private JsonNode next() throws IOException {
    JsonNode message = JSON.readTree(answers);
    if (message == null) {
      throw new IOException("QEMU has ended");
    }
    return message;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
