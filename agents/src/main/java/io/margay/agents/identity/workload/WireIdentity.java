package io.margay.agents.identity.workload;

import com.google.protobuf.ByteString;
import com.nimbusds.jose.jwk.JWKSet;
import io.margay.agents.identity.spiffe.SpiffeAuthority.IssuedX509;
import io.margay.agents.identity.spiffe.SpiffeId;
import io.margay.agents.identity.spiffe.TrustBundle;
import io.margay.agents.identity.spiffe.TrustBundles;
import io.margay.agents.identity.workload.WorkloadApiClient.Identity;
import io.margay.agents.identity.workload.proto.JWTBundlesResponse;
import io.margay.agents.identity.workload.proto.X509SVID;
import io.margay.agents.identity.workload.proto.X509SVIDResponse;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Reads the messages of the Workload API. What cannot be read in full is not taken in part. */
final class WireIdentity {
  private WireIdentity() {}

  static Identity read(X509SVIDResponse x509, JWTBundlesResponse jwt) throws IOException {
    try {
      List<IssuedX509> svids = new ArrayList<>();
      Map<String, List<X509Certificate>> authorities = new HashMap<>();
      for (X509SVID svid : x509.getSvidsList()) {
        SpiffeId id = SpiffeId.of(svid.getSpiffeId());
        List<X509Certificate> chain = WireBundles.certificates(svid.getX509Svid());
        if (chain.isEmpty()) {
          throw new IOException("the Workload API: " + id + " has no certificate");
        }
        svids.add(new IssuedX509(id, chain, key(svid.getX509SvidKey(), chain.getFirst())));
        authorities.put(id.trustDomain(), WireBundles.certificates(svid.getBundle()));
      }
      if (svids.isEmpty()) {
        throw new IOException("the Workload API gives no SVID");
      }
      for (Map.Entry<String, ByteString> foreign : x509.getFederatedBundlesMap().entrySet()) {
        authorities.put(domain(foreign.getKey()), WireBundles.certificates(foreign.getValue()));
      }
      return new Identity(svids, bundles(authorities, jwtKeys(jwt)));
    } catch (GeneralSecurityException | ParseException | IllegalArgumentException e) {
      throw new IOException("the Workload API: " + e.getMessage(), e);
    }
  }

  private static PrivateKey key(ByteString pkcs8, X509Certificate certificate)
      throws GeneralSecurityException {
    return KeyFactory.getInstance(certificate.getPublicKey().getAlgorithm())
        .generatePrivate(new PKCS8EncodedKeySpec(pkcs8.toByteArray()));
  }

  private static Map<String, JWKSet> jwtKeys(JWTBundlesResponse jwt) throws ParseException {
    Map<String, JWKSet> keys = new HashMap<>();
    for (Map.Entry<String, ByteString> bundle : jwt.getBundlesMap().entrySet()) {
      keys.put(domain(bundle.getKey()), JWKSet.parse(bundle.getValue().toStringUtf8()));
    }
    return keys;
  }

  private static String domain(String spiffeId) {
    return SpiffeId.of(spiffeId).trustDomain();
  }

  private static TrustBundles bundles(
      Map<String, List<X509Certificate>> authorities, Map<String, JWKSet> keys) {
    Set<String> domains = new TreeSet<>(authorities.keySet());
    domains.addAll(keys.keySet());
    List<TrustBundle> bundles = new ArrayList<>();
    for (String domain : domains) {
      bundles.add(
          new TrustBundle(
              domain,
              authorities.getOrDefault(domain, List.of()),
              keys.getOrDefault(domain, new JWKSet())));
    }
    return TrustBundles.of(bundles);
  }
}
