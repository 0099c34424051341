package io.margay.kernel.route;

import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/**
 * A route. {@code Route.to(prefix)} begins one; the {@code with} methods add to it.
 *
 * @param via the next hop, or null when the destination is on the link
 * @param device index of the interface, or 0 to let the kernel find it by the next hop
 * @param onLink the next hop is on the link although no route says so
 * @param metric the lower one wins; 0 leaves it to the kernel (IPv6 then uses 1024)
 * @param protocol who made it: 2 kernel, 3 boot, 4 static, 80 is Calico's
 * @param table 254 is the main table
 * @param source preferred source address, or null
 */
public record Route(
    IpPrefix destination,
    Type type,
    @Nullable InetAddress via,
    int device,
    boolean onLink,
    int metric,
    int protocol,
    int table,
    @Nullable InetAddress source) {
  public static final int MAIN_TABLE = 254;
  public static final int STATIC = 4;

  /** What happens to a packet. */
  public enum Type {
    UNICAST(1),
    LOCAL(2),
    BROADCAST(3),
    ANYCAST(4),
    MULTICAST(5),
    BLACKHOLE(6),
    UNREACHABLE(7),
    PROHIBIT(8);

    private final int number;

    Type(int number) {
      this.number = number;
    }

    int number() {
      return number;
    }

    static @Nullable Type of(int number) {
      for (Type type : values()) {
        if (type.number == number) {
          return type;
        }
      }
      return null;
    }

    /** Whether such a route leads to an interface. */
    boolean hasDevice() {
      return number < BLACKHOLE.number;
    }
  }

  public static Route to(IpPrefix destination) {
    return new Route(destination, Type.UNICAST, null, 0, false, 0, STATIC, MAIN_TABLE, null);
  }

  /** A route that swallows what no longer prefix takes. */
  public static Route blackhole(IpPrefix destination) {
    return new Route(destination, Type.BLACKHOLE, null, 0, false, 0, STATIC, MAIN_TABLE, null);
  }

  public Route withVia(InetAddress nextHop) {
    return new Route(destination, type, nextHop, device, onLink, metric, protocol, table, source);
  }

  public Route withDevice(int index) {
    return new Route(destination, type, via, index, onLink, metric, protocol, table, source);
  }

  public Route withOnLink() {
    return new Route(destination, type, via, device, true, metric, protocol, table, source);
  }

  public Route withMetric(int value) {
    return new Route(destination, type, via, device, onLink, value, protocol, table, source);
  }

  public Route withProtocol(int number) {
    return new Route(destination, type, via, device, onLink, metric, number, table, source);
  }

  public Route withTable(int number) {
    return new Route(destination, type, via, device, onLink, metric, protocol, number, source);
  }

  public Route withSource(InetAddress preferred) {
    return new Route(destination, type, via, device, onLink, metric, protocol, table, preferred);
  }
}
