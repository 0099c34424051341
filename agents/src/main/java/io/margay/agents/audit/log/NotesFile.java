package io.margay.agents.audit.log;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/** Signed notes one after the other, each with an empty line behind it. */
final class NotesFile {
  private NotesFile() {}

  static void append(Path file, String note) throws IOException {
    Files.writeString(file, note + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  /** The notes that are complete; one that a crash cut off at the end is left out. */
  static List<String> read(Path file) throws IOException {
    return split(Files.readString(file));
  }

  static List<String> split(String text) {
    List<String> notes = new ArrayList<>();
    int at = 0;
    while (at < text.length()) {
      int signatures = text.indexOf("\n\n", at);
      int end = signatures < 0 ? -1 : text.indexOf("\n\n", signatures + 2);
      if (end < 0) {
        break;
      }
      notes.add(text.substring(at, end + 1));
      at = end + 2;
    }
    return notes;
  }

  /** Removes a note that a crash cut off. */
  static void repair(Path file) throws IOException {
    if (Files.exists(file)) {
      StringBuilder whole = new StringBuilder();
      read(file).forEach(note -> whole.append(note).append('\n'));
      if (whole.length() < Files.readString(file).length()) {
        LogFiles.replace(file, whole.toString());
      }
    }
  }
}
