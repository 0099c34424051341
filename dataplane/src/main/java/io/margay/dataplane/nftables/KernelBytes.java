package io.margay.dataplane.nftables;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Elements of hash sets as the kernel keeps them. */
final class KernelBytes {
  static final int NAME_BYTES = 16;

  private KernelBytes() {}

  /** Null for ranges, which need two elements each. */
  static byte @Nullable [] key(ElementKey key) {
    return switch (key) {
      case ElementKey.Mark(int value) -> number(value);
      case ElementKey.Address(var address) -> address.toBytes();
      case ElementKey.Interface(String name) -> name(name);
      case ElementKey.InterfaceAddress(String name, var address) ->
          ByteBuffer.allocate(NAME_BYTES + address.toBytes().length)
              .put(name(name))
              .put(address.toBytes())
              .array();
      case ElementKey.AddressRange range -> null;
      case ElementKey.Ports ports -> null;
    };
  }

  static byte[] number(int value) {
    return ByteBuffer.allocate(4).order(ByteOrder.nativeOrder()).putInt(value).array();
  }

  /** A name without the zeros behind it. */
  static String text(byte[] name) {
    int end = 0;
    while (end < name.length && name[end] != 0) {
      end++;
    }
    return new String(name, 0, end, StandardCharsets.UTF_8);
  }

  private static byte[] name(String name) {
    return Arrays.copyOf(name.getBytes(StandardCharsets.UTF_8), NAME_BYTES);
  }
}
