package io.margay.kernel.netlink;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Builds one netlink message: a header, the fixed structure of its type, then attributes. Numbers
 * are in the machine's byte order unless the name says otherwise (BE: network order).
 */
public final class MessageBuilder {
  static final int HEADER_BYTES = 16;
  private static final int NESTED = 0x8000;

  private final String name;
  private ByteBuffer buffer = ByteBuffer.allocate(512).order(ByteOrder.nativeOrder());

  /**
   * @param name what errors call the message, such as {@code RTM_NEWLINK}
   * @param flags besides NLM_F_REQUEST, which is always set
   */
  public MessageBuilder(String name, int type, int flags) {
    this.name = name;
    buffer.putInt(0).putShort((short) type).putShort((short) (flags | Flags.REQUEST));
    buffer.putInt(0).putInt(0);
  }

  /** Appends to the fixed structure. */
  public MessageBuilder u8(int value) {
    room(1).put((byte) value);
    return this;
  }

  /** Appends to the fixed structure. */
  public MessageBuilder u16(int value) {
    room(2).putShort((short) value);
    return this;
  }

  /** Appends to the fixed structure. */
  public MessageBuilder u32(int value) {
    room(4).putInt(value);
    return this;
  }

  public MessageBuilder attribute(int type, byte[] value) {
    int padded = padded(value.length);
    room(4 + padded).putShort((short) (4 + value.length)).putShort((short) type).put(value);
    room(padded - value.length).put(new byte[padded - value.length]);
    return this;
  }

  public MessageBuilder attributeU8(int type, int value) {
    return attribute(type, new byte[] {(byte) value});
  }

  public MessageBuilder attributeU16BE(int type, int value) {
    return attribute(type, new byte[] {(byte) (value >> 8), (byte) value});
  }

  public MessageBuilder attributeU32(int type, int value) {
    return attribute(
        type, ByteBuffer.allocate(4).order(ByteOrder.nativeOrder()).putInt(value).array());
  }

  public MessageBuilder attributeU32BE(int type, int value) {
    return attribute(type, ByteBuffer.allocate(4).putInt(value).array());
  }

  public MessageBuilder attribute(int type, InetAddress value) {
    return attribute(type, value.getAddress());
  }

  /** A string with the zero byte that ends it. */
  public MessageBuilder attribute(int type, String value) {
    byte[] text = value.getBytes(StandardCharsets.UTF_8);
    return attribute(type, Arrays.copyOf(text, text.length + 1));
  }

  /** Everything that {@code content} appends becomes the value of one attribute. */
  public MessageBuilder nested(int type, Runnable content) {
    int start = buffer.position();
    room(4).putShort((short) 0).putShort((short) (type | NESTED));
    content.run();
    buffer.putShort(start, (short) (buffer.position() - start));
    return this;
  }

  String name() {
    return name;
  }

  /** The finished message. */
  byte[] build(int sequence, int extraFlags) {
    buffer.putInt(0, buffer.position());
    buffer.putShort(6, (short) (buffer.getShort(6) | extraFlags));
    buffer.putInt(8, sequence);
    return Arrays.copyOf(buffer.array(), buffer.position());
  }

  private static int padded(int length) {
    return (length + 3) & ~3;
  }

  private ByteBuffer room(int bytes) {
    if (buffer.remaining() < bytes) {
      int capacity = Math.max(buffer.capacity() * 2, buffer.position() + bytes);
      ByteBuffer larger = ByteBuffer.allocate(capacity).order(ByteOrder.nativeOrder());
      buffer = larger.put(buffer.flip());
    }
    return buffer;
  }
}
