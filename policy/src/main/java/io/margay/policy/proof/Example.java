package io.margay.policy.proof;

import io.margay.model.net.Packet;
import io.margay.policy.proof.PlaceKind.Pair;

/** A packet that stands for all that are judged like it. */
public record Example(Place from, Place to, Packet packet) {
  static Example of(Pair pair, Stretch stretch) {
    return new Example(pair.from(), pair.to(), stretch.packet(pair));
  }
}
