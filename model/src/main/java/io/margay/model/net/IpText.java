package io.margay.model.net;

/**
 * Reading and writing addresses as text. {@code java.net.InetAddress} is not used: it accepts forms
 * that Kubernetes refuses ("10.1", leading zeros) and may ask a resolver.
 */
final class IpText {
  private IpText() {}

  static IpAddress parse(String text) {
    int colon = text.indexOf(':');
    if (colon < 0) {
      return IpAddress.v4(parseV4(text, text));
    }
    return parseV6(text);
  }

  private static int parseV4(String quad, String whole) {
    int value = 0;
    int octets = 0;
    int at = 0;
    while (true) {
      int start = at;
      int octet = 0;
      while (at < quad.length() && isDigit(quad.charAt(at)) && at - start < 4) {
        octet = octet * 10 + (quad.charAt(at++) - '0');
      }
      int digits = at - start;
      if (digits == 0 || digits > 3 || octet > 255 || (digits > 1 && quad.charAt(start) == '0')) {
        throw notAnAddress(whole);
      }
      value = value << 8 | octet;
      octets++;
      if (at == quad.length()) {
        break;
      }
      if (quad.charAt(at++) != '.') {
        throw notAnAddress(whole);
      }
    }
    if (octets != 4) {
      throw notAnAddress(whole);
    }
    return value;
  }

  private static IpAddress parseV6(String text) {
    int[] groups = new int[8];
    int count = 0;
    int gap = -1;
    int at = 0;
    if (text.startsWith("::")) {
      gap = 0;
      at = 2;
    } else if (text.startsWith(":")) {
      throw notAnAddress(text);
    }
    while (at < text.length()) {
      int start = at;
      int group = 0;
      while (at < text.length()
          && Character.digit(text.charAt(at), 16) >= 0
          && text.charAt(at) < 128) {
        group = group << 4 | Character.digit(text.charAt(at++), 16);
        if (at - start > 4) {
          throw notAnAddress(text);
        }
      }
      if (at < text.length() && text.charAt(at) == '.') {
        if (count > 6) {
          throw notAnAddress(text);
        }
        int v4 = parseV4(text.substring(start), text);
        groups[count++] = v4 >>> 16;
        groups[count++] = v4 & 0xffff;
        break;
      }
      if (at == start || count == 8) {
        throw notAnAddress(text);
      }
      groups[count++] = group;
      if (at == text.length()) {
        break;
      }
      if (text.charAt(at++) != ':') {
        throw notAnAddress(text);
      }
      if (at == text.length()) {
        throw notAnAddress(text);
      }
      if (text.charAt(at) == ':') {
        if (gap >= 0) {
          throw notAnAddress(text);
        }
        gap = count;
        at++;
      }
    }
    if (gap < 0 ? count != 8 : count > 7) {
      throw notAnAddress(text);
    }
    int[] full = new int[8];
    int head = gap < 0 ? count : gap;
    System.arraycopy(groups, 0, full, 0, head);
    System.arraycopy(groups, head, full, 8 - (count - head), count - head);
    long high = 0;
    long low = 0;
    for (int i = 0; i < 4; i++) {
      high = high << 16 | full[i];
      low = low << 16 | full[4 + i];
    }
    boolean mapped = high == 0 && low >>> 32 == 0xffff;
    return mapped ? IpAddress.v4((int) low) : IpAddress.v6(high, low);
  }

  static String format(IpAddress address) {
    StringBuilder text = new StringBuilder(39);
    if (address.family() == IpFamily.IPV4) {
      long bits = address.low();
      return text.append(bits >>> 24)
          .append('.')
          .append(bits >>> 16 & 0xff)
          .append('.')
          .append(bits >>> 8 & 0xff)
          .append('.')
          .append(bits & 0xff)
          .toString();
    }
    int[] groups = new int[8];
    for (int i = 0; i < 8; i++) {
      long half = i < 4 ? address.high() : address.low();
      groups[i] = (int) (half >>> (48 - 16 * (i & 3)) & 0xffff);
    }
    // RFC 5952: the longest run of two or more zero groups, the first of equal ones.
    int runStart = -1;
    int runLength = 1;
    for (int i = 0; i < 8; i++) {
      int end = i;
      while (end < 8 && groups[end] == 0) {
        end++;
      }
      if (end - i > runLength) {
        runStart = i;
        runLength = end - i;
      }
      i = Math.max(i, end - 1);
    }
    for (int i = 0; i < 8; i++) {
      if (i == runStart) {
        text.append("::");
        i += runLength - 1;
        continue;
      }
      if (i > 0 && text.charAt(text.length() - 1) != ':') {
        text.append(':');
      }
      text.append(Integer.toHexString(groups[i]));
    }
    return text.toString();
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private static IllegalArgumentException notAnAddress(String text) {
    return new IllegalArgumentException("\"" + text + "\" is not an IP address");
  }
}
