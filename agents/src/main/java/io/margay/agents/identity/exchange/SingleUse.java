package io.margay.agents.identity.exchange;

import io.margay.agents.identity.token.RefusedTokenException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Remembers what may be used once until it has expired. It remembers nothing over a restart;
 * therefore what was issued before the start is refused. Of many threads at a time.
 */
public final class SingleUse {
  private final Map<String, Instant> used = new ConcurrentHashMap<>();
  private final int capacity;
  private final Instant started;
  private final InstantSource clock;
  private volatile Instant nextSweep;

  /**
   * @param capacity when so many are remembered, further ones are refused: to forget one would be
   *     to let it be used twice
   */
  public SingleUse(int capacity, InstantSource clock) {
    this.capacity = capacity;
    this.clock = clock;
    this.started = clock.instant();
    this.nextSweep = started;
  }

  /**
   * Uses something up.
   *
   * @param what names the kind in the reason
   * @param id unique among all of its kind
   */
  public void use(String what, String id, Instant issued, Instant expires)
      throws RefusedTokenException {
    Instant now = clock.instant();
    // Times in tokens are whole seconds.
    if (issued.isBefore(started.minusMillis(999))) {
      throw new RefusedTokenException(
          what + ": issued before this gateway started, so it may have been used; get a new one");
    }
    if (!now.isBefore(nextSweep)) {
      nextSweep = now.plusSeconds(10);
      used.values().removeIf(end -> end.isBefore(now));
    }
    if (used.size() >= capacity) {
      throw new RefusedTokenException(what + ": too many are in use; try again in a minute");
    }
    if (used.putIfAbsent(what + " " + id, expires) != null) {
      throw new RefusedTokenException(what + ": was used before");
    }
  }
}
