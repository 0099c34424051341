package io.margay.agents.gateway.llm;

import java.time.Duration;

/**
 * What may be spent on models.
 *
 * @param owner who spends from it: {@code agent:spiffe://…}, {@code team:payments}, {@code
 *     user:alice}
 * @param tokens in a window; {@link Long#MAX_VALUE} for any number
 * @param cost in millionths of the currency, in a window
 * @param window how long until it is full again; windows begin at multiples of it
 */
public record Budget(String owner, long tokens, long cost, Duration window) {

  public Budget {
    if (tokens < 0 || cost < 0 || window.toSeconds() < 1) {
      throw new IllegalArgumentException(
          "budget of "
              + owner
              + ": tokens and cost are not negative, the window is a second or"
              + " more");
    }
  }
}
