package io.margay.agents.identity.spiffe;

import io.margay.agents.identity.token.BoundedCache;
import io.margay.agents.identity.token.RefusedTokenException;
import io.margay.agents.identity.token.SignedToken;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Checks JWT-SVIDs. They are bearer tokens, so X.509-SVIDs are better wherever TLS reaches us. Of
 * many threads at a time.
 */
public final class JwtSvids {
  private static final String WHAT = "JWT-SVID";
  private static final Set<String> HEADERS = Set.of("alg", "kid", "typ");
  private static final Set<String> TYPES = Set.of("", "jwt", "jose");

  private final Supplier<TrustBundles> bundles;
  private final InstantSource clock;
  private final Duration leeway;
  private final BoundedCache<String, Checked> checked = new BoundedCache<>(10_000);

  private record Checked(JwtSvid svid, TrustBundle bundle) {}

  /**
   * @param bundles the ones of now, asked for every check
   * @param leeway by how much clocks may differ
   */
  public JwtSvids(Supplier<TrustBundles> bundles, InstantSource clock, Duration leeway) {
    this.bundles = bundles;
    this.clock = clock;
    this.leeway = leeway;
  }

  /**
   * @param audience names of ours, of which the token must have one
   */
  public JwtSvid verify(String token, Set<String> audience) throws RefusedTokenException {
    Instant now = clock.instant();
    Checked known = checked.get(SignedToken.hash(token));
    if (known == null || bundles.get().of(known.svid.id()) != known.bundle) {
      known = check(token, now);
      checked.put(known.svid.hash(), known);
    }
    known.svid.claims().checkTimes(now, leeway);
    known.svid.claims().checkAudience(audience);
    return known.svid;
  }

  private Checked check(String token, Instant now) throws RefusedTokenException {
    SignedToken signed = SignedToken.read(WHAT, token);
    if (!HEADERS.containsAll(signed.header().getIncludedParams())) {
      throw new RefusedTokenException(WHAT + ": has headers other than alg, kid and typ");
    }
    if (!TYPES.contains(signed.type())) {
      throw new RefusedTokenException(WHAT + ": typ is neither JWT nor JOSE");
    }
    SpiffeId id = SpiffeId.parse(signed.claims().string("sub"));
    if (id.path().isEmpty()) {
      throw new RefusedTokenException(WHAT + ": names a trust domain, not a workload");
    }
    TrustBundle bundle = bundles.get().of(id);
    bundle.jwtKeys().verify(WHAT, signed);
    Instant expires = signed.claims().checkTimes(now, leeway);
    return new Checked(new JwtSvid(id, expires, signed.hash(), signed.claims()), bundle);
  }
}
