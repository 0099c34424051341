package io.margay.kernel.netlink;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads the attributes of a message or of a nest. Finding one scans from the start: messages have a
 * dozen attributes, and a scan makes no garbage. An attribute that is not there reads as null or as
 * the default given.
 */
public final class Attributes {
  private static final int TYPE_MASK = 0x3fff;

  private final ByteBuffer buffer;

  public Attributes(ByteBuffer buffer) {
    this.buffer = buffer;
  }

  public boolean has(int type) {
    return find(type) >= 0;
  }

  public int u8(int type, int otherwise) {
    int at = find(type);
    return at < 0 ? otherwise : Byte.toUnsignedInt(buffer.get(at + 4));
  }

  public int u16BE(int type, int otherwise) {
    int at = find(type);
    return at < 0 ? otherwise : Short.toUnsignedInt(bigEndian(buffer.getShort(at + 4)));
  }

  public int u32(int type, int otherwise) {
    int at = find(type);
    return at < 0 ? otherwise : buffer.getInt(at + 4);
  }

  public int u32BE(int type, int otherwise) {
    int at = find(type);
    int value = at < 0 ? 0 : buffer.getInt(at + 4);
    return at < 0 ? otherwise : bigEndian(value);
  }

  public long u64BE(int type, long otherwise) {
    int at = find(type);
    if (at < 0) {
      return otherwise;
    }
    long value = buffer.getLong(at + 4);
    return ByteOrder.nativeOrder() == ByteOrder.BIG_ENDIAN ? value : Long.reverseBytes(value);
  }

  public byte @Nullable [] bytes(int type) {
    int at = find(type);
    if (at < 0) {
      return null;
    }
    byte[] value = new byte[length(at) - 4];
    buffer.get(at + 4, value);
    return value;
  }

  /** A string, without the zero byte that ends it. */
  public @Nullable String string(int type) {
    byte[] value = bytes(type);
    if (value == null) {
      return null;
    }
    int end = 0;
    while (end < value.length && value[end] != 0) {
      end++;
    }
    return new String(value, 0, end, StandardCharsets.UTF_8);
  }

  /** An address of 4 or 16 bytes. */
  public @Nullable InetAddress address(int type) {
    byte[] value = bytes(type);
    try {
      return value == null ? null : InetAddress.getByAddress(value);
    } catch (UnknownHostException e) {
      throw new IllegalStateException("address attribute of " + value.length + " bytes", e);
    }
  }

  /** The attributes inside a nest; none when it is not there. */
  public Attributes nested(int type) {
    int at = find(type);
    return at < 0
        ? new Attributes(ByteBuffer.allocate(0))
        : new Attributes(buffer.slice(at + 4, length(at) - 4).order(ByteOrder.nativeOrder()));
  }

  /** Visits the nests of a list, of which each has the same type. */
  public void forEachNested(int type, Consumer<Attributes> visitor) {
    int at = 0;
    while (at + 4 <= buffer.limit()) {
      int length = length(at);
      if (length < 4 || at + length > buffer.limit()) {
        return;
      }
      if ((buffer.getShort(at + 2) & TYPE_MASK) == type) {
        visitor.accept(
            new Attributes(buffer.slice(at + 4, length - 4).order(ByteOrder.nativeOrder())));
      }
      at += (length + 3) & ~3;
    }
  }

  private int find(int type) {
    int at = 0;
    while (at + 4 <= buffer.limit()) {
      int length = length(at);
      if (length < 4 || at + length > buffer.limit()) {
        return -1;
      }
      if ((buffer.getShort(at + 2) & TYPE_MASK) == type) {
        return at;
      }
      at += (length + 3) & ~3;
    }
    return -1;
  }

  private int length(int at) {
    return Short.toUnsignedInt(buffer.getShort(at));
  }

  private static short bigEndian(short value) {
    return ByteOrder.nativeOrder() == ByteOrder.BIG_ENDIAN ? value : Short.reverseBytes(value);
  }

  private static int bigEndian(int value) {
    return ByteOrder.nativeOrder() == ByteOrder.BIG_ENDIAN ? value : Integer.reverseBytes(value);
  }
}
