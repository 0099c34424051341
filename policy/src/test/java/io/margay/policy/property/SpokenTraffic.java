package io.margay.policy.property;

import io.margay.model.net.Packet;
import io.margay.model.net.PortRange;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the words for traffic again, to see that they say what is meant. */
final class SpokenTraffic {
  private static final Pattern PART =
      Pattern.compile("(?:protocol )?(\\w+)(?:/(\\S+))?(?: from port (.+))?");
  private static final Pattern TYPE =
      Pattern.compile("(icmp\\w*) type (\\S+?)(?: code (\\d+))?(?: to type (\\d+) code (\\d+))?");

  private SpokenTraffic() {}

  /** Whether the words say anything about the packet's protocol, or all protocols by name. */
  static boolean isClear(String text, Packet packet) {
    String protocol = packet.protocol().toString().toLowerCase(Locale.ROOT);
    return !text.contains("other protocols")
        || Pattern.compile("\\b" + protocol + "\\b").matcher(text).find();
  }

  static boolean covers(String text, Packet packet) {
    if (text.equals("all traffic")) {
      return true;
    }
    for (String part : text.split(", ", -1)) {
      if (!part.equals("other protocols") && coversPart(part, packet)) {
        return true;
      }
    }
    return false;
  }

  private static boolean coversPart(String part, Packet packet) {
    String protocol = packet.protocol().toString().toLowerCase(Locale.ROOT);
    Matcher icmp = TYPE.matcher(part);
    if (icmp.matches()) {
      return icmp.group(1).equals(protocol) && types(icmp).contains(packet.destinationPort());
    }
    Matcher ports = PART.matcher(part);
    if (!ports.matches() || !ports.group(1).equals(protocol)) {
      return false;
    }
    return (ports.group(2) == null || range(ports.group(2)).contains(packet.destinationPort()))
        && (ports.group(3) == null || oneOf(ports.group(3), packet.sourcePort()));
  }

  private static boolean oneOf(String ranges, int port) {
    for (String range : ranges.split(" and ", -1)) {
      if (range(range).contains(port)) {
        return true;
      }
    }
    return false;
  }

  private static PortRange types(Matcher text) {
    PortRange types = range(text.group(2));
    if (text.group(3) == null) {
      return new PortRange(types.first() << 8, types.last() << 8 | 0xff);
    }
    int first = types.first() << 8 | Integer.parseInt(text.group(3));
    return text.group(4) == null
        ? PortRange.of(first)
        : new PortRange(
            first, Integer.parseInt(text.group(4)) << 8 | Integer.parseInt(text.group(5)));
  }

  private static PortRange range(String text) {
    String[] ends = text.split("-", 2);
    int first = Integer.parseInt(ends[0]);
    return new PortRange(first, ends.length == 1 ? first : Integer.parseInt(ends[1]));
  }
}
