package io.margay.agents.identity.spiffe;

import com.nimbusds.jose.jwk.JWKSet;
import io.margay.agents.identity.token.VerificationKeys;
import java.security.cert.X509Certificate;
import java.util.List;

/**
 * Whose signatures a trust domain stands for. Compared by identity: a bundle that was read anew is
 * another one, and what was checked with the old one is checked again.
 */
public final class TrustBundle {
  private final String trustDomain;
  private final List<X509Certificate> x509Authorities;
  private final JWKSet jwtAuthorities;
  private final VerificationKeys jwtKeys;

  /**
   * @param x509Authorities certificates that sign X.509-SVIDs
   * @param jwtAuthorities public keys that sign JWT-SVIDs
   */
  public TrustBundle(
      String trustDomain, List<X509Certificate> x509Authorities, JWKSet jwtAuthorities) {
    this.trustDomain = new SpiffeId(trustDomain, "").trustDomain();
    this.x509Authorities = List.copyOf(x509Authorities);
    this.jwtAuthorities = jwtAuthorities.toPublicJWKSet();
    this.jwtKeys = VerificationKeys.of(this.jwtAuthorities);
  }

  public String trustDomain() {
    return trustDomain;
  }

  public List<X509Certificate> x509Authorities() {
    return x509Authorities;
  }

  public JWKSet jwtAuthorities() {
    return jwtAuthorities;
  }

  VerificationKeys jwtKeys() {
    return jwtKeys;
  }
}
