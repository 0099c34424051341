package io.margay.policy.proof;

import io.margay.model.net.PortRange;
import io.margay.model.net.Protocol;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Says in words which traffic some stretches are, as assertions write it where they can. */
final class TrafficText {
  private TrafficText() {}

  /** Destination ports, and from which source ports. */
  private record Part(PortRange destination, List<PortRange> sources) {}

  /**
   * All of the stretches.
   *
   * @param some stretches in the order in which they are visited
   * @param protocols all protocols of the route, by which it is known what is all of its traffic
   */
  static String of(List<Stretch> some, Set<Protocol> protocols) {
    Map<Protocol, List<Stretch>> byProtocol = new LinkedHashMap<>();
    some.forEach(s -> byProtocol.computeIfAbsent(s.protocol(), _ -> new ArrayList<>()).add(s));
    List<String> texts = new ArrayList<>();
    boolean whole = byProtocol.size() == protocols.size();
    for (List<Stretch> stretches : byProtocol.values()) {
      List<Part> parts = parts(stretches);
      whole &= isWhole(parts);
      Stretch first = stretches.getFirst();
      parts.forEach(part -> texts.add(text(first, part)));
    }
    return whole ? "all traffic" : String.join(", ", texts);
  }

  private static List<Part> parts(List<Stretch> stretches) {
    Map<PortRange, List<PortRange>> byDestination = new LinkedHashMap<>();
    for (Stretch stretch : stretches) {
      append(
          stretch.source(),
          byDestination.computeIfAbsent(stretch.destination(), _ -> new ArrayList<>()));
    }
    List<Part> parts = new ArrayList<>();
    byDestination.forEach((destination, sources) -> {
      Part last = parts.isEmpty() ? null : parts.getLast();
      if (last != null
          && last.sources.equals(sources)
          && last.destination.last() + 1 == destination.first()) {
        parts.removeLast();
        parts.add(new Part(new PortRange(last.destination.first(), destination.last()), sources));
      } else {
        parts.add(new Part(destination, sources));
      }
    });
    return parts;
  }

  private static void append(PortRange range, List<PortRange> to) {
    if (!to.isEmpty() && to.getLast().last() + 1 == range.first()) {
      to.set(to.size() - 1, new PortRange(to.getLast().first(), range.last()));
    } else {
      to.add(range);
    }
  }

  private static boolean isWhole(Collection<Part> parts) {
    return parts.stream()
        .allMatch(part ->
            part.destination.equals(PortRange.ALL) && part.sources.equals(List.of(PortRange.ALL)));
  }

  private static String text(Stretch of, Part part) {
    Protocol protocol = of.protocol();
    String name = of.others() ? "other protocols" : protocol.toString().toLowerCase(Locale.ROOT);
    if (isWhole(List.of(part))) {
      return name.matches("\\d+") ? "protocol " + name : name;
    }
    if (protocol.isIcmp()) {
      return name + " " + icmp(part.destination);
    }
    String text =
        part.destination.equals(PortRange.ALL) ? name : name + "/" + range(part.destination);
    return part.sources.equals(List.of(PortRange.ALL))
        ? text
        : text
            + " from port "
            + String.join(" and ", part.sources.stream().map(TrafficText::range).toList());
  }

  private static String icmp(PortRange range) {
    int first = range.first() >> 8;
    int last = range.last() >> 8;
    boolean allCodes = (range.first() & 0xff) == 0 && (range.last() & 0xff) == 0xff;
    if (allCodes) {
      return "type " + range(new PortRange(first, last));
    }
    String from = "type " + first + " code " + (range.first() & 0xff);
    return range.first() == range.last()
        ? from
        : from + " to type " + last + " code " + (range.last() & 0xff);
  }

  private static String range(PortRange range) {
    return range.toString().replace(':', '-');
  }
}
