package io.margay.agents.audit.merkle;

import java.util.List;

/**
 * What a log says about itself at some moment, in C2SP's tlog-checkpoint form.
 *
 * @param origin the log's name, never changed
 * @param size entries of the log
 * @param root of the tree over them
 */
public record Checkpoint(String origin, long size, Hash root) {

  /** The text to sign. */
  public String text() {
    return origin + "\n" + size + "\n" + root.base64() + "\n";
  }

  /**
   * Reads a note's text; lines below the third are extensions, and not looked at.
   *
   * @throws IllegalArgumentException if it is not a checkpoint
   */
  public static Checkpoint parse(String text) {
    List<String> lines = text.lines().toList();
    if (lines.size() < 3 || lines.getFirst().isEmpty()) {
      throw new IllegalArgumentException(
          "not a checkpoint: it has a line with the origin, one with the size, one with the root");
    }
    String size = lines.get(1);
    if (!size.matches("0|[1-9][0-9]{0,17}")) {
      throw new IllegalArgumentException("a checkpoint of size \"" + size + "\": not a number");
    }
    return new Checkpoint(lines.getFirst(), Long.parseLong(size), Hash.ofBase64(lines.get(2)));
  }

  /**
   * Reads and checks a signed note.
   *
   * @throws IllegalArgumentException if it is not a checkpoint, or not signed by this key
   */
  public static Checkpoint open(String note, NoteKey key) {
    SignedNote signed = SignedNote.parse(note);
    Checkpoint checkpoint = parse(signed.text());
    if (!signed.isSignedBy(key)) {
      throw new IllegalArgumentException(
          "the checkpoint of size "
              + checkpoint.size
              + " is not signed by the key "
              + key.name()
              + " that was given");
    }
    return checkpoint;
  }
}
