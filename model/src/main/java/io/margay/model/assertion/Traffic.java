package io.margay.model.assertion;

import io.margay.model.net.PortRange;
import io.margay.model.net.Protocol;
import java.util.ArrayList;
import java.util.List;

/**
 * The traffic that an assertion is about.
 *
 * @param parts any of them; none means all traffic
 */
public record Traffic(List<Part> parts) {
  public static final Traffic ALL = new Traffic(List.of());

  /**
   * One protocol.
   *
   * @param ports of the destination
   */
  public record Part(Protocol protocol, PortRange ports) {}

  public Traffic {
    parts = List.copyOf(parts);
  }

  /**
   * Reads {@code tcp/80, udp/1000-1999, icmp}.
   *
   * @throws IllegalArgumentException that says what is wrong and what to write instead
   */
  public static Traffic parse(String text) {
    List<Part> parts = new ArrayList<>();
    for (String part : text.split(",", -1)) {
      parts.add(part(part.strip()));
    }
    return new Traffic(parts);
  }

  private static Part part(String text) {
    int slash = text.indexOf('/');
    Protocol protocol = Protocol.parse(slash < 0 ? text : text.substring(0, slash).strip());
    if (slash < 0) {
      return new Part(protocol, PortRange.ALL);
    }
    if (!protocol.hasPorts()) {
      throw new IllegalArgumentException(
          "\"" + text + "\": " + protocol + " has no ports, write the protocol alone");
    }
    String[] ports = text.substring(slash + 1).strip().split("-", 2);
    try {
      int first = Integer.parseInt(ports[0].strip());
      return new Part(
          protocol,
          new PortRange(first, ports.length == 1 ? first : Integer.parseInt(ports[1].strip())));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "\"" + text + "\": no such ports, write tcp/8080 or tcp/8000-8999", e);
    }
  }

  /** Whether it is about packets of a protocol to a port. */
  public boolean covers(Protocol protocol, int port) {
    return parts.isEmpty()
        || parts.stream()
            .anyMatch(part -> part.protocol.equals(protocol) && part.ports.contains(port));
  }
}
