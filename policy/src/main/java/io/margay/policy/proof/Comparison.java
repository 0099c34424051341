package io.margay.policy.proof;

import io.margay.model.assertion.Expectation;
import io.margay.model.assertion.Peers;
import io.margay.model.assertion.Traffic;
import io.margay.model.net.Cidr;
import io.margay.model.verdict.Direction;
import io.margay.policy.proof.PlaceKind.Pair;
import io.margay.policy.proof.Stretches.Route;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Two states of a cluster, compared over every place, protocol and port. Exact where a proof is:
 * for new connections between two different endpoints, or between an endpoint and any other
 * address.
 */
public final class Comparison {
  private final List<View> views;
  private final List<Place> places;
  private final List<Expectation> expectations;
  private final List<Members> members;

  /**
   * Compares.
   *
   * @param pending whether staged policies are taken as enforced, in both states
   * @param cuts prefixes that the caller does not want to be mixed with what is around them
   * @param expectations by which intended differences are told from others
   */
  public Comparison(
      TwoStates states, boolean pending, Collection<Cidr> cuts, List<Expectation> expectations) {
    Shapes shapes = new Shapes();
    this.views = states.tables().stream().map(tables -> new View(tables, pending, shapes)).toList();
    this.members =
        List.of(new Members(states.resourcesBefore()), new Members(states.resourcesAfter()));
    this.expectations = List.copyOf(expectations);
    Set<Cidr> all = new HashSet<>(cuts);
    members.forEach(state -> all.addAll(state.nets()));
    for (Expectation expectation : expectations) {
      all.addAll(Peers.prefixes(expectation.from()));
      all.addAll(Peers.prefixes(expectation.to()));
    }
    this.places = Places.of(states.tables(), all);
  }

  /** All endpoints' addresses, and all others divided as finely as anybody tells them apart. */
  public List<Place> places() {
    return places;
  }

  /** One of the places for each way in which they are judged as sources or destinations. */
  public List<Place> distinct(Collection<Place> some, Direction direction) {
    return PlaceKind.group(views, some, direction).values().stream().map(List::getFirst).toList();
  }

  /** Which verdicts there are for traffic between these places, each with one of its packets. */
  public Map<Verdicts, Example> verdicts(
      Collection<Place> from, Collection<Place> to, Traffic traffic) {
    return verdicts(from, to, traffic, _ -> true);
  }

  /**
   * The same for some of the traffic.
   *
   * @param possible whether packets that are judged like this one are meant
   */
  public Map<Verdicts, Example> verdicts(
      Collection<Place> from, Collection<Place> to, Traffic traffic, Predicate<Example> possible) {
    Map<Verdicts, Example> found = new LinkedHashMap<>();
    Stretches stretches = new Stretches(views, List.of(traffic));
    Map<PlaceKind, List<Place>> destinations = PlaceKind.group(views, to, Direction.INGRESS);
    PlaceKind.group(views, from, Direction.EGRESS)
        .forEach((source, sources) ->
            destinations.forEach((destination, there) -> {
              Route route = source.route(destination, views);
              Pair pair = route == null ? null : Pair.of(sources, there);
              if (route != null && pair != null) {
                stretches.visit(
                    route,
                    (stretch, allowed) -> {
                      Example example = Example.of(pair, stretch);
                      if (stretch.isOf(traffic) && possible.test(example)) {
                        found.putIfAbsent(Verdicts.of(allowed), example);
                      }
                      return false;
                    });
              }
            }));
    return found;
  }

  /** Whether somebody expects a packet's verdicts to differ so. */
  public boolean intended(Example example, Verdicts verdicts) {
    Stretch stretch = Stretch.of(example.packet());
    return expectations.stream()
        .anyMatch(expectation ->
            stretch.isExpected(expectation, verdicts)
                && names(expectation.from(), example.from())
                && names(expectation.to(), example.to()));
  }

  private boolean names(List<Peers> side, Place place) {
    return side.stream()
        .anyMatch(peers ->
            members.stream().anyMatch(state -> !state.of(peers, List.of(place)).isEmpty()));
  }

  /** All that the two states judge differently, and what was expected and does not happen. */
  public Differences differences() {
    List<Set<Place>> from = sides(Expectation::from);
    List<Set<Place>> to = sides(Expectation::to);
    DifferenceFinder finder = new DifferenceFinder(views, expectations);
    return finder.find(
        PlaceKind.group(views, places, Direction.EGRESS, place -> marks(place, from)),
        PlaceKind.group(views, places, Direction.INGRESS, place -> marks(place, to)));
  }

  /** What a selector matches in either state is meant. */
  private List<Set<Place>> sides(Function<Expectation, List<Peers>> side) {
    List<Set<Place>> all = new ArrayList<>();
    for (Expectation expectation : expectations) {
      Set<Place> named = new HashSet<>();
      for (Peers peers : side.apply(expectation)) {
        members.forEach(state -> named.addAll(state.of(peers, places)));
      }
      all.add(named);
    }
    return all;
  }

  private static BitSet marks(Place place, List<Set<Place>> sides) {
    BitSet marks = new BitSet();
    for (int i = 0; i < sides.size(); i++) {
      marks.set(i, sides.get(i).contains(place));
    }
    return marks;
  }
}
