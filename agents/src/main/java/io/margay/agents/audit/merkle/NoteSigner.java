package io.margay.agents.audit.merkle;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Signature;
import java.util.Base64;

/** Signs notes with an Ed25519 key. Of any number of threads. */
public final class NoteSigner {
  private final PrivateKey key;
  private final NoteKey verifier;

  /**
   * A signer.
   *
   * @param name of the key, by C2SP's advice the address of the log without a scheme
   */
  public NoteSigner(String name, KeyPair keys) {
    this.key = keys.getPrivate();
    this.verifier = NoteKey.of(name, keys.getPublic());
  }

  /** A new key. */
  public static KeyPair generate() {
    try {
      return KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java since 15 has Ed25519", e);
    }
  }

  public NoteKey verifier() {
    return verifier;
  }

  /**
   * A signed note.
   *
   * @param text ends with a newline
   */
  public String sign(String text) {
    if (!text.endsWith("\n")) {
      throw new IllegalArgumentException("a note's text ends with a newline");
    }
    byte[] signature;
    try {
      Signature signer = Signature.getInstance("Ed25519");
      signer.initSign(key);
      signer.update(text.getBytes(StandardCharsets.UTF_8));
      signature = signer.sign();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("an Ed25519 key can sign", e);
    }
    ByteBuffer data = ByteBuffer.allocate(Integer.BYTES + signature.length);
    data.putInt(verifier.id()).put(signature);
    return text
        + "\n\u2014 "
        + verifier.name()
        + " "
        + Base64.getEncoder().encodeToString(data.array())
        + "\n";
  }
}
