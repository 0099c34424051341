package io.margay.agents.audit;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Hashes payloads so that only the key's owner can tell whether a hash belongs to some text: a
 * plain hash of a short argument could be guessed. Of any number of threads.
 */
public final class PayloadKey {
  /** Bytes of a key. */
  public static final int SIZE = 32;

  /** Has the key and nothing else; each hash begins with a copy of it. */
  private final Mac keyed;

  public PayloadKey(byte[] key) {
    if (key.length != SIZE) {
      throw new IllegalArgumentException("a payload key has 32 bytes, not " + key.length);
    }
    try {
      keyed = Mac.getInstance("HmacSHA256");
      keyed.init(new SecretKeySpec(key, "HmacSHA256"));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has HmacSHA256", e);
    }
  }

  /** The hash of a JSON value in its canonical form. */
  public String hash(JsonNode payload) {
    return hash(CanonicalJson.of(payload).getBytes(StandardCharsets.UTF_8));
  }

  /** The hash as records have it: {@code hmac-sha256:} and 64 hexadecimal digits. */
  public String hash(byte[] payload) {
    try {
      Mac mac = (Mac) keyed.clone();
      return "hmac-sha256:" + HexFormat.of().formatHex(mac.doFinal(payload));
    } catch (CloneNotSupportedException e) {
      throw new IllegalStateException("Java's own HmacSHA256 can be copied", e);
    }
  }
}
