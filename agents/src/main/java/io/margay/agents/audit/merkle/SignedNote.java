package io.margay.agents.audit.merkle;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * A text with signatures below it, in the C2SP form.
 *
 * @param text with the newline at its end
 * @param signatures in the order of their lines
 */
public record SignedNote(String text, List<NoteSignature> signatures) {
  private static final String MARK = "\u2014 ";
  private static final int MAX_SIZE = 1_000_000;

  public SignedNote {
    signatures = List.copyOf(signatures);
  }

  /**
   * A line below a note.
   *
   * @param keyId the first bytes of a hash of name and key: a hint, never a proof
   * @param value in Base64, without the id
   */
  public record NoteSignature(String name, int keyId, String value) {}

  /**
   * Takes a note apart; nothing is checked yet.
   *
   * @throws IllegalArgumentException if it is not in the form
   */
  public static SignedNote parse(String note) {
    int split = note.lastIndexOf("\n\n");
    if (split < 0 || !note.endsWith("\n") || note.length() > MAX_SIZE) {
      throw new IllegalArgumentException(
          "not a signed note: a text, an empty line and lines of signatures");
    }
    List<NoteSignature> signatures = new ArrayList<>();
    for (String line : note.substring(split + 2).split("\n", -1)) {
      if (!line.isEmpty()) {
        signatures.add(signature(line));
      }
    }
    if (signatures.isEmpty()) {
      throw new IllegalArgumentException("a note without a signature");
    }
    return new SignedNote(note.substring(0, split + 1), signatures);
  }

  private static NoteSignature signature(String line) {
    String[] parts = line.startsWith(MARK) ? line.substring(2).split(" ", -1) : new String[0];
    if (parts.length == 2 && !parts[0].isEmpty()) {
      byte[] data = Base64.getDecoder().decode(parts[1]);
      if (data.length > Integer.BYTES) {
        ByteBuffer buffer = ByteBuffer.wrap(data);
        int id = buffer.getInt();
        return new NoteSignature(parts[0], id, Base64.getEncoder().encodeToString(rest(buffer)));
      }
    }
    throw new IllegalArgumentException("\"" + line + "\" is no line of a note's signature");
  }

  private static byte[] rest(ByteBuffer buffer) {
    byte[] rest = new byte[buffer.remaining()];
    buffer.get(rest);
    return rest;
  }

  /** Whether this key has signed it. Signatures of others, witnesses for example, do not matter. */
  public boolean isSignedBy(NoteKey key) {
    List<NoteSignature> own =
        signatures.stream()
            .filter(line -> line.name().equals(key.name()) && line.keyId() == key.id())
            .toList();
    return !own.isEmpty()
        && own.stream()
            .allMatch(line -> key.hasSigned(text, Base64.getDecoder().decode(line.value())));
  }
}
