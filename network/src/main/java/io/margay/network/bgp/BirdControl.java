package io.margay.network.bgp;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Asks a running BIRD through its control socket, as birdc does. */
public final class BirdControl {
  private static final int PROTOCOL_LINE = 1002;

  /** Answers from here on are errors. */
  private static final int FIRST_ERROR = 8000;

  private final Path socket;

  public BirdControl(Path socket) {
    this.socket = socket;
  }

  /**
   * One protocol of BIRD.
   *
   * @param state {@code up}, {@code start} or {@code down}
   * @param since as BIRD writes it
   * @param info for BGP the state of the session, and why it is not established
   */
  public record ProtocolState(String name, String type, String state, String since, String info) {}

  /**
   * How the protocols are.
   *
   * @throws BirdException if BIRD does not answer
   */
  public List<ProtocolState> protocols() {
    List<ProtocolState> states = new ArrayList<>();
    for (Line line : ask("show protocols")) {
      if (line.code() == PROTOCOL_LINE) {
        String[] columns = line.text().trim().split("\\s+", 6);
        if (columns.length >= 5) {
          String info = columns.length == 6 ? columns[5].trim() : "";
          states.add(new ProtocolState(columns[0], columns[1], columns[3], columns[4], info));
        }
      }
    }
    return states;
  }

  /** Lets BIRD read its configuration again. */
  void configure() {
    ask("configure");
  }

  private record Line(int code, String text) {}

  private List<Line> ask(String command) {
    try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      channel.connect(UnixDomainSocketAddress.of(socket));
      BufferedReader reader =
          new BufferedReader(Channels.newReader(channel, StandardCharsets.UTF_8));
      answer(reader);
      channel.write(ByteBuffer.wrap((command + "\n").getBytes(StandardCharsets.UTF_8)));
      List<Line> lines = answer(reader);
      Line last = lines.getLast();
      if (last.code() >= FIRST_ERROR) {
        throw new BirdException("BIRD refuses \"" + command + "\": " + last.text());
      }
      return lines;
    } catch (IOException e) {
      throw new BirdException("BIRD does not answer at " + socket + ": " + e.getMessage(), e);
    }
  }

  /** Lines begin with a code, then a hyphen or, the last one, a space; others go on with it. */
  private static List<Line> answer(BufferedReader reader) throws IOException {
    List<Line> lines = new ArrayList<>();
    int code = 0;
    for (String line = reader.readLine(); line != null; line = reader.readLine()) {
      if (!line.matches("[0-9]{4}[- ].*")) {
        lines.add(new Line(code, line));
        continue;
      }
      code = Integer.parseInt(line.substring(0, 4));
      lines.add(new Line(code, line.substring(5)));
      if (line.charAt(4) == ' ') {
        return lines;
      }
    }
    throw new IOException("the answer was cut off");
  }
}
