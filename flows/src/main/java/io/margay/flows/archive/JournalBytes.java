package io.margay.flows.archive;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Numbers and texts as bytes: small numbers, also negative ones, take one byte. */
final class JournalBytes {
  private byte[] bytes = new byte[1 << 16];
  private int size;

  void number(long value) {
    long left = (value << 1) ^ (value >> 63);
    ensure(10);
    while ((left & ~0x7FL) != 0) {
      bytes[size++] = (byte) (left & 0x7F | 0x80);
      left >>>= 7;
    }
    bytes[size++] = (byte) left;
  }

  void text(String text) {
    byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
    number(encoded.length);
    ensure(encoded.length);
    System.arraycopy(encoded, 0, bytes, size, encoded.length);
    size += encoded.length;
  }

  private void ensure(int more) {
    if (size + more > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, size + more));
    }
  }

  int size() {
    return size;
  }

  void clear() {
    size = 0;
  }

  ByteBuffer written() {
    return ByteBuffer.wrap(bytes, 0, size);
  }

  /** What {@link #number} wrote. */
  static long number(ByteBuffer from) {
    long value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      byte next = from.get();
      value |= (long) (next & 0x7F) << shift;
      if (next >= 0) {
        return (value >>> 1) ^ -(value & 1);
      }
    }
    throw new BufferUnderflowException();
  }

  /** The same where it must fit an int. */
  static int integer(ByteBuffer from) {
    return Math.toIntExact(number(from));
  }

  /** What {@link #text} wrote. */
  static String text(ByteBuffer from) {
    int length = integer(from);
    if (length < 0 || length > from.remaining()) {
      throw new BufferUnderflowException();
    }
    String text = new String(from.array(), from.position(), length, StandardCharsets.UTF_8);
    from.position(from.position() + length);
    return text;
  }
}
