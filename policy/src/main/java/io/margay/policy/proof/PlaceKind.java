package io.margay.policy.proof;

import io.margay.model.net.IpFamily;
import io.margay.model.verdict.Direction;
import io.margay.policy.proof.Stretches.Route;
import io.margay.policy.proof.View.Standing;
import io.margay.policy.proof.View.Way;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What places have in common that all views judge alike, at one end of traffic.
 *
 * @param owned whether they are endpoints
 * @param standings one in each view
 * @param marks by which the caller tells places apart that are judged alike
 */
record PlaceKind(IpFamily family, boolean owned, List<Standing> standings, BitSet marks) {
  private static final BitSet NO_MARKS = new BitSet();

  /** Places by their kinds, in their order, where they send (egress) or receive (ingress). */
  static Map<PlaceKind, List<Place>> group(
      List<View> views, Collection<Place> places, Direction direction) {
    return group(views, places, direction, _ -> NO_MARKS);
  }

  static Map<PlaceKind, List<Place>> group(
      List<View> views,
      Collection<Place> places,
      Direction direction,
      Function<Place, BitSet> marks) {
    Map<PlaceKind, List<Place>> kinds = new LinkedHashMap<>();
    for (Place place : places) {
      List<Standing> standings =
          views.stream().map(view -> view.standing(place, direction)).toList();
      PlaceKind kind =
          new PlaceKind(
              place.address().family(), place.endpoint() != null, standings, marks.apply(place));
      kinds.computeIfAbsent(kind, _ -> new ArrayList<>()).add(place);
    }
    return kinds;
  }

  /** Whether packets go to a kind that receives which the cluster could judge. */
  boolean reaches(PlaceKind to) {
    return family == to.family && (owned || to.owned);
  }

  /** What kinds have in common that the same groups judge, whatever their own addresses. */
  Judges judges() {
    return new Judges(family, owned, standings.stream().map(Standing::groups).toList());
  }

  /** The groups that judge a kind, for each view. */
  record Judges(IpFamily family, boolean owned, List<List<Integer>> groups) {}

  /** The way to a kind that receives; null where no packet goes that the cluster could judge. */
  @Nullable Route route(PlaceKind to, List<View> views) {
    if (!reaches(to)) {
      return null;
    }
    List<Way> ways = new ArrayList<>(views.size());
    for (int i = 0; i < views.size(); i++) {
      ways.add(views.get(i).way(standings.get(i), to.standings.get(i)));
    }
    return new Route(family, ways);
  }

  /** Two places that are not the same endpoint. */
  record Pair(Place from, Place to) {
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
}
