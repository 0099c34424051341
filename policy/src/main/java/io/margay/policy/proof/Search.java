package io.margay.policy.proof;

import io.margay.model.assertion.Traffic;
import io.margay.model.verdict.Direction;
import io.margay.policy.proof.PlaceKind.Pair;
import io.margay.policy.proof.Stretches.Route;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
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
  private final Stretches stretches;
  private final Map<Route, Optional<Stretch>> known = new HashMap<>();
  private long pairs;

  /** What is looked for. */
  @FunctionalInterface
  interface Wrong {
    /** Whether a packet with these verdicts, one of each view, is what is looked for. */
    boolean test(boolean[] allowed);
  }

  Search(List<View> views, Traffic traffic, Wrong wrong) {
    this.views = List.copyOf(views);
    this.traffic = traffic;
    this.wrong = wrong;
    this.stretches = new Stretches(views, List.of(traffic));
  }

  /** How many pairs of kinds of places were looked at. */
  long pairs() {
    return pairs;
  }

  /** The first such packet, null if there is none. */
  @Nullable Example find(Collection<Place> from, Collection<Place> to) {
    Map<PlaceKind, List<Place>> sources = PlaceKind.group(views, from, Direction.EGRESS);
    Map<PlaceKind, List<Place>> destinations = PlaceKind.group(views, to, Direction.INGRESS);
    for (Map.Entry<PlaceKind, List<Place>> source : sources.entrySet()) {
      for (Map.Entry<PlaceKind, List<Place>> destination : destinations.entrySet()) {
        Route route = source.getKey().route(destination.getKey(), views);
        Pair pair = route == null ? null : Pair.of(source.getValue(), destination.getValue());
        if (route == null || pair == null) {
          continue;
        }
        pairs++;
        Stretch stretch = known.computeIfAbsent(route, this::search).orElse(null);
        if (stretch != null) {
          return Example.of(pair, stretch);
        }
      }
    }
    return null;
  }

  private Optional<Stretch> search(Route route) {
    AtomicReference<@Nullable Stretch> found = new AtomicReference<>();
    stretches.visit(
        route,
        (stretch, allowed) -> {
          if (!stretch.isOf(traffic) || !wrong.test(allowed)) {
            return false;
          }
          found.set(stretch);
          return true;
        });
    return Optional.ofNullable(found.get());
  }
}
