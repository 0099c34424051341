package io.margay.agents.identity.user;

import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.util.JSONObjectUtils;
import io.margay.agents.identity.token.RefusedTokenException;
import io.margay.agents.identity.token.SignedToken;
import io.margay.agents.identity.token.VerificationKeys;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The keys of one issuer, as it publishes them now. They are read at the first token, again after
 * ten minutes, and when a token names a key that is not known, but never more often than every ten
 * seconds, whatever tokens say. Of many threads at a time; one of them reads while the others go on
 * with what is known.
 */
final class IssuerKeys {
  private static final Logger LOG = LoggerFactory.getLogger(IssuerKeys.class);

  private static final Duration FRESH = Duration.ofMinutes(10);

  /** After which keys that could not be read again are not trusted any more. */
  private static final Duration STALE = Duration.ofHours(1);

  private static final Duration PAUSE = Duration.ofSeconds(10);

  private final TrustedIssuer issuer;
  private final DocumentReader reader;
  private final InstantSource clock;
  private final ReentrantLock reading = new ReentrantLock();
  private volatile @Nullable Known known;

  /** Guarded by reading. */
  private Instant lastAttempt = Instant.MIN;

  private record Known(VerificationKeys keys, String document, Instant read) {}

  /** Fetches a document, of a bounded size and in a bounded time. */
  @FunctionalInterface
  interface DocumentReader {
    byte[] read(URI address) throws IOException;
  }

  IssuerKeys(TrustedIssuer issuer, DocumentReader reader, InstantSource clock) {
    this.issuer = issuer;
    this.reader = reader;
    this.clock = clock;
  }

  /** The keys to check a token with. The same object as long as the keys are the same. */
  VerificationKeys keys(@Nullable SignedToken token) throws RefusedTokenException {
    Known now = known;
    if (now == null) {
      reading.lock();
      try {
        now = known == null ? readAgain() : known;
      } finally {
        reading.unlock();
      }
    } else if (isOlder(now, FRESH) || token != null && !now.keys.knows(token)) {
      if (reading.tryLock()) {
        try {
          now = readAgain();
        } finally {
          reading.unlock();
        }
      }
    }
    if (now == null || isOlder(now, STALE)) {
      throw new RefusedTokenException("user token: the keys of its issuer cannot be read now");
    }
    return now.keys;
  }

  private boolean isOlder(Known known, Duration age) {
    return clock.instant().isAfter(known.read.plus(age));
  }

  private @Nullable Known readAgain() {
    Instant now = clock.instant();
    if (lastAttempt.isAfter(now.minus(PAUSE))) {
      return known;
    }
    lastAttempt = now;
    try {
      String document = read(issuer.keys().isPresent() ? issuer.keys().get() : discover());
      Known before = known;
      VerificationKeys keys =
          before != null && before.document.equals(document)
              ? before.keys
              : VerificationKeys.of(JWKSet.parse(document));
      known = new Known(keys, document, now);
    } catch (IOException | ParseException | IllegalArgumentException e) {
      LOG.warn("The keys of issuer {} cannot be read: {}", issuer.issuer(), e.toString());
    }
    return known;
  }

  private URI discover() throws IOException, ParseException {
    String base = issuer.issuer();
    URI address =
        URI.create(
            (base.endsWith("/") ? base.substring(0, base.length() - 1) : base)
                + "/.well-known/openid-configuration");
    Map<String, Object> document = JSONObjectUtils.parse(read(address));
    if (!base.equals(JSONObjectUtils.getString(document, "issuer"))) {
      throw new IOException(address + " is of another issuer");
    }
    URI keys = JSONObjectUtils.getURI(document, "jwks_uri");
    if (keys == null) {
      throw new IOException(address + " names no jwks_uri");
    }
    TrustedIssuer.checkAddress(base, keys);
    return keys;
  }

  private String read(URI address) throws IOException {
    return new String(reader.read(address), StandardCharsets.UTF_8);
  }
}
