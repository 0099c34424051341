package io.margay.agents.identity.spiffe;

import io.margay.agents.identity.token.BoundedCache;
import io.margay.agents.identity.token.RefusedTokenException;
import io.margay.agents.identity.token.SignedToken;
import java.security.GeneralSecurityException;
import java.security.cert.CertPath;
import java.security.cert.CertPathValidator;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateParsingException;
import java.security.cert.PKIXCertPathValidatorResult;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Date;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Checks X.509-SVIDs: certificates whose one URI is a SPIFFE id. Of many threads at a time. */
public final class X509Svids {
  private static final int URI_NAME = 6;
  private static final int DIGITAL_SIGNATURE = 0;
  private static final int KEY_CERT_SIGN = 5;
  private static final int CRL_SIGN = 6;
  private static final String CLIENT_AUTH = "1.3.6.1.5.5.7.3.2";
  private static final String SERVER_AUTH = "1.3.6.1.5.5.7.3.1";
  private static final String ANY_USAGE = "2.5.29.37.0";
  private static final int MAX_CHAIN = 8;

  private final Supplier<TrustBundles> bundles;
  private final InstantSource clock;

  /** To check a chain costs about a millisecond, and a connection makes many calls. */
  private final BoundedCache<Shown, Checked> checked = new BoundedCache<>(10_000);

  private record Shown(X509Certificate leaf, Role role) {}

  private record Checked(X509Svid svid, Instant starts, TrustBundle bundle) {}

  /** What the peer did with its certificate, and therefore has to be allowed to. */
  public enum Role {
    CLIENT(CLIENT_AUTH),
    SERVER(SERVER_AUTH);

    private final String usage;

    Role(String usage) {
      this.usage = usage;
    }
  }

  /**
   * @param bundles the ones of now, asked for every check
   */
  public X509Svids(Supplier<TrustBundles> bundles, InstantSource clock) {
    this.bundles = bundles;
    this.clock = clock;
  }

  /** What is trusted now. */
  public TrustBundles bundles() {
    return bundles.get();
  }

  /**
   * Checks the chain that a peer showed in a TLS handshake; the handshake itself proved that it has
   * the first one's key.
   *
   * @param chain the peer's own certificate first
   */
  public X509Svid verify(List<X509Certificate> chain, Role role) throws RefusedTokenException {
    if (chain.isEmpty()) {
      throw new RefusedTokenException("X.509-SVID: no certificate was shown");
    }
    X509Certificate leaf = chain.getFirst();
    Shown shown = new Shown(leaf, role);
    Checked known = checked.get(shown);
    SpiffeId id = known == null ? id(leaf) : known.svid.id();
    TrustBundle bundle = bundles.get().of(id);
    Instant now = clock.instant();
    if (known != null
        && known.bundle == bundle
        && !now.isBefore(known.starts)
        && now.isBefore(known.svid.expires())) {
      return known.svid;
    }
    checkLeaf(leaf, id, role);
    Checked fresh = checkChain(chain, id, bundle, now);
    checked.put(shown, fresh);
    return fresh.svid;
  }

  /** SHA-256 of a certificate, base64url: {@code x5t#S256}. */
  public static String thumbprint(X509Certificate certificate) throws RefusedTokenException {
    try {
      return SignedToken.hash(certificate.getEncoded());
    } catch (CertificateEncodingException e) {
      throw new RefusedTokenException("X.509-SVID: the certificate cannot be read");
    }
  }

  /** The SPIFFE id in a certificate, of which nothing is checked yet. */
  static SpiffeId id(X509Certificate certificate) throws RefusedTokenException {
    List<String> uris = uris(certificate);
    if (uris.size() != 1) {
      throw new RefusedTokenException(
          "X.509-SVID: has " + uris.size() + " URI names instead of exactly one");
    }
    return SpiffeId.parse(uris.getFirst());
  }

  private static List<String> uris(X509Certificate certificate) throws RefusedTokenException {
    try {
      Collection<List<?>> names = certificate.getSubjectAlternativeNames();
      List<String> uris = new ArrayList<>();
      if (names != null) {
        for (List<?> name : names) {
          if (name.get(0) instanceof Integer type && type == URI_NAME) {
            uris.add(String.valueOf(name.get(1)));
          }
        }
      }
      return uris;
    } catch (CertificateParsingException e) {
      throw new RefusedTokenException("X.509-SVID: its alternative names cannot be read");
    }
  }

  private static void checkLeaf(X509Certificate leaf, SpiffeId id, Role role)
      throws RefusedTokenException {
    if (id.path().isEmpty()) {
      throw new RefusedTokenException("X.509-SVID: names a trust domain, not a workload");
    }
    if (leaf.getBasicConstraints() >= 0) {
      throw new RefusedTokenException("X.509-SVID: is a certificate authority");
    }
    boolean[] usage = leaf.getKeyUsage();
    if (usage == null || !usage[DIGITAL_SIGNATURE]) {
      throw new RefusedTokenException("X.509-SVID: its key is not for signatures");
    }
    if (usage[KEY_CERT_SIGN] || usage[CRL_SIGN]) {
      throw new RefusedTokenException("X.509-SVID: its key may sign certificates or CRLs");
    }
    @Nullable List<String> purposes;
    try {
      purposes = leaf.getExtendedKeyUsage();
    } catch (CertificateParsingException e) {
      throw new RefusedTokenException("X.509-SVID: its extended key usage cannot be read");
    }
    if (purposes != null && !purposes.contains(role.usage) && !purposes.contains(ANY_USAGE)) {
      throw new RefusedTokenException(
          "X.509-SVID: is not for a TLS " + (role == Role.CLIENT ? "client" : "server"));
    }
  }

  private static Checked checkChain(
      List<X509Certificate> chain, SpiffeId id, TrustBundle bundle, Instant now)
      throws RefusedTokenException {
    if (chain.size() > MAX_CHAIN) {
      throw new RefusedTokenException("X.509-SVID: more than 8 certificates in its chain");
    }
    List<X509Certificate> path =
        chain.stream().filter(one -> !bundle.x509Authorities().contains(one)).toList();
    Set<TrustAnchor> anchors = new HashSet<>();
    for (X509Certificate authority : bundle.x509Authorities()) {
      if (isValid(authority, now)) {
        anchors.add(new TrustAnchor(authority, null));
      }
    }
    if (anchors.isEmpty() || path.isEmpty()) {
      throw new RefusedTokenException(
          "X.509-SVID: no valid authority of trust domain " + id.trustDomain());
    }
    checkIntermediates(path, id);
    if (!isValid(path.getFirst(), now)) {
      throw new RefusedTokenException(
          "X.509-SVID: valid from "
              + path.getFirst().getNotBefore().toInstant()
              + " to "
              + path.getFirst().getNotAfter().toInstant()
              + ", not now");
    }
    X509Certificate anchor = validate(path, anchors, id, now);
    List<X509Certificate> all = new ArrayList<>(path);
    all.add(anchor);
    Instant starts = Instant.MIN;
    Instant expires = Instant.MAX;
    for (X509Certificate one : all) {
      starts = later(starts, one.getNotBefore().toInstant());
      expires = earlier(expires, one.getNotAfter().toInstant());
    }
    X509Svid svid = new X509Svid(id, thumbprint(path.getFirst()), expires);
    return new Checked(svid, starts, bundle);
  }

  /** An authority that has a SPIFFE id, has one of the trust domain that it signs for. */
  private static void checkIntermediates(List<X509Certificate> path, SpiffeId id)
      throws RefusedTokenException {
    for (X509Certificate authority : path.subList(1, path.size())) {
      if (!uris(authority).isEmpty() && !id(authority).equals(new SpiffeId(id.trustDomain(), ""))) {
        throw new RefusedTokenException("X.509-SVID: signed by an authority of another domain");
      }
    }
  }

  private static X509Certificate validate(
      List<X509Certificate> path, Set<TrustAnchor> anchors, SpiffeId id, Instant now)
      throws RefusedTokenException {
    try {
      CertPath certPath = CertificateFactory.getInstance("X.509").generateCertPath(path);
      PKIXParameters parameters = new PKIXParameters(anchors);
      // SVIDs live for an hour; SPIFFE has no lists of revoked ones. Revocations are our own.
      parameters.setRevocationEnabled(false);
      parameters.setDate(Date.from(now));
      PKIXCertPathValidatorResult result =
          (PKIXCertPathValidatorResult)
              CertPathValidator.getInstance("PKIX").validate(certPath, parameters);
      return result.getTrustAnchor().getTrustedCert();
    } catch (CertPathValidatorException e) {
      throw new RefusedTokenException(
          "X.509-SVID: not signed by an authority of trust domain " + id.trustDomain());
    } catch (GeneralSecurityException e) {
      throw new RefusedTokenException("X.509-SVID: its chain cannot be checked");
    }
  }

  private static boolean isValid(X509Certificate certificate, Instant now) {
    return !now.isBefore(certificate.getNotBefore().toInstant())
        && now.isBefore(certificate.getNotAfter().toInstant());
  }

  private static Instant later(Instant a, Instant b) {
    return a.isAfter(b) ? a : b;
  }

  private static Instant earlier(Instant a, Instant b) {
    return a.isBefore(b) ? a : b;
  }
}
