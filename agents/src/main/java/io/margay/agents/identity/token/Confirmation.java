package io.margay.agents.identity.token;

import java.util.Map;
import java.util.Optional;

/** Which key one must hold to use a token: the {@code cnf} claim of RFC 7800. */
public sealed interface Confirmation {

  /**
   * The key of a client certificate (RFC 8705).
   *
   * @param thumbprint SHA-256 of the DER certificate, base64url
   */
  record Certificate(String thumbprint) implements Confirmation {}

  /**
   * A key of the client's own, shown by a DPoP proof (RFC 9449).
   *
   * @param thumbprint RFC 7638, base64url
   */
  record Key(String thumbprint) implements Confirmation {}

  /** As the claim's value. */
  default Map<String, Object> toClaim() {
    return switch (this) {
      case Certificate certificate -> Map.of("x5t#S256", certificate.thumbprint);
      case Key key -> Map.of("jkt", key.thumbprint);
    };
  }

  /** Reads the claim. One that asks for a proof that we do not know is refused, not ignored. */
  static Optional<Confirmation> of(String what, Claims claims) throws RefusedTokenException {
    Optional<Claims> claim = claims.object("cnf");
    if (claim.isEmpty()) {
      return Optional.empty();
    }
    Claims cnf = claim.get();
    Optional<String> certificate = cnf.optionalString("x5t#S256");
    Optional<String> key = cnf.optionalString("jkt");
    if (certificate.isPresent() == key.isPresent()) {
      throw new RefusedTokenException(what + ": cnf is neither x5t#S256 nor jkt");
    }
    return certificate.isPresent() ? certificate.map(Certificate::new) : key.map(Key::new);
  }
}
