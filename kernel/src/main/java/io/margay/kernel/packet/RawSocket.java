package io.margay.kernel.packet;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import io.margay.kernel.libc.Fd;
import io.margay.kernel.libc.Libc;
import io.margay.kernel.netns.NetworkNamespace;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Sends whole IP packets of one namespace by its routes and neighbours, as a program there would.
 * IPv4 and IPv6.
 */
public final class RawSocket implements AutoCloseable {
  private static final int AF_INET = 2;
  private static final int AF_INET6 = 10;
  private static final int IPPROTO_RAW = 255;
  private static final int IPV6_HEADER_DESTINATION = 24;
  private static final int IPV4_HEADER_DESTINATION = 16;
  private static final int SOCKADDR_IN_BYTES = 16;
  private static final int SOCKADDR_IN6_BYTES = 28;

  private final Fd ipv4;
  private final Fd ipv6;

  private RawSocket(Fd ipv4, Fd ipv6) {
    this.ipv4 = ipv4;
    this.ipv6 = ipv6;
  }

  /** Needs CAP_NET_RAW in the namespace. */
  public static RawSocket open(NetworkNamespace namespace) {
    return namespace.run(() -> {
      // This protocol means for both families that the packet brings its own header.
      Fd ipv4 = Libc.socket(AF_INET, Libc.SOCK_RAW, IPPROTO_RAW, "raw IPv4");
      try {
        return new RawSocket(ipv4, Libc.socket(AF_INET6, Libc.SOCK_RAW, IPPROTO_RAW, "raw IPv6"));
      } catch (RuntimeException e) {
        ipv4.close();
        throw e;
      }
    });
  }

  /** Sends a packet to the destination in its header. */
  public void send(byte[] packet) {
    boolean version4 = packet[0] >> 4 == 4;
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment data = arena.allocateFrom(JAVA_BYTE, packet);
      MemorySegment address = arena.allocate(version4 ? SOCKADDR_IN_BYTES : SOCKADDR_IN6_BYTES, 4);
      address.set(JAVA_SHORT, 0, (short) (version4 ? AF_INET : AF_INET6));
      MemorySegment.copy(
          data,
          version4 ? IPV4_HEADER_DESTINATION : IPV6_HEADER_DESTINATION,
          address,
          version4 ? 4 : 8,
          version4 ? 4 : 16);
      Libc.send(version4 ? ipv4 : ipv6, data, address);
    }
  }

  @Override
  public void close() {
    ipv4.close();
    ipv6.close();
  }
}
