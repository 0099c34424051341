package io.margay.agents.identity.token;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.util.JSONObjectUtils;
import io.margay.agents.identity.token.KeyRotation.Period;
import io.margay.agents.identity.token.KeyRotation.Slot;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.ParseException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** P-256 keys that sign tokens (ES256) and rotate. Of many threads at a time. */
public final class RotatingKeys {
  private final KeyRotation<SigningKey> rotation;
  private volatile Published published;

  private record SigningKey(ECKey key, JWSSigner signer) {}

  private record Published(List<Slot<SigningKey>> slots, JWKSet set, VerificationKeys keys) {}

  private RotatingKeys(KeyRotation<SigningKey> rotation) {
    this.rotation = rotation;
    this.published = publish(rotation.trusted());
  }

  /** Keys of this process only: what they signed is worth nothing after a restart. */
  public static RotatingKeys inMemory(KeyRotation.Timing timing, InstantSource clock) {
    return new RotatingKeys(new KeyRotation<>(List.of(), timing, new FileKeeper(null), clock));
  }

  /**
   * Keys in a file that only its owner can read. Gateways that share it share their keys.
   *
   * @throws IOException also when the file is readable by others, or is not such a file
   */
  public static RotatingKeys inFile(Path file, KeyRotation.Timing timing, InstantSource clock)
      throws IOException {
    List<Slot<SigningKey>> kept =
        Files.exists(file) ? read(file, PrivateFile.read(file)) : List.of();
    return new RotatingKeys(new KeyRotation<>(kept, timing, new FileKeeper(file), clock));
  }

  /** Signs claims. */
  public String sign(String type, Map<String, Object> claims) {
    return sign(type, new Payload(claims), null);
  }

  /**
   * Signs bytes.
   *
   * @param keySet where the public keys stand, said in the header
   */
  public String sign(String type, byte[] bytes, URI keySet) {
    return sign(type, new Payload(bytes), keySet);
  }

  private String sign(String type, Payload payload, @Nullable URI keySet) {
    SigningKey current = rotation.signer().key();
    JWSObject jws =
        new JWSObject(
            new JWSHeader.Builder(JWSAlgorithm.ES256)
                .type(new JOSEObjectType(type))
                .keyID(current.key.getKeyID())
                .jwkURL(keySet)
                .build(),
            payload);
    try {
      jws.sign(current.signer);
    } catch (JOSEException e) {
      throw new IllegalStateException("a P-256 key signs ES256", e);
    }
    return jws.serialize();
  }

  /** The public keys, for those who check. */
  public JWKSet publicKeys() {
    return published().set;
  }

  /** The public keys, to check with. The same object as long as the keys are the same. */
  public VerificationKeys verificationKeys() {
    return published().keys;
  }

  /** Calls a listener after each change of the public keys. */
  public AutoCloseable listen(Runnable listener) {
    return rotation.listen(listener);
  }

  private Published published() {
    List<Slot<SigningKey>> slots = rotation.trusted();
    Published known = published;
    if (known.slots == slots) {
      return known;
    }
    Published fresh = publish(slots);
    published = fresh;
    return fresh;
  }

  private static Published publish(List<Slot<SigningKey>> slots) {
    List<JWK> keys = new ArrayList<>();
    slots.forEach(slot -> keys.add(slot.key().key.toPublicJWK()));
    JWKSet set = new JWKSet(keys);
    return new Published(slots, set, VerificationKeys.of(set));
  }

  private record FileKeeper(@Nullable Path file) implements KeyRotation.Keeper<SigningKey> {

    @Override
    public SigningKey make(Period period) {
      try {
        return signingKey(
            new ECKeyGenerator(Curve.P_256)
                .keyUse(KeyUse.SIGNATURE)
                .algorithm(JWSAlgorithm.ES256)
                .keyIDFromThumbprint(true)
                .generate());
      } catch (JOSEException e) {
        throw new IllegalStateException("every Java makes P-256 keys", e);
      }
    }

    @Override
    public void save(List<Slot<SigningKey>> slots) throws IOException {
      if (file != null) {
        PrivateFile.write(file, write(slots));
      }
    }
  }

  private static SigningKey signingKey(ECKey key) throws JOSEException {
    return new SigningKey(key, new ECDSASigner(key));
  }

  private static String write(List<Slot<SigningKey>> slots) {
    List<Object> entries = new ArrayList<>();
    for (Slot<SigningKey> slot : slots) {
      Map<String, Object> entry = new LinkedHashMap<>();
      entry.put("key", slot.key().key.toJSONObject());
      entry.put("signsFrom", slot.period().signsFrom().toString());
      entry.put("signsUntil", slot.period().signsUntil().toString());
      entry.put("trustedUntil", slot.period().trustedUntil().toString());
      entries.add(entry);
    }
    return JSONObjectUtils.toJSONString(Map.of("keys", entries));
  }

  private static List<Slot<SigningKey>> read(Path file, String json) throws IOException {
    try {
      List<Slot<SigningKey>> slots = new ArrayList<>();
      Map<String, Object>[] entries =
          JSONObjectUtils.getJSONObjectArray(JSONObjectUtils.parse(json), "keys");
      if (entries == null) {
        throw new IOException(file + ": has no keys");
      }
      for (Map<String, Object> entry : entries) {
        ECKey key = ECKey.parse(JSONObjectUtils.getJSONObject(entry, "key"));
        slots.add(
            new Slot<>(
                signingKey(key),
                new Period(
                    Instant.parse(String.valueOf(entry.get("signsFrom"))),
                    Instant.parse(String.valueOf(entry.get("signsUntil"))),
                    Instant.parse(String.valueOf(entry.get("trustedUntil"))))));
      }
      return slots;
    } catch (ParseException | JOSEException | DateTimeException e) {
      throw new IOException(file + ": not a file of signing keys: " + e.getMessage(), e);
    }
  }
}
