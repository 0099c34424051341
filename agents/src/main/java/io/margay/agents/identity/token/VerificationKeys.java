package io.margay.agents.identity.token;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.RSAKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Public keys of one issuer or trust domain. Immutable. */
public final class VerificationKeys {
  /** What BSI, NIST and the CA/Browser Forum take as the least. */
  private static final int MIN_RSA_BITS = 2048;

  private final List<Key> keys;
  private final int unusable;

  private record Key(String id, JWSVerifier verifier) {}

  private VerificationKeys(List<Key> keys, int unusable) {
    this.keys = List.copyOf(keys);
    this.unusable = unusable;
  }

  /** Takes the keys that can check signatures; the others are counted. */
  public static VerificationKeys of(JWKSet set) {
    List<Key> keys = new ArrayList<>();
    int unusable = 0;
    for (JWK jwk : set.getKeys()) {
      try {
        keys.add(new Key(jwk.getKeyID() == null ? "" : jwk.getKeyID(), verifier(jwk)));
      } catch (JOSEException e) {
        unusable++;
      }
    }
    return new VerificationKeys(keys, unusable);
  }

  private static JWSVerifier verifier(JWK jwk) throws JOSEException {
    if (jwk.getKeyUse() != null
        && !jwk.getKeyUse().equals(KeyUse.SIGNATURE)
        && !jwk.getKeyUse().identifier().equals("jwt-svid")) {
      throw new JOSEException("not for signatures");
    }
    return switch (jwk) {
      case ECKey key -> new ECDSAVerifier(key.toPublicJWK());
      case RSAKey key when key.size() >= MIN_RSA_BITS -> new RSASSAVerifier(key.toPublicJWK());
      default -> throw new JOSEException("neither an EC key nor an RSA key of 2048 bits or more");
    };
  }

  /** How many keys of the set cannot be used. */
  public int unusable() {
    return unusable;
  }

  /** Whether a token names one of these keys, or names none. */
  public boolean knows(SignedToken token) {
    String id = token.header().getKeyID();
    return id == null || keys.stream().anyMatch(key -> key.id.equals(id));
  }

  /**
   * Checks the signature.
   *
   * @param algorithms which are good here; further ones are refused
   */
  public void verify(String what, SignedToken token, Set<String> algorithms)
      throws RefusedTokenException {
    if (!algorithms.contains(token.header().getAlgorithm().getName())) {
      throw new RefusedTokenException(what + ": alg is not accepted here");
    }
    verify(what, token);
  }

  /** Checks the signature with the key that the token names, or the only one that fits. */
  public void verify(String what, SignedToken token) throws RefusedTokenException {
    String id = token.header().getKeyID();
    check(what, token, keys.stream().filter(key -> id == null || key.id.equals(id)).toList());
  }

  /** Checks the signature of a token that carries its own key, of which this is the set. */
  public void verifyWithOnlyKey(String what, SignedToken token) throws RefusedTokenException {
    check(what, token, keys);
  }

  private static void check(String what, SignedToken token, List<Key> named)
      throws RefusedTokenException {
    JWSAlgorithm algorithm = token.header().getAlgorithm();
    List<Key> candidates =
        named.stream()
            .filter(key -> key.verifier.supportedJWSAlgorithms().contains(algorithm))
            .toList();
    if (candidates.size() != 1) {
      throw new RefusedTokenException(
          what
              + (candidates.isEmpty()
                  ? ": signed with a key that its issuer does not have"
                  : ": does not say which key signed it (kid)"));
    }
    try {
      if (!token.jws().verify(candidates.getFirst().verifier)) {
        throw new RefusedTokenException(what + ": signature is wrong");
      }
    } catch (JOSEException e) {
      throw new RefusedTokenException(what + ": signature cannot be checked");
    }
  }
}
