package io.margay.app.cli.resources;

import io.margay.app.cli.CommandFailure;
import io.margay.model.manifest.KubeObject;
import io.margay.model.manifest.Manifests;
import io.margay.model.manifest.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import picocli.CommandLine.Option;

/** Where a command reads resources from: {@code -f}, once or more often. */
final class InputOptions {
  @Option(
      names = {"-f", "--filename"},
      paramLabel = "FILE",
      description = "A file, a folder, or - for standard input; may be given more than once.")
  private List<String> files = List.of();

  @Option(
      names = {"-R", "--recursive"},
      description = "Read folders with all that is below them.")
  private boolean recursive;

  @Option(names = "--skip-empty", description = "Accept input that holds no resource.")
  private boolean skipEmpty;

  boolean given() {
    return !files.isEmpty();
  }

  /**
   * Reads all input.
   *
   * @param namespace for resources that name none
   * @throws CommandFailure with every problem of every file: nothing of a bad input is used
   */
  Map<String, List<KubeObject>> read(InputStream standardInput, String namespace)
      throws IOException {
    if (files.isEmpty()) {
      throw new CommandFailure("no input: name a file with -f FILE, or - for standard input");
    }
    Map<String, List<KubeObject>> objects = new LinkedHashMap<>();
    List<Problem> problems = new ArrayList<>();
    Manifests.Options options = new Manifests.Options(namespace, Manifests.OtherKinds.REFUSE);
    for (String file : files) {
      if (file.equals("-")) {
        Manifests.Result read = Manifests.read("standard input", standardInput, options);
        objects.put("standard input", read.objects());
        problems.addAll(read.problems());
        continue;
      }
      for (Path path : expand(Path.of(file))) {
        Manifests.Result read = Manifests.read(path, options);
        objects.put(path.toString(), read.objects());
        problems.addAll(read.problems());
      }
    }
    if (!problems.isEmpty()) {
      throw CommandFailure.ofProblems(problems);
    }
    if (!skipEmpty && objects.values().stream().allMatch(List::isEmpty)) {
      throw new CommandFailure(
          String.join(", ", files) + ": there is no resource in it; --skip-empty accepts that");
    }
    return objects;
  }

  /**
   * Reads a file, or a folder with all that is below it.
   *
   * @throws CommandFailure with every problem, or if there is no resource
   */
  static Map<String, List<KubeObject>> read(Path path) throws IOException {
    InputOptions options = new InputOptions();
    options.files = List.of(path.toString());
    options.recursive = true;
    return options.read(InputStream.nullInputStream(), "default");
  }

  private List<Path> expand(Path path) throws IOException {
    if (!Files.isDirectory(path)) {
      return List.of(path);
    }
    try (Stream<Path> below = Files.walk(path, recursive ? Integer.MAX_VALUE : 1)) {
      return below
          .filter(Files::isRegularFile)
          .filter(file -> file.toString().matches(".*\\.(ya?ml|json)"))
          .sorted()
          .toList();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }
}
