package io.margay.testkit;

import static org.junit.jupiter.api.Assumptions.abort;

import io.margay.model.vector.ConnectivityVector;
import io.margay.model.vector.VectorReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;

/**
 * Where the conformance vectors are: the shared ones in the folder that the system property {@code
 * margay.shared} names, the project's own in testkit's resources. The shared ones are no part of
 * the repository, so tests that need them are skipped, aloud, where they are missing.
 */
public final class SharedVectors {
  private SharedVectors() {}

  /**
   * The folder {@code vectors} of the shared data. Aborts the running test, as skipped, where there
   * is none.
   */
  public static Path root() {
    Path root = Path.of(System.getProperty("margay.shared", "")).resolve("vectors");
    if (!Files.isDirectory(root)) {
      String reason =
          "SKIPPED: no shared vectors at " + root + "; set -Dmargay.shared to their folder";
      System.err.println(reason);
      abort(reason);
    }
    return root;
  }

  /** The files of shared sets, such as {@code knp} or {@code boutique}, sorted by name. */
  public static List<Path> connectivityFiles(String... sets) {
    Path root = root();
    return Arrays.stream(sets)
        .flatMap(set -> jsonFiles(root.resolve(set)).stream())
        .filter(file -> VectorReader.schema(file).equals("connectivity/1"))
        .toList();
  }

  /** The vectors of this project. */
  public static List<Path> ownFiles() {
    return jsonFiles(
        Path.of(System.getProperty("margay.root", ""))
            .resolve("testkit/src/main/resources/vectors"));
  }

  /** The shared file of selectors. */
  public static Path selectorsFile() {
    return root().resolve("selectors/selectors.json");
  }

  /** One test for each file, named as the file is. */
  public static Stream<DynamicTest> tests(List<Path> files, Consumer<ConnectivityVector> test) {
    return files.stream()
        .map(file ->
            DynamicTest.dynamicTest(
                file.subpath(file.getNameCount() - 2, file.getNameCount()).toString(),
                file.toUri(),
                () -> test.accept(VectorReader.connectivity(file))));
  }

  private static List<Path> jsonFiles(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(".json")).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException("the folder of vectors " + folder + " cannot be read", e);
    }
  }
}
