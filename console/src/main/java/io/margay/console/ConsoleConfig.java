package io.margay.console;

import java.util.List;

/**
 * Where the console listens and whom it answers.
 *
 * @param address to bind to
 * @param port 0 for any free one
 * @param hostNames that a request may name beside those of the loopback interface. A page of
 *     another site can have its own name resolve to this machine, but it cannot forge this one
 * @param https whether browsers come by HTTPS, through something before this server
 */
public record ConsoleConfig(String address, int port, List<String> hostNames, boolean https) {
  public ConsoleConfig {
    hostNames = List.copyOf(hostNames);
  }

  /** Only this machine may ask. */
  public static ConsoleConfig loopback(int port) {
    return new ConsoleConfig("127.0.0.1", port, List.of(), false);
  }
}
