package io.margay.console.http;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Answers only requests that were meant for this server. A web page of somebody else can make a
 * browser send requests here by giving its own name this machine's address, but the browser then
 * still sends that name.
 */
public final class HostCheck {
  private final Set<String> names = new TreeSet<>(Set.of("localhost", "127.0.0.1", "::1", "[::1]"));

  public HostCheck(List<String> hostNames) {
    hostNames.forEach(name -> names.add(name.toLowerCase(Locale.ROOT)));
  }

  /** Refuses a request that names another host; the port does not matter. */
  void check(@Nullable String host) {
    if (host == null || !names.contains(host.toLowerCase(Locale.ROOT))) {
      throw new HttpFailure(
          403,
          "the console answers to "
              + String.join(", ", names)
              + " only, and the request names "
              + (host == null ? "no host" : "\"" + host + "\""));
    }
  }
}
