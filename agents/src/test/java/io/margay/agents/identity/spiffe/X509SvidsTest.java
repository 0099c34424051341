package io.margay.agents.identity.spiffe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.jwk.JWKSet;
import io.margay.agents.identity.TurnedClock;
import io.margay.agents.identity.token.RefusedTokenException;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Certificates of every wrong kind, each refused for its own reason. */
class X509SvidsTest {
  private static final String ME = "spiffe://shop.example/agent/me";

  @TempDir private Path directory;
  private final TurnedClock clock = new TurnedClock();
  private final AtomicReference<TrustBundles> bundles = new AtomicReference<>();
  private X509Svids svids;
  private KeyPair caKeys;
  private X509Certificate ca;

  /** What a certificate says; a good one unless a test spoils it. */
  private final class Leaf {
    private final List<String> uris = new ArrayList<>(List.of(ME));
    private boolean authority = false;
    private int usage = KeyUsage.digitalSignature;
    private KeyPurposeId purpose = KeyPurposeId.id_kp_clientAuth;
    private Instant until = clock.instant().plusSeconds(3600);
    private KeyPair signer = caKeys;

    X509Certificate sign() throws Exception {
      JcaX509v3CertificateBuilder builder =
          new JcaX509v3CertificateBuilder(
              X500Name.getInstance(ca.getSubjectX500Principal().getEncoded()),
              BigInteger.TWO,
              Date.from(clock.instant().minusSeconds(60)),
              Date.from(until),
              new X500Name("CN=me"),
              CaCertificates.newKeys().getPublic());
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(authority));
      if (usage != 0) {
        builder.addExtension(Extension.keyUsage, true, new KeyUsage(usage));
      }
      builder.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(purpose));
      if (!uris.isEmpty()) {
        builder.addExtension(
            Extension.subjectAlternativeName,
            false,
            new GeneralNames(
                uris.stream()
                    .map(uri -> new GeneralName(GeneralName.uniformResourceIdentifier, uri))
                    .toArray(GeneralName[]::new)));
      }
      return new JcaX509CertificateConverter()
          .getCertificate(
              builder.build(
                  new JcaContentSignerBuilder("SHA256withECDSA").build(signer.getPrivate())));
    }
  }

  @BeforeEach
  void begin() throws Exception {
    caKeys = CaCertificates.newKeys();
    JcaX509v3CertificateBuilder builder =
        new JcaX509v3CertificateBuilder(
            new X500Name("CN=ca"),
            BigInteger.ONE,
            Date.from(clock.instant().minusSeconds(60)),
            Date.from(clock.instant().plus(Duration.ofDays(1))),
            new X500Name("CN=ca"),
            caKeys.getPublic());
    builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
    builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign));
    ca =
        new JcaX509CertificateConverter()
            .getCertificate(
                builder.build(
                    new JcaContentSignerBuilder("SHA256withECDSA").build(caKeys.getPrivate())));
    bundles.set(
        TrustBundles.of(List.of(new TrustBundle("shop.example", List.of(ca), new JWKSet()))));
    svids = new X509Svids(bundles::get, clock);
  }

  private X509Svid verify(Leaf leaf) throws Exception {
    return svids.verify(List.of(leaf.sign()), X509Svids.Role.CLIENT);
  }

  private void refuses(Leaf leaf, String reason) {
    assertThatThrownBy(() -> verify(leaf))
        .isInstanceOf(RefusedTokenException.class)
        .hasMessageStartingWith(reason);
  }

  @Test
  void aGoodOneNamesItsWorkload() throws Exception {
    X509Svid svid = verify(new Leaf());
    assertThat(svid.id()).hasToString(ME);
    assertThat(svid.expires()).isEqualTo(clock.instant().plusSeconds(3600));
  }

  @Test
  void exactlyOneUri() {
    Leaf two = new Leaf();
    two.uris.add("spiffe://shop.example/agent/other");
    refuses(two, "X.509-SVID: has 2 URI names");
    Leaf none = new Leaf();
    none.uris.clear();
    refuses(none, "X.509-SVID: has 0 URI names");
  }

  @Test
  void aUriThatIsASpiffeIdOfAWorkload() {
    Leaf web = new Leaf();
    web.uris.set(0, "https://shop.example/agent/me");
    refuses(web, "SPIFFE id: does not start with spiffe://");
    Leaf root = new Leaf();
    root.uris.set(0, "spiffe://shop.example");
    refuses(root, "X.509-SVID: names a trust domain");
  }

  @Test
  void noAuthorityIsAWorkload() {
    Leaf leaf = new Leaf();
    leaf.authority = true;
    refuses(leaf, "X.509-SVID: is a certificate authority");
    leaf.authority = false;
    leaf.usage = KeyUsage.digitalSignature | KeyUsage.keyCertSign;
    refuses(leaf, "X.509-SVID: its key may sign certificates");
    leaf.usage = KeyUsage.digitalSignature | KeyUsage.cRLSign;
    refuses(leaf, "X.509-SVID: its key may sign certificates");
  }

  @Test
  void keysAreForSignatures() {
    Leaf leaf = new Leaf();
    leaf.usage = KeyUsage.keyAgreement;
    refuses(leaf, "X.509-SVID: its key is not for signatures");
    leaf.usage = 0;
    refuses(leaf, "X.509-SVID: its key is not for signatures");
    leaf.usage = KeyUsage.digitalSignature;
    leaf.purpose = KeyPurposeId.id_kp_serverAuth;
    refuses(leaf, "X.509-SVID: is not for a TLS client");
  }

  @Test
  void timesCount() throws Exception {
    Leaf leaf = new Leaf();
    leaf.until = clock.instant().minusSeconds(1);
    refuses(leaf, "X.509-SVID: valid from");
    clock.turn(Duration.ofDays(2));
    leaf.until = clock.instant().plusSeconds(60);
    refuses(leaf, "X.509-SVID: no valid authority of trust domain shop.example");
  }

  @Test
  void anotherKeysSignatureIsNone() throws Exception {
    Leaf leaf = new Leaf();
    leaf.signer = CaCertificates.newKeys();
    refuses(leaf, "X.509-SVID: not signed by an authority of trust domain shop.example");
  }

  @Test
  void strangersAreNotTrusted() {
    Leaf leaf = new Leaf();
    leaf.uris.set(0, "spiffe://evil.example/agent/me");
    refuses(leaf, "SPIFFE id: trust domain evil.example is not trusted here");
  }

  /** The attack on federation: a trusted domain signs a name of another one. */
  @Test
  void trustDomainsDoNotVouchForEachOther() throws Exception {
    SpiffeAuthority partner =
        SpiffeAuthority.open(directory, SpiffeAuthority.Config.of("partner.example"), clock);
    bundles.set(
        TrustBundles.of(
            List.of(new TrustBundle("shop.example", List.of(ca), new JWKSet()), partner.bundle())));
    List<X509Certificate> good =
        partner.issueX509(SpiffeId.of("spiffe://partner.example/agent/a")).chain();
    assertThat(svids.verify(good, X509Svids.Role.CLIENT).id().trustDomain())
        .isEqualTo("partner.example");
    Leaf leaf = new Leaf();
    leaf.uris.set(0, "spiffe://partner.example/agent/a");
    refuses(leaf, "X.509-SVID: not signed by an authority of trust domain partner.example");
  }

  @Test
  void aBundleThatIsGoneIsNotTrusted() throws Exception {
    X509Certificate leaf = new Leaf().sign();
    svids.verify(List.of(leaf), X509Svids.Role.CLIENT);
    bundles.set(TrustBundles.of(List.of()));
    assertThatThrownBy(() -> svids.verify(List.of(leaf), X509Svids.Role.CLIENT))
        .hasMessageContaining("is not trusted here");
    bundles.set(TrustBundles.of(List.of(new TrustBundle("shop.example", List.of(), new JWKSet()))));
    assertThatThrownBy(() -> svids.verify(List.of(leaf), X509Svids.Role.CLIENT))
        .hasMessageContaining("no valid authority");
  }

  @Test
  void noCertificateIsNoIdentity() {
    assertThatThrownBy(() -> svids.verify(List.of(), X509Svids.Role.CLIENT))
        .hasMessage("X.509-SVID: no certificate was shown");
  }

  @Test
  void bundlesAreReadAsTheyWereWritten() throws Exception {
    SpiffeAuthority authority =
        SpiffeAuthority.open(directory.resolve("a"), SpiffeAuthority.Config.of("a.example"), clock);
    String json = BundleJson.write(authority.bundle(), 7, Duration.ofMinutes(5));
    TrustBundle read = BundleJson.read("a.example", json);
    assertThat(read.x509Authorities()).isEqualTo(authority.bundle().x509Authorities());
    assertThat(read.jwtAuthorities().getKeys().getFirst().computeThumbprint())
        .isEqualTo(authority.bundle().jwtAuthorities().getKeys().getFirst().computeThumbprint());
    assertThat(json).contains("\"spiffe_sequence\":7", "\"spiffe_refresh_hint\":300");
    assertThatThrownBy(() -> BundleJson.read("a.example", "{}"))
        .hasMessage("trust bundle: has no keys");
  }

  @Test
  void anAuthorityKeepsItsKeysAndRotatesThem() throws Exception {
    Path keys = directory.resolve("b");
    SpiffeAuthority.Config config = SpiffeAuthority.Config.of("b.example");
    SpiffeAuthority first = SpiffeAuthority.open(keys, config, clock);
    SpiffeId id = SpiffeId.of("spiffe://b.example/agent/a");
    List<X509Certificate> old = first.issueX509(id).chain();
    SpiffeAuthority again = SpiffeAuthority.open(keys, config, clock);
    X509Svids check = new X509Svids(again::bundles, clock);
    assertThat(check.verify(old, X509Svids.Role.CLIENT).id()).isEqualTo(id);

    clock.turn(Duration.ofDays(7).minusMinutes(1));
    List<X509Certificate> last = again.issueX509(id).chain();
    clock.turn(Duration.ofMinutes(2));
    List<X509Certificate> next = again.issueX509(id).chain();
    assertThat(next.getFirst().getIssuerX500Principal())
        .isNotEqualTo(last.getFirst().getIssuerX500Principal());
    check.verify(last, X509Svids.Role.SERVER);
    check.verify(next, X509Svids.Role.SERVER);

    clock.turn(Duration.ofHours(2));
    assertThat(again.bundle().x509Authorities()).hasSize(1);
    assertThatThrownBy(
            () -> SpiffeAuthority.open(keys, SpiffeAuthority.Config.of("c.example"), clock))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("use another directory");
  }
}
