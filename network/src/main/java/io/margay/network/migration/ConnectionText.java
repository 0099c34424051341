package io.margay.network.migration;

import io.margay.kernel.conntrack.ConnectionTuple;
import io.margay.kernel.conntrack.MovableConnection;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/**
 * A connection as one line of a record: protocol; source, its port, destination, its port; the same
 * of replies; status, timeout and mark; and of TCP its state, scales and flags. All separated by
 * spaces, numbers decimal.
 */
final class ConnectionText {
  private static final int TUPLE_WORDS = 9;
  private static final int COMMON_WORDS = 12;
  private static final int TCP_WORDS = 5;

  private ConnectionText() {}

  static String of(MovableConnection connection) {
    StringJoiner line = new StringJoiner(" ");
    line.add(Integer.toString(connection.original().protocol()));
    add(line, connection.original());
    add(line, connection.reply());
    add(line, connection.status(), connection.timeoutSeconds(), connection.mark());
    MovableConnection.Tcp tcp = connection.tcp();
    if (tcp != null) {
      add(
          line,
          tcp.state(),
          tcp.originalScale(),
          tcp.replyScale(),
          tcp.originalFlags(),
          tcp.replyFlags());
    }
    return line.toString();
  }

  /** The part of a line that stays while the connection lives. */
  static String identity(String line) {
    String[] words = line.split(" ");
    return String.join(" ", Arrays.copyOf(words, TUPLE_WORDS));
  }

  private static void add(StringJoiner line, ConnectionTuple tuple) {
    line.add(tuple.source().getHostAddress()).add(Integer.toString(tuple.sourcePort()));
    line.add(tuple.destination().getHostAddress()).add(Integer.toString(tuple.destinationPort()));
  }

  private static void add(StringJoiner line, int... numbers) {
    for (int number : numbers) {
      line.add(Integer.toString(number));
    }
  }

  /**
   * Reads a line.
   *
   * @throws IllegalArgumentException if it is none
   */
  static MovableConnection parse(String line) {
    String[] words = line.split(" ");
    if (words.length != COMMON_WORDS && words.length != COMMON_WORDS + TCP_WORDS) {
      throw new IllegalArgumentException(
          "a connection of " + words.length + " words: 12, or 17 of TCP");
    }
    int protocol = Integer.parseInt(words[0]);
    return new MovableConnection(
        tuple(protocol, words, 1),
        tuple(protocol, words, 5),
        Integer.parseInt(words[11]),
        Integer.parseInt(words[9]),
        Integer.parseInt(words[10]),
        tcp(words));
  }

  private static ConnectionTuple tuple(int protocol, String[] words, int at) {
    return new ConnectionTuple(
        InetAddress.ofLiteral(words[at]),
        InetAddress.ofLiteral(words[at + 2]),
        protocol,
        port(words[at + 1]),
        port(words[at + 3]));
  }

  private static int port(String word) {
    int port = Integer.parseInt(word);
    if (port < 0 || port > 0xffff) {
      throw new IllegalArgumentException("not a port: " + word);
    }
    return port;
  }

  private static MovableConnection.@Nullable Tcp tcp(String[] words) {
    return words.length == COMMON_WORDS
        ? null
        : new MovableConnection.Tcp(
            Integer.parseInt(words[12]),
            Integer.parseInt(words[13]),
            Integer.parseInt(words[14]),
            Integer.parseInt(words[15]),
            Integer.parseInt(words[16]));
  }
}
