package io.margay.agents.identity.spiffe;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.margay.agents.identity.spiffe.CaCertificates.Authority;
import io.margay.agents.identity.token.KeyRotation;
import io.margay.agents.identity.token.KeyRotation.Period;
import io.margay.agents.identity.token.KeyRotation.Slot;
import io.margay.agents.identity.token.PrivateFile;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** Keeps the authorities of a trust domain in a file that only its owner can read. */
record CaKeeper(Path file, String trustDomain, InstantSource clock)
    implements KeyRotation.Keeper<Authority> {
  private static final ObjectMapper JSON = new ObjectMapper();

  @Override
  public Authority make(Period period) {
    try {
      return CaCertificates.newAuthority(trustDomain, period, clock.instant());
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException("every Java makes P-256 keys", e);
    }
  }

  @Override
  public void save(List<Slot<Authority>> slots) throws IOException {
    ObjectNode document = JSON.createObjectNode();
    document.put("trustDomain", trustDomain);
    for (Slot<Authority> slot : slots) {
      ObjectNode entry = document.withArray("authorities").addObject();
      entry.put("certificate", encoded(slot.key().certificate()));
      entry.put("key", Base64.getEncoder().encodeToString(slot.key().key().getEncoded()));
      entry.put("signsFrom", slot.period().signsFrom().toString());
      entry.put("signsUntil", slot.period().signsUntil().toString());
      entry.put("trustedUntil", slot.period().trustedUntil().toString());
    }
    PrivateFile.write(file, document.toPrettyString());
  }

  private static String encoded(X509Certificate certificate) throws IOException {
    try {
      return Base64.getEncoder().encodeToString(certificate.getEncoded());
    } catch (CertificateEncodingException e) {
      throw new IOException("a certificate cannot be written", e);
    }
  }

  /** What was saved last; nothing at the first start. */
  List<Slot<Authority>> load() throws IOException {
    if (!Files.exists(file)) {
      return List.of();
    }
    JsonNode document = JSON.readTree(PrivateFile.read(file));
    String domain = document.path("trustDomain").asText();
    if (!domain.equals(trustDomain)) {
      throw new IOException(
          file
              + ": of trust domain \""
              + domain
              + "\", not "
              + trustDomain
              + "; use another directory");
    }
    try {
      List<Slot<Authority>> slots = new ArrayList<>();
      for (JsonNode entry : document.path("authorities")) {
        slots.add(slot(entry));
      }
      return slots;
    } catch (GeneralSecurityException | IllegalArgumentException | DateTimeException e) {
      throw new IOException(file + ": not a file of authorities: " + e.getMessage(), e);
    }
  }

  private static Slot<Authority> slot(JsonNode entry) throws GeneralSecurityException {
    X509Certificate certificate =
        (X509Certificate)
            CertificateFactory.getInstance("X.509")
                .generateCertificate(new ByteArrayInputStream(bytes(entry, "certificate")));
    Authority authority =
        new Authority(
            certificate,
            KeyFactory.getInstance("EC")
                .generatePrivate(new PKCS8EncodedKeySpec(bytes(entry, "key"))));
    return new Slot<>(
        authority,
        new Period(
            time(entry, "signsFrom"), time(entry, "signsUntil"), time(entry, "trustedUntil")));
  }

  private static byte[] bytes(JsonNode entry, String field) {
    return Base64.getDecoder().decode(entry.path(field).asText());
  }

  private static Instant time(JsonNode entry, String field) {
    return Instant.parse(entry.path(field).asText());
  }
}
