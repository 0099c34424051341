package io.margay.flows.goldmane;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A protobuf message by numbers alone, so that the tests know the wire format without our own
 * description of it.
 */
public record RawMessage(List<Field> fields) {

  /** A number, or bytes. */
  public record Field(int number, long value, byte[] bytes) {}

  public static RawMessage parse(byte[] bytes) {
    List<Field> fields = new ArrayList<>();
    int[] at = {0};
    while (at[0] < bytes.length) {
      long tag = varint(bytes, at);
      int number = (int) (tag >> 3);
      switch ((int) (tag & 7)) {
        case 0 -> fields.add(new Field(number, varint(bytes, at), new byte[0]));
        case 2 -> {
          int length = (int) varint(bytes, at);
          fields.add(new Field(number, 0, Arrays.copyOfRange(bytes, at[0], at[0] + length)));
          at[0] += length;
        }
        case 1 -> {
          fields.add(
              new Field(
                  number,
                  ByteBuffer.wrap(bytes, at[0], 8).order(ByteOrder.LITTLE_ENDIAN).getLong(),
                  new byte[0]));
          at[0] += 8;
        }
        default -> throw new IllegalArgumentException("wire type of tag " + tag);
      }
    }
    return new RawMessage(fields);
  }

  private static long varint(byte[] bytes, int[] at) {
    long value = 0;
    for (int shift = 0; ; shift += 7) {
      byte next = bytes[at[0]++];
      value |= (long) (next & 0x7f) << shift;
      if (next >= 0) {
        return value;
      }
    }
  }

  public List<RawMessage> messages(int number) {
    return fields.stream().filter(f -> f.number == number).map(f -> parse(f.bytes)).toList();
  }

  public RawMessage message(int number) {
    return messages(number).stream().findFirst().orElse(new RawMessage(List.of()));
  }

  public String text(int number) {
    return fields.stream()
        .filter(f -> f.number == number)
        .map(f -> new String(f.bytes, StandardCharsets.UTF_8))
        .findFirst()
        .orElse("");
  }

  public long number(int number) {
    return fields.stream()
        .filter(f -> f.number == number)
        .mapToLong(Field::value)
        .findFirst()
        .orElse(0);
  }

  /** Of a repeated field of numbers, which is packed. */
  public List<Long> numbers(int number) {
    List<Long> all = new ArrayList<>();
    for (Field field : fields) {
      if (field.number == number) {
        int[] at = {0};
        while (at[0] < field.bytes.length) {
          all.add(varint(field.bytes, at));
        }
      }
    }
    return all;
  }
}
