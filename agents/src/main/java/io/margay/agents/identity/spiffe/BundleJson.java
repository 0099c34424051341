package io.margay.agents.identity.spiffe;

import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.util.Base64;
import com.nimbusds.jose.util.JSONObjectUtils;
import io.margay.agents.identity.token.RefusedTokenException;
import java.io.ByteArrayInputStream;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.text.ParseException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Trust bundles as SPIFFE writes them: a JWK set whose keys say by {@code use} which kind of SVID
 * they sign. This is what federated trust domains fetch from each other.
 */
public final class BundleJson {
  private static final String X509_USE = "x509-svid";
  private static final String JWT_USE = "jwt-svid";

  private BundleJson() {}

  /**
   * Reads a bundle.
   *
   * @param trustDomain whose it is: the document does not say
   */
  public static TrustBundle read(String trustDomain, String json) throws RefusedTokenException {
    List<X509Certificate> authorities = new ArrayList<>();
    List<JWK> keys = new ArrayList<>();
    try {
      Map<String, Object>[] entries =
          JSONObjectUtils.getJSONObjectArray(JSONObjectUtils.parse(json), "keys");
      if (entries == null) {
        throw new RefusedTokenException("trust bundle: has no keys");
      }
      for (Map<String, Object> entry : entries) {
        String use = JSONObjectUtils.getString(entry, "use");
        // Other uses are of other kinds of SVID, which the standard has us pass over.
        if (X509_USE.equals(use)) {
          authorities.add(certificate(entry));
        } else if (JWT_USE.equals(use)) {
          keys.add(jwtKey(entry));
        }
      }
    } catch (ParseException | CertificateException e) {
      throw new RefusedTokenException("trust bundle of " + trustDomain + ": " + e.getMessage());
    }
    return new TrustBundle(trustDomain, authorities, new JWKSet(keys));
  }

  private static X509Certificate certificate(Map<String, Object> entry)
      throws ParseException, CertificateException {
    List<String> chain = JSONObjectUtils.getStringList(entry, "x5c");
    if (chain == null || chain.size() != 1) {
      throw new ParseException("an x509-svid key has exactly one certificate in x5c", 0);
    }
    return (X509Certificate)
        CertificateFactory.getInstance("X.509")
            .generateCertificate(new ByteArrayInputStream(new Base64(chain.getFirst()).decode()));
  }

  private static JWK jwtKey(Map<String, Object> entry) throws ParseException {
    JWK key = JWK.parse(entry);
    if (key.getKeyID() == null || key.getKeyID().isEmpty()) {
      throw new ParseException("a jwt-svid key has a kid", 0);
    }
    return key;
  }

  /**
   * Writes a bundle.
   *
   * @param sequence grows with every change
   * @param refresh when readers should look again
   */
  public static String write(TrustBundle bundle, long sequence, Duration refresh) {
    List<Object> keys = new ArrayList<>();
    for (X509Certificate authority : bundle.x509Authorities()) {
      keys.add(x509Key(authority));
    }
    keys.addAll(jwtKeys(bundle));
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("keys", keys);
    document.put("spiffe_sequence", sequence);
    document.put("spiffe_refresh_hint", refresh.toSeconds());
    return JSONObjectUtils.toJSONString(document);
  }

  /** The keys of JWT-SVIDs alone, as the Workload API gives them. */
  public static String writeJwtKeys(TrustBundle bundle) {
    return JSONObjectUtils.toJSONString(Map.of("keys", jwtKeys(bundle)));
  }

  private static List<Object> jwtKeys(TrustBundle bundle) {
    List<Object> keys = new ArrayList<>();
    for (JWK key : bundle.jwtAuthorities().getKeys()) {
      Map<String, Object> entry = new LinkedHashMap<>(key.toPublicJWK().toJSONObject());
      entry.put("use", JWT_USE);
      keys.add(entry);
    }
    return keys;
  }

  private static Map<String, Object> x509Key(X509Certificate authority) {
    try {
      JWK key =
          switch (authority.getPublicKey()) {
            case ECPublicKey ec ->
                new com.nimbusds.jose.jwk.ECKey.Builder(
                        com.nimbusds.jose.jwk.Curve.forECParameterSpec(ec.getParams()), ec)
                    .build();
            case RSAPublicKey rsa -> new com.nimbusds.jose.jwk.RSAKey.Builder(rsa).build();
            default -> throw new IllegalArgumentException("an authority has an EC or RSA key");
          };
      Map<String, Object> entry = new LinkedHashMap<>(key.toJSONObject());
      entry.put("use", X509_USE);
      entry.put("x5c", List.of(Base64.encode(authority.getEncoded()).toString()));
      return entry;
    } catch (CertificateEncodingException e) {
      throw new IllegalArgumentException("an authority's certificate cannot be written", e);
    }
  }
}
