package io.margay.agents.identity.exchange;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import io.margay.agents.identity.token.Claims;
import io.margay.agents.identity.token.Confirmation;
import io.margay.agents.identity.token.RefusedTokenException;
import io.margay.agents.identity.token.SignedToken;
import io.margay.agents.identity.token.VerificationKeys;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** Checks DPoP proofs (RFC 9449): that a client holds a key, for this request and now. */
public final class DpopProofs {
  private static final String WHAT = "DPoP proof";

  /** How old a proof may be, and how far clocks may differ. */
  private static final Duration WINDOW = Duration.ofSeconds(60);

  private final SingleUse singleUse;
  private final InstantSource clock;

  public DpopProofs(SingleUse singleUse, InstantSource clock) {
    this.singleUse = singleUse;
    this.clock = clock;
  }

  /**
   * Checks a proof, and uses it up.
   *
   * @param method of the request
   * @param address of the request; query and fragment do not count
   * @param token the access token that came with it, or an empty string at the token endpoint
   * @return the key that the client holds
   */
  public Confirmation.Key verify(String proof, String method, URI address, String token)
      throws RefusedTokenException {
    SignedToken signed = SignedToken.read(WHAT, proof);
    if (!signed.type().equals("dpop+jwt")) {
      throw new RefusedTokenException(WHAT + ": typ is not dpop+jwt");
    }
    JWK key = signed.header().getJWK();
    if (key == null || key.isPrivate()) {
      throw new RefusedTokenException(WHAT + ": has no public key in its header (jwk)");
    }
    // The proof is signed with the key that it carries, whatever key id either of them names.
    VerificationKeys.of(new JWKSet(key)).verifyWithOnlyKey(WHAT, signed);
    Claims claims = signed.claims();
    if (!claims.string("htm").equals(method) || !sameAddress(claims.string("htu"), address)) {
      throw new RefusedTokenException(WHAT + ": for another request (htm, htu)");
    }
    if (!token.isEmpty() && !claims.string("ath").equals(SignedToken.hash(token))) {
      throw new RefusedTokenException(WHAT + ": for another token (ath)");
    }
    Instant issued =
        claims
            .time("iat")
            .orElseThrow(() -> new RefusedTokenException(WHAT + ": claim iat is missing"));
    Instant now = clock.instant();
    if (issued.isBefore(now.minus(WINDOW)) || issued.isAfter(now.plus(WINDOW))) {
      throw new RefusedTokenException(WHAT + ": not made now (iat)");
    }
    Confirmation.Key holder = new Confirmation.Key(thumbprint(key));
    singleUse.use(
        WHAT, holder.thumbprint() + " " + claims.string("jti"), issued, issued.plus(WINDOW));
    return holder;
  }

  private static String thumbprint(JWK key) throws RefusedTokenException {
    try {
      return key.computeThumbprint().toString();
    } catch (JOSEException e) {
      throw new RefusedTokenException(WHAT + ": its key cannot be read");
    }
  }

  private static boolean sameAddress(String claimed, URI address) {
    try {
      return normal(URI.create(claimed)).equals(normal(address));
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /** RFC 3986's syntax-based normalization, as far as it matters here. */
  private static String normal(URI address) {
    String scheme = String.valueOf(address.getScheme()).toLowerCase(java.util.Locale.ROOT);
    String host = String.valueOf(address.getHost()).toLowerCase(java.util.Locale.ROOT);
    int standard = scheme.equals("https") ? 443 : scheme.equals("http") ? 80 : -1;
    int port = address.getPort() < 0 ? standard : address.getPort();
    String path = address.getRawPath();
    return scheme + "://" + host + ":" + port + (path == null || path.isEmpty() ? "/" : path);
  }
}
