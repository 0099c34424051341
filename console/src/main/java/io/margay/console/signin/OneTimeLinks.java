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
 * Codes of links that sign in once. A code in a URL ends up in histories and logs, so it is worth
 * nothing after its first use, or after a short while. Thread-safe.
 */
public final class OneTimeLinks {
  public static final Duration VALID = Duration.ofMinutes(15);
  private static final int MOST = 100;

  private final InstantSource clock;
  private final Map<String, Code> codes = new HashMap<>();

  private record Code(Identity identity, Instant until) {}

  public OneTimeLinks(InstantSource clock) {
    this.clock = clock;
  }

  /** The path, with its query, of a new link. */
  public String issue(Identity identity) {
    return "/sign-in/once?code=" + code(identity);
  }

  private synchronized String code(Identity identity) {
    Instant now = clock.instant();
    codes.values().removeIf(code -> code.until().isBefore(now));
    if (codes.size() >= MOST) {
      throw new IllegalStateException(
          MOST
              + " links are waiting to be used: use one, or wait "
              + VALID.toMinutes()
              + " minutes");
    }
    String code = Secrets.random();
    codes.put(Secrets.fingerprint(code), new Code(identity, now.plus(VALID)));
    return code;
  }

  /** Whom a code signs in; each code only once. */
  synchronized Optional<Identity> redeem(String code) {
    Code found = codes.remove(Secrets.fingerprint(code));
    return Optional.ofNullable(found)
        .filter(valid -> !valid.until().isBefore(clock.instant()))
        .map(Code::identity);
  }
}
