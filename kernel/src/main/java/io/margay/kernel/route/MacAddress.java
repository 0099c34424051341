package io.margay.kernel.route;

import java.util.HexFormat;
import java.util.Locale;

/** A hardware address of six bytes; the first is in the upper bits of the 48. */
public record MacAddress(long bits) {
  public static final MacAddress BROADCAST = new MacAddress(0xffff_ffff_ffffL);
  private static final int BYTES = 6;
  private static final HexFormat HEX = HexFormat.ofDelimiter(":");

  public MacAddress {
    if (bits >>> 48 != 0) {
      throw new IllegalArgumentException("more than 48 bits: " + Long.toHexString(bits));
    }
  }

  /** Reads {@code ee:ee:ee:ee:ee:ee}. */
  public static MacAddress parse(String text) {
    try {
      return of(HEX.parseHex(text.toLowerCase(Locale.ROOT)));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "MAC address \"" + text + "\": write six hex bytes, such as ee:ee:ee:ee:ee:ee", e);
    }
  }

  public static MacAddress of(byte[] bytes) {
    if (bytes.length != BYTES) {
      throw new IllegalArgumentException(bytes.length + " bytes instead of " + BYTES);
    }
    long bits = 0;
    for (byte b : bytes) {
      bits = bits << 8 | Byte.toUnsignedLong(b);
    }
    return new MacAddress(bits);
  }

  public byte[] bytes() {
    byte[] bytes = new byte[BYTES];
    for (int i = 0; i < BYTES; i++) {
      bytes[i] = (byte) (bits >> 8 * (BYTES - 1 - i));
    }
    return bytes;
  }

  @Override
  public String toString() {
    return HEX.formatHex(bytes());
  }
}
