package io.margay.agents.audit.verify;

import io.margay.agents.audit.log.LogFiles;
import io.margay.agents.audit.merkle.NoteKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Verifies an audit log from its files alone: a log's directory, an exported directory in C2SP's
 * layout, or an exported file.
 */
public final class Verifier {
  private Verifier() {}

  /**
   * Verifies what is at a place.
   *
   * @param key the log's verifier key, got from its owner; without one, the key beside the records
   *     is used, which proves that they fit together, not whose they are
   * @param checkpoints signed notes that were kept elsewhere: the log has to agree with them
   * @throws IOException if something cannot be read
   * @throws IllegalArgumentException if there is no log or export, or no key for it
   */
  public static Report verify(Path place, Optional<NoteKey> key, List<String> checkpoints)
      throws IOException {
    if (Files.isRegularFile(place)) {
      return ExportFile.verify(place, key, checkpoints);
    }
    LogFiles files = new LogFiles(place);
    boolean isLog = Files.isDirectory(files.segments());
    if (!isLog && !Files.isRegularFile(place.resolve("checkpoint"))) {
      throw new IllegalArgumentException(
          place + ": no audit log and no export of one: it has neither segments nor a checkpoint");
    }
    NoteKey known = key.isPresent() ? key.get() : keyBeside(place);
    Report report =
        isLog
            ? LogVerifier.verify(files, known, checkpoints)
            : TileDirectory.verify(place, known, checkpoints);
    return key.isPresent() ? report : withKeyRemark(report, known);
  }

  private static NoteKey keyBeside(Path place) throws IOException {
    Path file = place.resolve("verifier-key");
    if (!Files.exists(file)) {
      throw new IllegalArgumentException(
          place + ": there is no verifier-key in it; give the log's key");
    }
    return NoteKey.parse(Files.readString(file));
  }

  static Report withKeyRemark(Report report, NoteKey key) {
    List<String> remarks = new ArrayList<>(report.remarks());
    remarks.add(
        "the key "
            + key
            + " was taken from beside the records; compare it with the one that the log's owner"
            + " gives out");
    return new Report(
        report.records(),
        report.size(),
        report.root(),
        report.checkpoints(),
        remarks,
        report.problems());
  }
}
