package io.margay.policy.proof;

import io.margay.model.assertion.Traffic;
import io.margay.model.verdict.Direction;
import io.margay.policy.proof.PlaceKind.Pair;
import io.margay.policy.proof.Stretches.Route;
import io.margay.policy.proof.View.Way;
import io.margay.policy.table.EndpointId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Looks through all traffic between places for a packet of which something is wrong. Kinds of
 * places that the same groups judge are looked at together: of the sources, all with the same
 * tables at the destinations, and of the destinations, all with the same tables at the sources, are
 * one pair with one route. Routes with the same tables are searched once. What is left is every
 * packet, up to differences that no view sees.
 */
final class Search {
  private final List<View> views;
  private final Traffic traffic;
  private final Wrong wrong;
  private final Stretches stretches;
  private final Map<Route, Optional<Stretch>> known = new HashMap<>();
  private @Nullable Found found;
  private long pairs;

  /** What is looked for. */
  @FunctionalInterface
  interface Wrong {
    /** Whether a packet with these verdicts, one of each view, is what is looked for. */
    boolean test(boolean[] allowed);
  }

  /**
   * A kind and its place in the order in which kinds were given.
   *
   * @param only the endpoint if all places are one's, which does not send to itself
   */
  private record Ranked(int rank, PlaceKind kind, List<Place> places, @Nullable EndpointId only) {
    static Ranked of(int rank, PlaceKind kind, List<Place> places) {
      Place first = places.getFirst();
      boolean one = places.stream().allMatch(first::same);
      return new Ranked(rank, kind, places, one ? first.endpoint() : null);
    }

    boolean sendsTo(Ranked to) {
      return only == null || !only.equals(to.only);
    }
  }

  /** Two kinds between which something is wrong. */
  private record Found(Ranked from, Ranked to, Stretch stretch) {
    boolean before(Found other) {
      return from.rank != other.from.rank ? from.rank < other.from.rank : to.rank < other.to.rank;
    }
  }

  Search(List<View> views, Traffic traffic, Wrong wrong) {
    this.views = List.copyOf(views);
    this.traffic = traffic;
    this.wrong = wrong;
    this.stretches = new Stretches(views, List.of(traffic));
  }

  /** How many pairs of kinds of places have been looked at. */
  long pairs() {
    return pairs;
  }

  /** The packet from the first source to the first destination there, null if there is none. */
  @Nullable Example find(Collection<Place> from, Collection<Place> to) {
    Collection<List<Ranked>> destinations = judgedBySame(to, Direction.INGRESS);
    for (List<Ranked> sources : judgedBySame(from, Direction.EGRESS)) {
      Map<EndpointId, Long> lonely =
          sources.stream()
              .filter(source -> source.only != null)
              .collect(Collectors.groupingBy(Search::only, Collectors.counting()));
      for (List<Ranked> receivers : destinations) {
        if (sources.getFirst().kind.reaches(receivers.getFirst().kind)) {
          pairs += (long) sources.size() * receivers.size();
          for (Ranked receiver : receivers) {
            pairs -= receiver.only == null ? 0 : lonely.getOrDefault(receiver.only, 0L);
          }
          look(sources, receivers);
        }
      }
    }
    return found == null
        ? null
        : Example.of(
            Objects.requireNonNull(Pair.of(found.from.places, found.to.places)), found.stretch);
  }

  private static EndpointId only(Ranked kind) {
    return Objects.requireNonNull(kind.only);
  }

  private Collection<List<Ranked>> judgedBySame(Collection<Place> places, Direction direction) {
    List<Ranked> ranked = new ArrayList<>();
    PlaceKind.group(views, places, direction)
        .forEach((kind, same) -> ranked.add(Ranked.of(ranked.size(), kind, same)));
    return partition(ranked, PlaceKind::judges).values();
  }

  private static <K> Map<K, List<Ranked>> partition(
      List<Ranked> kinds, Function<PlaceKind, K> key) {
    Map<K, List<Ranked>> parts = new LinkedHashMap<>();
    for (Ranked one : kinds) {
      parts.computeIfAbsent(key.apply(one.kind), _ -> new ArrayList<>()).add(one);
    }
    return parts;
  }

  /** Looks at all pairs, of which the same groups judge all sources and all destinations. */
  private void look(List<Ranked> sources, List<Ranked> destinations) {
    PlaceKind source = sources.getFirst().kind;
    PlaceKind destination = destinations.getFirst().kind;
    var byIngress = partition(sources, kind -> tables(destination, kind));
    var byEgress = partition(destinations, kind -> tables(source, kind));
    byIngress.forEach((ingress, from) ->
        byEgress.forEach((egress, to) -> {
          List<Way> ways = new ArrayList<>(views.size());
          for (int i = 0; i < views.size(); i++) {
            ways.add(new Way(egress.get(i), ingress.get(i)));
          }
          known
              .computeIfAbsent(new Route(source.family(), ways), this::search)
              .ifPresent(stretch -> keepFirst(from, to, stretch));
        }));
  }

  /** The tables with which a kind's groups judge another kind, for each view. */
  private List<List<Integer>> tables(PlaceKind judged, PlaceKind remote) {
    List<List<Integer>> tables = new ArrayList<>(views.size());
    for (int i = 0; i < views.size(); i++) {
      tables.add(
          views
              .get(i)
              .portTables(
                  judged.standings().get(i).groups(), remote.standings().get(i).peerClass()));
    }
    return tables;
  }

  private void keepFirst(List<Ranked> from, List<Ranked> to, Stretch stretch) {
    for (Ranked source : from) {
      for (Ranked destination : to) {
        if (source.sendsTo(destination)) {
          Found other = new Found(source, destination, stretch);
          if (found == null || other.before(found)) {
            found = other;
          }
          return;
        }
      }
    }
  }

  private Optional<Stretch> search(Route route) {
    AtomicReference<@Nullable Stretch> wanted = new AtomicReference<>();
    stretches.visit(
        route,
        (stretch, allowed) -> {
          if (!stretch.isOf(traffic) || !wrong.test(allowed)) {
            return false;
          }
          wanted.set(stretch);
          return true;
        });
    return Optional.ofNullable(wanted.get());
  }
}
