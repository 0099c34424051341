package io.margay.cedar.value;

import java.util.Optional;

/** IP addresses as text. Strict: no leading zeros, no zones, no IPv4 inside IPv6. */
final class IpText {
  private static final int LONGEST = 43;
  private static final int GROUPS = 8;

  private IpText() {}

  static Optional<IpValue> parse(String text) {
    if (text.length() > LONGEST) {
      return Optional.empty();
    }
    int slash = text.indexOf('/');
    String address = slash < 0 ? text : text.substring(0, slash);
    boolean v6 = address.indexOf(':') >= 0;
    int longest = v6 ? 128 : 32;
    int prefix = slash < 0 ? longest : prefix(text.substring(slash + 1), longest);
    if (prefix < 0) {
      return Optional.empty();
    }
    return v6 ? parseV6(address, prefix) : parseV4(address, prefix);
  }

  /** The prefix length; -1 when it is none. */
  private static int prefix(String text, int longest) {
    int digits = longest == 32 ? 2 : 3;
    if (!Digits.areDigits(text) || text.length() > digits || hasLeadingZero(text)) {
      return -1;
    }
    int prefix = Integer.parseInt(text);
    return prefix <= longest ? prefix : -1;
  }

  private static boolean hasLeadingZero(String digits) {
    return digits.length() > 1 && digits.charAt(0) == '0';
  }

  private static Optional<IpValue> parseV4(String text, int prefix) {
    String[] octets = text.split("\\.", -1);
    if (octets.length != 4) {
      return Optional.empty();
    }
    long address = 0;
    for (String octet : octets) {
      if (!Digits.areDigits(octet) || octet.length() > 3 || hasLeadingZero(octet)) {
        return Optional.empty();
      }
      int value = Integer.parseInt(octet);
      if (value > 255) {
        return Optional.empty();
      }
      address = address << 8 | value;
    }
    return Optional.of(new IpValue(false, 0, address, prefix));
  }

  private static Optional<IpValue> parseV6(String text, int prefix) {
    int gap = text.indexOf("::");
    int[] groups = new int[GROUPS];
    if (gap < 0) {
      return readGroups(text, groups, 0) == GROUPS
          ? Optional.of(ofGroups(groups, prefix))
          : Optional.empty();
    }
    int[] tail = new int[GROUPS];
    int before = readGroups(text.substring(0, gap), groups, 0);
    int after = readGroups(text.substring(gap + 2), tail, 0);
    // The gap stands for at least one group.
    if (before < 0 || after < 0 || before + after >= GROUPS) {
      return Optional.empty();
    }
    System.arraycopy(tail, 0, groups, GROUPS - after, after);
    return Optional.of(ofGroups(groups, prefix));
  }

  /** Reads groups between colons; gives how many, or -1 when they are none. */
  private static int readGroups(String text, int[] into, int from) {
    if (text.isEmpty()) {
      return from;
    }
    String[] parts = text.split(":", -1);
    if (parts.length > GROUPS) {
      return -1;
    }
    for (int i = 0; i < parts.length; i++) {
      int value = hexGroup(parts[i]);
      if (value < 0) {
        return -1;
      }
      into[from + i] = value;
    }
    return from + parts.length;
  }

  private static int hexGroup(String text) {
    if (text.isEmpty() || text.length() > 4) {
      return -1;
    }
    int value = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      int digit = c < 128 ? Character.digit(c, 16) : -1;
      if (digit < 0) {
        return -1;
      }
      value = value << 4 | digit;
    }
    return value;
  }

  private static IpValue ofGroups(int[] groups, int prefix) {
    long high = 0;
    long low = 0;
    for (int i = 0; i < GROUPS / 2; i++) {
      high = high << 16 | groups[i];
      low = low << 16 | groups[i + GROUPS / 2];
    }
    return new IpValue(true, high, low, prefix);
  }

  /**
   * The address without its prefix. IPv6 is written without a gap, so that it always reads back.
   */
  static String address(IpValue ip) {
    if (!ip.v6()) {
      long address = ip.low();
      return (address >>> 24)
          + "."
          + (address >>> 16 & 255)
          + "."
          + (address >>> 8 & 255)
          + "."
          + (address & 255);
    }
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < GROUPS; i++) {
      long half = i < GROUPS / 2 ? ip.high() : ip.low();
      int shift = 48 - 16 * (i % (GROUPS / 2));
      out.append(i == 0 ? "" : ":").append(Long.toHexString(half >>> shift & 0xffff));
    }
    return out.toString();
  }
}
