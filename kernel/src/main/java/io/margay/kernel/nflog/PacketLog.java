package io.margay.kernel.nflog;

import io.margay.kernel.Errno;
import io.margay.kernel.KernelException;
import io.margay.kernel.netlink.Attributes;
import io.margay.kernel.netlink.Message;
import io.margay.kernel.netlink.MessageBuilder;
import io.margay.kernel.netlink.NetfilterMessages;
import io.margay.kernel.netlink.NetlinkListener;
import io.margay.kernel.netlink.NetlinkSocket;
import io.margay.kernel.netns.NetworkNamespace;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Receives the packets, IPv4 and IPv6, that rules of one namespace log to a group ({@code log group
 * N}). A group has one receiver at a time.
 *
 * <p>The kernel numbers the packets, so {@link #lost} is exact: it drops them when this reader is
 * too slow.
 */
public final class PacketLog implements AutoCloseable {
  private static final int MESSAGE_PACKET = 0;
  private static final int MESSAGE_CONFIG = 1;
  private static final int CONFIG_COMMAND = 1;
  private static final int CONFIG_MODE = 2;
  private static final int CONFIG_BUFFER_BYTES = 3;
  private static final int CONFIG_TIMEOUT = 4;
  private static final int CONFIG_THRESHOLD = 5;
  private static final int CONFIG_FLAGS = 6;
  private static final int COMMAND_BIND = 1;
  private static final int COPY_PACKET = 2;
  private static final int FLAG_SEQUENCE = 1;

  private static final int PACKET_HEADER = 1;
  private static final int PACKET_MARK = 2;
  private static final int PACKET_TIMESTAMP = 3;
  private static final int PACKET_IN_DEVICE = 4;
  private static final int PACKET_OUT_DEVICE = 5;
  private static final int PACKET_PAYLOAD = 9;
  private static final int PACKET_PREFIX = 10;
  private static final int PACKET_SEQUENCE = 12;

  private static final byte[] NO_BYTES = {};

  private final Consumer<LoggedPacket> packets;
  private final AtomicLong lost = new AtomicLong();
  private final AtomicLong overruns = new AtomicLong();
  private final NetlinkListener listener;

  /** Of the last packet; only the listener's thread uses it. */
  private int lastSequence = -1;

  /**
   * How to receive.
   *
   * @param group of the rules
   * @param headerBytes how much of each packet to copy
   * @param delayMillis how long the kernel may hold packets back to hand over several at once
   * @param batch how many packets end that delay
   * @param bufferBytes room for packets that wait to be read
   */
  public record Settings(int group, int headerBytes, int delayMillis, int batch, int bufferBytes) {
    public Settings {
      if (group < 0 || group > 0xffff) {
        throw new IllegalArgumentException("NFLOG group " + group + ": must be 0 to 65535");
      }
    }

    /** Headers of any protocol with IPv6 extensions; packets wait for at most 20 ms. */
    public static Settings ofGroup(int group) {
      return new Settings(group, 128, 20, 64, 8 * 1024 * 1024);
    }
  }

  private PacketLog(NetlinkSocket socket, String threadName, Consumer<LoggedPacket> packets) {
    this.packets = packets;
    this.listener =
        NetlinkListener.start(
            threadName,
            socket,
            new NetlinkListener.Handler() {
              @Override
              public void message(Message message) {
                receive(message);
              }

              @Override
              public void overrun() {
                overruns.incrementAndGet();
              }
            });
  }

  /**
   * Starts to receive.
   *
   * @param packets called on the receiver's thread; must not block for long
   * @throws KernelException EPERM when the group has a receiver already
   */
  public static PacketLog open(
      NetworkNamespace namespace, Settings settings, Consumer<LoggedPacket> packets) {
    NetlinkSocket socket = NetlinkSocket.open(namespace, NetlinkSocket.Family.NETFILTER);
    try {
      socket.setReceiveBuffer(settings.bufferBytes());
      configure(socket, settings);
      return new PacketLog(socket, "nflog-" + settings.group(), packets);
    } catch (RuntimeException e) {
      socket.close();
      throw e;
    }
  }

  private static void configure(NetlinkSocket socket, Settings settings) {
    try {
      socket.request(configuration(settings), "NFLOG group " + settings.group());
    } catch (KernelException e) {
      if (!e.is(Errno.EPERM)) {
        throw e;
      }
      // The kernel's answer for both.
      String reason = "the group has another receiver, or this process lacks CAP_NET_ADMIN";
      throw new KernelException(e.call(), e.argument(), e.number(), reason);
    }
  }

  /** One message for all settings, so that no packet comes before the last of them holds. */
  private static MessageBuilder configuration(Settings settings) {
    byte[] mode =
        ByteBuffer.allocate(6).putInt(settings.headerBytes()).put((byte) COPY_PACKET).array();
    int perPacket = settings.headerBytes() + 256;
    return NetfilterMessages.begin(
            "NFULNL_MSG_CONFIG", NetfilterMessages.LOG, MESSAGE_CONFIG, 0, 0, settings.group())
        .attributeU8(CONFIG_COMMAND, COMMAND_BIND)
        .attribute(CONFIG_MODE, mode)
        .attributeU32BE(CONFIG_BUFFER_BYTES, Math.min(128 * 1024, settings.batch() * perPacket))
        .attributeU32BE(CONFIG_TIMEOUT, Math.max(1, settings.delayMillis() / 10))
        .attributeU32BE(CONFIG_THRESHOLD, settings.batch())
        .attributeU16BE(CONFIG_FLAGS, FLAG_SEQUENCE);
  }

  private void receive(Message message) {
    if (message.type() != NetfilterMessages.type(NetfilterMessages.LOG, MESSAGE_PACKET)) {
      return;
    }
    Attributes attributes = message.attributes(NetfilterMessages.HEADER_BYTES);
    int sequence = attributes.u32BE(PACKET_SEQUENCE, lastSequence + 1);
    lost.addAndGet(Integer.toUnsignedLong(sequence - lastSequence - 1));
    lastSequence = sequence;
    packets.accept(read(attributes));
  }

  private static LoggedPacket read(Attributes attributes) {
    byte[] hook = orEmpty(attributes.bytes(PACKET_HEADER));
    byte[] timestamp = orEmpty(attributes.bytes(PACKET_TIMESTAMP));
    String prefix = attributes.string(PACKET_PREFIX);
    return new LoggedPacket(
        attributes.u32BE(PACKET_MARK, 0),
        prefix == null ? "" : prefix,
        hook.length < 3 ? 0 : hook[2],
        attributes.u32BE(PACKET_IN_DEVICE, 0),
        attributes.u32BE(PACKET_OUT_DEVICE, 0),
        timestamp.length < 16 ? 0 : micros(ByteBuffer.wrap(timestamp)),
        orEmpty(attributes.bytes(PACKET_PAYLOAD)));
  }

  private static long micros(ByteBuffer timestamp) {
    return timestamp.getLong(0) * 1_000_000 + timestamp.getLong(8);
  }

  private static byte[] orEmpty(byte @Nullable [] bytes) {
    return bytes == null ? NO_BYTES : bytes;
  }

  /** How many packets the kernel dropped so far, up to the last one received. */
  public long lost() {
    return lost.get();
  }

  /** How often the socket's room was used up; each time {@link #lost} grows with a later packet. */
  public long overruns() {
    return overruns.get();
  }

  /** Stops to receive; the group is free afterwards. */
  @Override
  public void close() {
    listener.close();
  }
}
