package io.margay.kernel.packet;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import io.margay.kernel.libc.Fd;
import io.margay.kernel.libc.Libc;
import io.margay.kernel.netns.NetworkNamespace;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;

/**
 * Sends and captures whole Ethernet frames on one interface, past routes and rules. It captures
 * what arrives and what leaves from the moment it is opened.
 */
public final class FrameSocket implements AutoCloseable {
  private static final int AF_PACKET = 17;
  private static final int ETH_P_ALL = 3;
  private static final int SOCKADDR_LL_BYTES = 20;
  private static final int MAX_FRAME_BYTES = 65536;
  private static final int ETHERNET_HEADER_BYTES = 14;

  private final Fd socket;
  private final Fd never = Libc.eventFd();

  private FrameSocket(Fd socket) {
    this.socket = socket;
  }

  /**
   * Needs CAP_NET_RAW in the namespace.
   *
   * @param device index of the interface in the namespace
   */
  public static FrameSocket open(NetworkNamespace namespace, int device) {
    // Without a protocol nothing is captured before bind(2) names the interface.
    Fd socket = namespace.run(() -> Libc.socket(AF_PACKET, Libc.SOCK_RAW, 0, "packet socket"));
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment address = arena.allocate(SOCKADDR_LL_BYTES, 4);
      address.set(JAVA_SHORT, 0, (short) AF_PACKET);
      address.set(JAVA_SHORT.withOrder(ByteOrder.BIG_ENDIAN), 2, (short) ETH_P_ALL);
      address.set(JAVA_INT, 4, device);
      Libc.bind(socket, address);
      return new FrameSocket(socket);
    } catch (RuntimeException e) {
      socket.close();
      throw e;
    }
  }

  public void send(byte[] frame) {
    try (Arena arena = Arena.ofConfined()) {
      Libc.send(socket, arena.allocateFrom(JAVA_BYTE, frame), MemorySegment.NULL);
    }
  }

  /**
   * The next frame, or empty when the time is over. Blocks its thread: call it on a platform one.
   */
  public Optional<byte[]> receive(Duration timeout) {
    try (Arena arena = Arena.ofConfined()) {
      if (!Libc.awaitReadable(socket, never, Math.toIntExact(timeout.toMillis()))) {
        return Optional.empty();
      }
      MemorySegment buffer = arena.allocate(MAX_FRAME_BYTES);
      long length = Libc.receive(socket, buffer, 0);
      return Optional.of(buffer.asSlice(0, length).toArray(JAVA_BYTE));
    }
  }

  /** The header of the IP packet in a frame, if it holds one. */
  public static Optional<PacketHeader> ipHeader(byte[] frame) {
    return frame.length <= ETHERNET_HEADER_BYTES
        ? Optional.empty()
        : PacketHeader.parse(Arrays.copyOfRange(frame, ETHERNET_HEADER_BYTES, frame.length));
  }

  @Override
  public void close() {
    socket.close();
    never.close();
  }
}
