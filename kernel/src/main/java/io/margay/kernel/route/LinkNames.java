package io.margay.kernel.route;

import java.nio.charset.StandardCharsets;

/** What the kernel accepts as the name of an interface. */
final class LinkNames {
  private LinkNames() {}

  static void check(String name) {
    int length = name.getBytes(StandardCharsets.UTF_8).length;
    boolean bad =
        length == 0
            || length > LinkSpec.MAX_NAME_BYTES
            || name.equals(".")
            || name.equals("..")
            || name.chars().anyMatch(c -> c == '/' || c == ':' || Character.isWhitespace(c));
    if (bad) {
      throw new IllegalArgumentException(
          "interface name \"" + name + "\": write 1 to 15 bytes without slash, colon or space");
    }
  }
}
