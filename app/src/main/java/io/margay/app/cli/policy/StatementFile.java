package io.margay.app.cli.policy;

import io.margay.app.cli.CommandFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** A file with a statement in each line; # begins a comment. */
final class StatementFile {
  private StatementFile() {}

  /**
   * Reads all statements.
   *
   * @param what they are called, for messages
   * @throws CommandFailure with everything that is wrong, or if there is none
   */
  static <T> List<T> read(Path file, String what, Function<String, T> parse) throws IOException {
    List<T> all = new ArrayList<>();
    List<String> wrong = new ArrayList<>();
    List<String> lines = Files.readAllLines(file);
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i).strip();
      if (line.isEmpty() || line.startsWith("#")) {
        continue;
      }
      try {
        all.add(parse.apply(line));
      } catch (IllegalArgumentException e) {
        wrong.add(file + ", line " + (i + 1) + ": " + e.getMessage());
      }
    }
    if (!wrong.isEmpty()) {
      throw CommandFailure.ofLines(wrong);
    }
    if (all.isEmpty()) {
      throw new CommandFailure(file + ": there is not " + what + " in it");
    }
    return all;
  }
}
