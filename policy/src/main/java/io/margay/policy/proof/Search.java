package io.margay.policy.proof;

import io.margay.model.net.IpFamily;
import io.margay.model.net.Packet;
import io.margay.model.net.Protocol;
import io.margay.policy.proof.View.Standing;
import io.margay.policy.proof.View.Way;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Looks through all traffic between places for a packet of which something is wrong. Places that
 * all views judge alike are looked at once, and so are pairs with the same port tables: what is
 * left is every packet, up to differences that no view sees.
 */
final class Search {
  private final List<View> views;
  private final Traffic traffic;
  private final Wrong wrong;
  private final Map<Route, Optional<Header>> known = new HashMap<>();
  private long pairs;

  /** What is looked for. */
  @FunctionalInterface
  interface Wrong {
    /** Whether a packet with these verdicts, one of each view, is what is looked for. */
    boolean test(boolean[] allowed);
  }

  /** A packet that was found, from one place to another. */
  record Found(Place from, Place to, Packet packet) {}

  private record Kind(IpFamily family, boolean owned, List<Standing> standings) {}

  private record Route(IpFamily family, List<Way> ways) {}

  private record Header(Protocol protocol, int sourcePort, int destinationPort) {}

  Search(List<View> views, Traffic traffic, Wrong wrong) {
    this.views = List.copyOf(views);
    this.traffic = traffic;
    this.wrong = wrong;
  }

  /** How many pairs of kinds of places were looked at. */
  long pairs() {
    return pairs;
  }

  /** The first such packet, null if there is none. */
  @Nullable Found find(Collection<Place> from, Collection<Place> to) {
    Map<Kind, List<Place>> sources = byKind(from);
    Map<Kind, List<Place>> destinations = byKind(to);
    for (Map.Entry<Kind, List<Place>> source : sources.entrySet()) {
      for (Map.Entry<Kind, List<Place>> destination : destinations.entrySet()) {
        Kind here = source.getKey();
        Kind there = destination.getKey();
        if (here.family() != there.family() || !(here.owned() || there.owned())) {
          continue;
        }
        Pair pair = Pair.of(source.getValue(), destination.getValue());
        if (pair == null) {
          continue;
        }
        pairs++;
        Header header = known.computeIfAbsent(route(here, there), this::search).orElse(null);
        if (header != null) {
          return new Found(pair.from(), pair.to(), packet(pair, header));
        }
      }
    }
    return null;
  }

  private static Packet packet(Pair pair, Header header) {
    return new Packet(
        pair.from().address(),
        pair.to().address(),
        header.protocol(),
        header.sourcePort(),
        header.destinationPort());
  }

  /** Two places that are not the same endpoint. */
  private record Pair(Place from, Place to) {
    static @Nullable Pair of(List<Place> from, List<Place> to) {
      Place first = from.getFirst();
      for (Place other : to) {
        if (!first.same(other)) {
          return new Pair(first, other);
        }
      }
      // Everything in "to" is the endpoint of the first source, so one destination is enough.
      for (Place other : from) {
        if (!other.same(to.getFirst())) {
          return new Pair(other, to.getFirst());
        }
      }
      return null;
    }
  }

  private Map<Kind, List<Place>> byKind(Collection<Place> places) {
    Map<Kind, List<Place>> kinds = new LinkedHashMap<>();
    for (Place place : places) {
      List<Standing> standings = views.stream().map(view -> view.standing(place)).toList();
      Kind kind = new Kind(place.address().family(), place.endpoint() != null, standings);
      kinds.computeIfAbsent(kind, k -> new ArrayList<>()).add(place);
    }
    return kinds;
  }

  private Route route(Kind from, Kind to) {
    List<Way> ways = new ArrayList<>(views.size());
    for (int i = 0; i < views.size(); i++) {
      ways.add(views.get(i).way(from.standings().get(i), to.standings().get(i)));
    }
    return new Route(from.family(), ways);
  }

  private Optional<Header> search(Route route) {
    for (Protocol protocol : protocols(route)) {
      NavigableSet<Integer> from = new TreeSet<>(List.of(0));
      NavigableSet<Integer> to = new TreeSet<>(List.of(0));
      if (protocol.hasPorts() || protocol.isIcmp()) {
        for (int i = 0; i < views.size(); i++) {
          views.get(i).cuts(route.ways().get(i), protocol, from, to);
        }
        traffic.parts().forEach(part -> PortCuts.add(part.ports(), to));
      }
      for (int destination : to) {
        if (traffic.covers(protocol, destination)) {
          for (int source : from) {
            if (wrong.test(verdicts(route, protocol, source, destination))) {
              int port = protocol.hasPorts() ? PortCuts.client(source, from) : source;
              return Optional.of(new Header(protocol, port, destination));
            }
          }
        }
      }
    }
    return Optional.empty();
  }

  private boolean[] verdicts(Route route, Protocol protocol, int from, int to) {
    boolean[] allowed = new boolean[views.size()];
    for (int i = 0; i < allowed.length; i++) {
      allowed[i] = views.get(i).allows(route.ways().get(i), protocol, from, to);
    }
    return allowed;
  }

  /** Those that somebody tells apart, and one that stands for all others; TCP first. */
  private List<Protocol> protocols(Route route) {
    NavigableSet<Protocol> named = new TreeSet<>(List.of(Protocol.TCP, Protocol.UDP));
    for (int i = 0; i < views.size(); i++) {
      views.get(i).protocols(route.ways().get(i), named);
    }
    traffic.parts().forEach(part -> named.add(part.protocol()));
    for (int number = 255; number > 0; number--) {
      Protocol other = new Protocol(number);
      if (named.add(other)) {
        break;
      }
    }
    named.remove(route.family() == IpFamily.IPV4 ? Protocol.ICMPV6 : Protocol.ICMP);
    List<Protocol> all = new ArrayList<>(named);
    if (all.remove(Protocol.TCP)) {
      all.addFirst(Protocol.TCP);
    }
    return all;
  }
}
