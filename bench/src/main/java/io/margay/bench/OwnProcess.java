package io.margay.bench;

import io.margay.app.cli.CommandFailure;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Runs a part of a benchmark in a process of its own, where memory is a question. */
public final class OwnProcess {
  private OwnProcess() {}

  /**
   * Runs a class's {@code main} and returns the last line of JSON that it prints.
   *
   * @param flags of the virtual machine
   */
  public static String run(List<String> flags, Class<?> main, List<String> arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("--enable-native-access=ALL-UNNAMED");
    command.addAll(flags);
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(main.getName());
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.redirectError(ProcessBuilder.Redirect.INHERIT);
    builder.environment().put("MALLOC_ARENA_MAX", "2");
    Process process = builder.start();
    String last = "";
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        last = line.startsWith("{") ? line : last;
      }
    }
    int status = process.waitFor();
    if (status != 0) {
      throw new CommandFailure(
          "the process of " + main.getSimpleName() + " ended with status " + status);
    }
    return last;
  }
}
