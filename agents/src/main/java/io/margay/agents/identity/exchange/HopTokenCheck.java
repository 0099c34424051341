package io.margay.agents.identity.exchange;

import io.margay.agents.call.User;
import io.margay.agents.identity.spiffe.SpiffeId;
import io.margay.agents.identity.token.BoundedCache;
import io.margay.agents.identity.token.Claims;
import io.margay.agents.identity.token.Confirmation;
import io.margay.agents.identity.token.Lineage;
import io.margay.agents.identity.token.RefusedTokenException;
import io.margay.agents.identity.token.RotatingKeys;
import io.margay.agents.identity.token.SignedToken;
import io.margay.agents.identity.token.VerificationKeys;
import io.margay.agents.identity.token.VerifiedToken;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Reads back the tokens that {@link HopTokens} issues. Our signature is not taken for proof that a
 * token is sound: a chain that contradicts itself is refused, too.
 */
final class HopTokenCheck {
  /** RFC 9068: an upstream that knows access tokens knows these. */
  static final String TYPE = "at+jwt";

  private static final String WHAT = "hop token";

  /** Gateways that share keys may differ by this much. */
  private static final Duration LEEWAY = Duration.ofSeconds(2);

  private final String issuer;
  private final RotatingKeys keys;
  private final InstantSource clock;
  private final BoundedCache<String, Checked> checked = new BoundedCache<>(10_000);

  private record Checked(VerifiedToken token, VerificationKeys keys) {}

  HopTokenCheck(String issuer, RotatingKeys keys, InstantSource clock) {
    this.issuer = issuer;
    this.keys = keys;
    this.clock = clock;
  }

  VerifiedToken verify(String token) throws RefusedTokenException {
    VerificationKeys current = keys.verificationKeys();
    Checked known = checked.get(SignedToken.hash(token));
    if (known == null || known.keys != current) {
      known = new Checked(check(SignedToken.read(WHAT, token), current), current);
      checked.put(known.token.hash(), known);
    }
    // No leeway for the end: a parent's must not be passed by one of its children.
    if (!clock.instant().isBefore(known.token.expires())) {
      throw new RefusedTokenException(WHAT + ": expired at " + known.token.expires());
    }
    return known.token;
  }

  private VerifiedToken check(SignedToken token, VerificationKeys current)
      throws RefusedTokenException {
    Claims claims = token.claims();
    if (!claims.string("iss").equals(issuer)) {
      throw new RefusedTokenException(WHAT + ": not of this gateway (iss)");
    }
    if (!token.type().equals(TYPE)) {
      throw new RefusedTokenException(WHAT + ": typ is not " + TYPE);
    }
    current.verify(WHAT, token, Set.of("ES256"));
    Instant expires = claims.checkTimes(clock.instant(), LEEWAY);
    List<String> audience = claims.strings("aud");
    if (audience.size() != 1) {
      throw new RefusedTokenException(WHAT + ": does not have exactly one audience");
    }
    Optional<Confirmation> holder = Confirmation.of(WHAT, claims);
    if (holder.isEmpty()) {
      throw new RefusedTokenException(WHAT + ": is bound to no key (cnf)");
    }
    return new VerifiedToken(
        VerifiedToken.Kind.HOP,
        token.hash(),
        user(claims),
        List.copyOf(claims.scope()),
        claims.time("iat").orElse(Instant.EPOCH),
        expires,
        Set.copyOf(audience),
        lineage(claims),
        holder,
        Optional.empty(),
        claims.bool("single_use"));
  }

  private static Optional<User> user(Claims claims) throws RefusedTokenException {
    String subject = claims.string("sub");
    Optional<String> userIssuer = claims.optionalString("sub_iss");
    return userIssuer.isPresent()
        ? Optional.of(new User(userIssuer.get(), subject, claims.strings("groups")))
        : Optional.empty();
  }

  private static Lineage lineage(Claims claims) throws RefusedTokenException {
    List<String> actors = actors(claims);
    int depth = claims.integer("depth");
    int depthMax = claims.integer("depth_max");
    if (depth != actors.size() || depth < 1 || depth > depthMax) {
      throw new RefusedTokenException(WHAT + ": its depth and its actors do not agree");
    }
    String id = claims.string("jti");
    Lineage lineage = new Lineage(id, claims.strings("ancestors"), actors, depthMax);
    if (!lineage.root().equals(claims.string("root_jti"))
        || new HashSet<>(lineage.ancestors()).size() != lineage.ancestors().size()
        || lineage.ancestors().isEmpty() == claims.has("parent")) {
      throw new RefusedTokenException(WHAT + ": its ancestors do not agree");
    }
    return lineage;
  }

  /** The first agent first. */
  private static List<String> actors(Claims claims) throws RefusedTokenException {
    List<String> actors = new ArrayList<>();
    Optional<Claims> act = claims.object("act");
    while (act.isPresent()) {
      actors.add(SpiffeId.parse(act.get().string("sub")).toString());
      act = act.get().object("act");
    }
    Collections.reverse(actors);
    return actors;
  }
}
