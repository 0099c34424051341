package io.margay.console.signin;

import io.margay.console.access.Identity;
import io.margay.console.access.Secrets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Who is signed in. Kept in memory: after a restart everybody signs in again. Thread-safe.
 *
 * <p>The map holds fingerprints of the ids, so that neither its look-up time nor a dump of it gives
 * a cookie away.
 */
final class Sessions {
  /** A session ends when nothing was asked for this long. */
  static final Duration IDLE = Duration.ofHours(2);

  /** And in any case after this time. */
  static final Duration LONGEST = Duration.ofHours(12);

  private static final int MOST = 10_000;

  private final InstantSource clock;
  private final Map<String, Session> sessions = new HashMap<>();

  Sessions(InstantSource clock) {
    this.clock = clock;
  }

  /**
   * One of them.
   *
   * @param csrf what a page must send with everything that changes something; another site cannot
   *     read it
   */
  record Session(Identity identity, String csrf, Instant began, Instant used) {
    private boolean over(Instant now) {
      return now.isAfter(began.plus(LONGEST)) || now.isAfter(used.plus(IDLE));
    }
  }

  /** A session that has just begun, and the id that only its owner gets. */
  record Begun(String id, Session session) {}

  synchronized Begun begin(Identity identity) {
    Instant now = clock.instant();
    sessions.values().removeIf(session -> session.over(now));
    if (sessions.size() >= MOST) {
      // Whoever can sign in this often may well lose the oldest.
      sessions.entrySet().stream()
          .min(Map.Entry.comparingByValue((a, b) -> a.used().compareTo(b.used())))
          .ifPresent(oldest -> sessions.remove(oldest.getKey()));
    }
    String id = Secrets.random();
    Session session = new Session(identity, Secrets.random(), now, now);
    sessions.put(Secrets.fingerprint(id), session);
    return new Begun(id, session);
  }

  /** The session with an id; using it keeps it alive. */
  synchronized Optional<Session> find(String id) {
    String key = Secrets.fingerprint(id);
    Session session = sessions.get(key);
    if (session == null) {
      return Optional.empty();
    }
    Instant now = clock.instant();
    if (session.over(now)) {
      sessions.remove(key);
      return Optional.empty();
    }
    Session used = new Session(session.identity(), session.csrf(), session.began(), now);
    sessions.put(key, used);
    return Optional.of(used);
  }

  synchronized void end(String id) {
    sessions.remove(Secrets.fingerprint(id));
  }
}
