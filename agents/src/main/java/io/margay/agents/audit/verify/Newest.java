package io.margay.agents.audit.verify;

import io.margay.agents.audit.log.LogFiles;
import io.margay.agents.audit.merkle.Checkpoint;
import io.margay.agents.audit.merkle.NoteKey;
import java.io.IOException;
import java.util.Comparator;

/** The newest checkpoint of a log: an export goes as far as that. */
final class Newest {
  private Newest() {}

  static String of(LogFiles log, NoteKey key) throws IOException {
    return log.notes().stream()
        .max(Comparator.comparingLong(note -> Checkpoint.open(note, key).size()))
        .orElseThrow(
            () -> new IOException(log.root() + ": no checkpoint yet, so nothing can be proved"));
  }
}
