package io.margay.agents.gateway.llm;

import java.time.Duration;
import java.time.Instant;

/**
 * What one owner may spend on models from a budget.
 *
 * @param budget name of the budget
 * @param owner who spends from it: {@code agent:analyst}, {@code team:payments}, {@code user:alice}
 * @param tokens in a window; {@link Long#MAX_VALUE} for any number
 * @param cost in millionths of the currency, in a window; {@link Long#MAX_VALUE} for any
 * @param window how long until it is full again, in whole seconds; windows begin at multiples of it
 */
public record Account(String budget, String owner, long tokens, long cost, Duration window) {

  public Account {
    if (tokens < 0 || cost < 0 || window.toSeconds() < 1) {
      throw new IllegalArgumentException(
          "budget %s: tokens and cost are not negative, the window is a second or more"
              .formatted(budget));
    }
  }

  Key keyAt(Instant now) {
    long length = window.toSeconds();
    return new Key(budget, owner, length, Math.floorDiv(now.getEpochSecond(), length) * length);
  }

  /**
   * An account in one window.
   *
   * @param length of the window, in seconds
   * @param start of the window, in seconds since 1970
   */
  public record Key(String budget, String owner, long length, long start) {

    /** When the window is over. */
    public Instant ends() {
      return Instant.ofEpochSecond(start + length);
    }

    boolean isOver(Instant now) {
      return !now.isBefore(ends());
    }
  }
}
