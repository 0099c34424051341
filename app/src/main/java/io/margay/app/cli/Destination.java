package io.margay.app.cli;

import io.margay.model.net.IpAddress;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The far end as a command line names it: {@code shop/cart:80}, {@code 10.0.0.1}, {@code
 * [fd00::1]:80}, {@code host:edge:22}.
 *
 * @param port -1 where none is given
 */
record Destination(String peer, int port) {
  private static final Pattern WITH_PORT = Pattern.compile("(.+):([0-9]{1,5})");

  static Destination parse(String text) {
    if (isAddress(text)) {
      return new Destination(text, -1); // the colons of IPv6 are not followed by a port
    }
    Matcher matcher = WITH_PORT.matcher(text);
    if (!matcher.matches()) {
      return new Destination(withoutBrackets(text), -1);
    }
    return new Destination(withoutBrackets(matcher.group(1)), Integer.parseInt(matcher.group(2)));
  }

  private static String withoutBrackets(String text) {
    return text.startsWith("[") && text.endsWith("]") ? text.substring(1, text.length() - 1) : text;
  }

  private static boolean isAddress(String text) {
    try {
      IpAddress.parse(text);
      return true;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
