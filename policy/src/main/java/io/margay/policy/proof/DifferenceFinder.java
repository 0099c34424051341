package io.margay.policy.proof;

import io.margay.model.assertion.Expectation;
import io.margay.model.net.Protocol;
import io.margay.policy.proof.PlaceKind.Pair;
import io.margay.policy.proof.Stretches.Route;
import io.margay.policy.table.EndpointId;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Finds what two views judge differently, and puts together what has the same difference. */
final class DifferenceFinder {
  private final List<View> views;
  private final List<Expectation> expectations;
  private final Stretches stretches;
  private final Map<Route, Flips> known = new HashMap<>();
  private final BitSet met = new BitSet();

  /** The stretches of a route that differ, and the protocols of which the route knows. */
  private record Flips(Map<Stretch, Verdicts> stretches, Set<Protocol> protocols) {}

  /**
   * What differs between two kinds of places.
   *
   * @param one a packet of the traffic
   */
  private record Change(Verdicts verdicts, String traffic, boolean intended, Stretch one) {}

  /** Kinds from which the same change is seen. */
  private record Sources(Change change, List<PlaceKind> kinds) {}

  DifferenceFinder(List<View> views, List<Expectation> expectations) {
    this.views = views;
    this.expectations = expectations;
    this.stretches = new Stretches(views, expectations.stream().map(Expectation::traffic).toList());
  }

  /**
   * Finds all.
   *
   * @param from all places, marked with the expectations whose source they are
   * @param to all places, marked likewise
   */
  Differences find(Map<PlaceKind, List<Place>> from, Map<PlaceKind, List<Place>> to) {
    Map<Sources, List<PlaceKind>> joined = join(from, to);
    List<Difference> all = new ArrayList<>();
    joined.forEach((sources, destinations) -> {
      Difference difference =
          difference(sources.change(), places(sources.kinds(), from), places(destinations, to));
      if (difference != null) {
        all.add(difference);
      }
    });
    List<Expectation> missed = new ArrayList<>();
    for (int i = 0; i < expectations.size(); i++) {
      if (!met.get(i)) {
        missed.add(expectations.get(i));
      }
    }
    return new Differences(all, missed);
  }

  /** Sources with the same change to a destination, and destinations with the same sources. */
  private Map<Sources, List<PlaceKind>> join(
      Map<PlaceKind, List<Place>> from, Map<PlaceKind, List<Place>> to) {
    Map<Sources, List<PlaceKind>> joined = new LinkedHashMap<>();
    // A change touches few kinds, and all pairs of the others are judged as before.
    Map<PlaceKind, List<Place>> touched = new LinkedHashMap<>(from);
    touched.keySet().removeIf(DifferenceFinder::judgedAlike);
    for (Map.Entry<PlaceKind, List<Place>> destination : to.entrySet()) {
      Map<PlaceKind, List<Place>> sourcesHere = judgedAlike(destination.getKey()) ? touched : from;
      Map<Change, List<PlaceKind>> sources = new LinkedHashMap<>();
      for (Map.Entry<PlaceKind, List<Place>> source : sourcesHere.entrySet()) {
        for (Change change : changes(source, destination)) {
          sources.computeIfAbsent(change, _ -> new ArrayList<>()).add(source.getKey());
        }
      }
      sources.forEach((change, kinds) ->
          joined
              .computeIfAbsent(new Sources(change, kinds), _ -> new ArrayList<>())
              .add(destination.getKey()));
    }
    return joined;
  }

  private static boolean judgedAlike(PlaceKind kind) {
    return kind.standings().getFirst().equals(kind.standings().getLast());
  }

  private List<Change> changes(
      Map.Entry<PlaceKind, List<Place>> source, Map.Entry<PlaceKind, List<Place>> destination) {
    Route route = source.getKey().route(destination.getKey(), views);
    if (route == null) {
      return List.of();
    }
    Flips flips = known.computeIfAbsent(route, this::flips);
    if (flips.stretches().isEmpty()) {
      return List.of();
    }
    BitSet both = (BitSet) source.getKey().marks().clone();
    both.and(destination.getKey().marks());
    // What an endpoint sends to itself is left out later: here it would tear a group apart.
    boolean some = Pair.of(source.getValue(), destination.getValue()) != null;
    Map<Verdicts, Map<Boolean, List<Stretch>>> parts = new LinkedHashMap<>();
    flips
        .stretches()
        .forEach((stretch, verdicts) ->
            parts
                .computeIfAbsent(verdicts, _ -> new LinkedHashMap<>())
                .computeIfAbsent(intended(both, stretch, verdicts, some), _ -> new ArrayList<>())
                .add(stretch));
    List<Change> changes = new ArrayList<>();
    parts.forEach((verdicts, byIntent) ->
        byIntent.forEach((intended, alike) ->
            changes.add(
                new Change(
                    verdicts,
                    TrafficText.of(alike, flips.protocols()),
                    intended,
                    alike.getFirst().one()))));
    return changes;
  }

  private Flips flips(Route route) {
    Flips flips = new Flips(new LinkedHashMap<>(), new LinkedHashSet<>());
    stretches.visit(
        route,
        (stretch, allowed) -> {
          flips.protocols().add(stretch.protocol());
          Verdicts verdicts = Verdicts.of(allowed);
          if (verdicts.differ()) {
            flips.stretches().put(stretch, verdicts);
          }
          return false;
        });
    return flips;
  }

  private boolean intended(BitSet marked, Stretch stretch, Verdicts verdicts, boolean some) {
    boolean intended = false;
    for (int i = marked.nextSetBit(0); i >= 0; i = marked.nextSetBit(i + 1)) {
      if (stretch.isExpected(expectations.get(i), verdicts)) {
        met.set(i, met.get(i) || some);
        intended = true;
      }
    }
    return intended;
  }

  private static List<Place> places(List<PlaceKind> kinds, Map<PlaceKind, List<Place>> byKind) {
    List<Place> places = new ArrayList<>();
    kinds.forEach(kind -> places.addAll(byKind.getOrDefault(kind, List.of())));
    return places;
  }

  /** Null where the only pairs would be of an endpoint with itself. */
  private static @Nullable Difference difference(Change change, List<Place> from, List<Place> to) {
    Pair pair = Pair.of(from, to);
    if (pair == null) {
      return null;
    }
    List<Place> sources = withPartners(from, to);
    List<Place> destinations = withPartners(to, from);
    return new Difference(
        change.verdicts(),
        sources,
        destinations,
        change.traffic(),
        pairs(sources, destinations),
        Example.of(pair, change.one()),
        change.intended());
  }

  /** Those that have somebody else to talk to. */
  private static List<Place> withPartners(List<Place> some, List<Place> partners) {
    Place first = partners.getFirst();
    boolean one = partners.stream().allMatch(first::same);
    return one ? some.stream().filter(place -> !place.same(first)).toList() : some;
  }

  private static long pairs(List<Place> from, List<Place> to) {
    Map<EndpointId, Long> there = new HashMap<>();
    to.forEach(place -> {
      if (place.endpoint() != null) {
        there.merge(place.endpoint(), 1L, Long::sum);
      }
    });
    long same =
        from.stream()
            .mapToLong(
                place -> place.endpoint() == null ? 0 : there.getOrDefault(place.endpoint(), 0L))
            .sum();
    return (long) from.size() * to.size() - same;
  }
}
