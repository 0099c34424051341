package io.margay.agents.identity;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** Time that a test turns by hand. */
public final class TurnedClock implements InstantSource {
  private volatile Instant now = Instant.parse("2026-11-21T10:00:00Z");

  @Override
  public Instant instant() {
    return now;
  }

  public void turn(Duration by) {
    now = now.plus(by);
  }
}
