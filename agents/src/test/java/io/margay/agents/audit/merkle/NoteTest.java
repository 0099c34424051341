package io.margay.agents.audit.merkle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Signed notes and checkpoints; the expected values were made with Python's cryptography. */
class NoteTest {
  /** The key whose secret is the bytes 0 to 31. */
  private static final String PRIVATE =
      "302e020100300506032b657004220420"
          + "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";

  private static final String PUBLIC =
      "302a300506032b657003210003a107bff3ce10be1d70dd18e74bc09967e4d6309ba50d5f1ddc8664125531b8";

  private static final String VERIFIER =
      "log.example/audit+86617d36+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4";

  private static final String NOTE =
      """
      log.example/audit
      8
      XcnaeacGWamtVZy3Ad7ZoqudgjqtL0lgz+Nw7/RgQyg=

      \u2014 log.example/audit hmF9NsCDwrR0WNwxTjYgbsmtlyh/gJLE7eiatD9xnstQfiURBq7zv4scFdL1QpaPo9bYdw1ir65+5eYP9zdhj1hvAgk=
      """;

  private static final Checkpoint CHECKPOINT =
      new Checkpoint(
          "log.example/audit", 8, Hash.ofBase64("XcnaeacGWamtVZy3Ad7ZoqudgjqtL0lgz+Nw7/RgQyg="));

  @Test
  void aCheckpointIsSignedAsOthersDo() throws GeneralSecurityException {
    NoteSigner signer = signer();
    assertThat(signer.verifier()).hasToString(VERIFIER);
    // Ed25519 signatures are deterministic.
    assertThat(signer.sign(CHECKPOINT.text())).isEqualTo(NOTE);
  }

  @Test
  void aCheckpointIsRead() {
    assertThat(Checkpoint.open(NOTE, NoteKey.parse(VERIFIER))).isEqualTo(CHECKPOINT);
  }

  @Test
  void signaturesOfWitnessesDoNotMatter() {
    String witness = "\u2014 witness.example/w AAAAAQECAwQF\n";
    assertThat(Checkpoint.open(NOTE + witness, NoteKey.parse(VERIFIER))).isEqualTo(CHECKPOINT);
  }

  @Test
  void anyOtherByteIsNoticed() {
    NoteKey key = NoteKey.parse(VERIFIER);
    int end = NOTE.indexOf("\n\n");
    for (int i = 0; i < end; i++) {
      char other = (char) (NOTE.charAt(i) ^ 1);
      String changed = NOTE.substring(0, i) + other + NOTE.substring(i + 1);
      assertThatThrownBy(() -> Checkpoint.open(changed, key))
          .as(changed)
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThatThrownBy(() -> Checkpoint.open(NOTE.replace("hmF9NsCD", "hmF9NsCE"), key))
        .hasMessageContaining("the checkpoint of size 8 is not signed by the key");
  }

  @Test
  void anotherKeyOfTheSameNameIsNotTheKey() {
    NoteSigner other = new NoteSigner("log.example/audit", NoteSigner.generate());
    assertThatThrownBy(() -> Checkpoint.open(NOTE, other.verifier()))
        .hasMessageContaining("not signed by the key");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "\n",
        "a\n1\nx\n",
        "a\n1\n\n",
        "a\n1\n\n\u2014 a\n",
        "a\n1\n\n\u2014 a !!\n",
        "a\n\n- a AAAAAAAA\n",
      })
  void otherTextsAreNoNotes(String text) {
    assertThatThrownBy(() -> SignedNote.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"x\n01\nAA==\n", "x\n-1\nAA==\n", "x\n1\nAA==\n", "x\n1\n", "\n1\nA\n"})
  void otherTextsAreNoCheckpoints(String text) {
    assertThatThrownBy(() -> Checkpoint.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "name",
        "a+b+c",
        "log.example/audit+86617d37+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4",
        "other.example/audit+86617d36+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4",
        "log.example/audit+86617d36+AgOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4",
      })
  void otherTextsAreNoKeys(String text) {
    assertThatThrownBy(() -> NoteKey.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }

  private static NoteSigner signer() throws GeneralSecurityException {
    KeyFactory factory = KeyFactory.getInstance("Ed25519");
    HexFormat hex = HexFormat.of();
    return new NoteSigner(
        "log.example/audit",
        new KeyPair(
            factory.generatePublic(new X509EncodedKeySpec(hex.parseHex(PUBLIC))),
            factory.generatePrivate(new PKCS8EncodedKeySpec(hex.parseHex(PRIVATE)))));
  }
}
