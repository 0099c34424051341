package io.margay.flows.archive;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** A clock that tests turn by hand. */
final class TurnedClock implements InstantSource {
  private volatile Instant now;

  TurnedClock(Instant now) {
    this.now = now;
  }

  @Override
  public Instant instant() {
    return now;
  }

  void set(Instant later) {
    now = later;
  }

  void turn(Duration by) {
    now = now.plus(by);
  }
}
