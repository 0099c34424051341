package io.margay.flows.collect;

import java.nio.file.Path;

/** Where the process that gathers flows listens. */
public sealed interface FlowAddress {
  /** The port of Goldmane's service. */
  int USUAL_PORT = 7443;

  /** A socket file on this machine, which the file's permissions guard. */
  record UnixSocket(Path path) implements FlowAddress {
    @Override
    public String toString() {
      return "unix:" + path;
    }
  }

  /** A host and port, which TLS guards. */
  record Tcp(String host, int port) implements FlowAddress {
    @Override
    public String toString() {
      return host.contains(":") ? "[" + host + "]:" + port : host + ":" + port;
    }
  }

  /**
   * Reads {@code unix:PATH}, {@code HOST:PORT}, {@code [V6]:PORT} or a host alone, which stands for
   * port {@value #USUAL_PORT}.
   *
   * @throws IllegalArgumentException with a message for the user
   */
  static FlowAddress parse(String text) {
    if (text.startsWith("unix:")) {
      return new UnixSocket(Path.of(text.substring("unix:".length())));
    }
    int closing = text.lastIndexOf(']');
    int colon = text.lastIndexOf(':');
    boolean hasPort = colon > closing && (closing >= 0 || text.indexOf(':') == colon);
    String host = hasPort ? text.substring(0, colon) : text;
    if (host.startsWith("[") && host.endsWith("]")) {
      host = host.substring(1, host.length() - 1);
    }
    if (host.isEmpty() || host.contains("/")) {
      throw new IllegalArgumentException(
          "\"" + text + "\" is no address, write HOST:PORT or unix:PATH");
    }
    return new Tcp(host, hasPort ? port(text, text.substring(colon + 1)) : USUAL_PORT);
  }

  private static int port(String text, String port) {
    try {
      int number = Integer.parseInt(port);
      if (number >= 0 && number <= 65_535) {
        return number;
      }
    } catch (NumberFormatException e) {
      // told below, as for a number that is too large
    }
    throw new IllegalArgumentException(
        "\"" + text + "\": \"" + port + "\" is no port, write a number from 0 to 65535");
  }
}
