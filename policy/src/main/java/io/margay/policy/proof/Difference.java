package io.margay.policy.proof;

import java.util.List;

/**
 * Packets that two states judge differently: all of this traffic from each of these places to each
 * of those.
 *
 * @param verdicts of which one allows and the other denies
 * @param from in order; so are {@code to}
 * @param traffic in words, such as {@code tcp/80, udp}
 * @param pairs how many pairs of places there are, none of an endpoint with itself
 * @param intended whether somebody said before that this should change
 */
public record Difference(
    Verdicts verdicts,
    List<Place> from,
    List<Place> to,
    String traffic,
    long pairs,
    Example example,
    boolean intended) {
  public Difference {
    from = List.copyOf(from);
    to = List.copyOf(to);
  }
}
