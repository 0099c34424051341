package io.margay.app.vector;

import io.margay.app.cli.CommandFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Finds the files to play. */
public final class TestFiles {
  private TestFiles() {}

  /**
   * The files that are named, and the JSON files in folders that are named.
   *
   * @throws CommandFailure if something named is not there
   */
  public static List<Path> in(List<Path> paths) throws IOException {
    List<Path> files = new ArrayList<>();
    for (Path path : paths) {
      if (Files.isDirectory(path)) {
        try (Stream<Path> found = Files.walk(path)) {
          found
              .filter(file -> file.toString().endsWith(".json") && Files.isRegularFile(file))
              .sorted()
              .forEach(files::add);
        }
      } else if (Files.exists(path)) {
        files.add(path);
      } else {
        throw new CommandFailure(path + ": there is no such file or folder");
      }
    }
    return files;
  }
}
