package io.margay.store;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Java processes that tests start and harm. */
public final class ChildJvm {
  private ChildJvm() {}

  /** The command that runs a main class of the tests. */
  public static List<String> command(Class<?> main, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx200m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(main.getName());
    command.addAll(List.of(arguments));
    return command;
  }

  /**
   * A command in a mount namespace of its own, where a directory is a file system of 2 MB, half of
   * it taken by a file named ballast.
   */
  public static List<String> onSmallDisk(Path directory, List<String> command) {
    return List.of(
        "unshare",
        "--mount",
        "sh",
        "-c",
        "mount -t tmpfs -o size=2m full "
            + directory
            + " && head -c 1000000 /dev/zero > "
            + directory
            + "/ballast && exec "
            + String.join(" ", command));
  }

  /** Whether {@link #onSmallDisk} works here. */
  public static boolean canMount() throws InterruptedException {
    if (!"root".equals(System.getProperty("user.name"))) {
      return false;
    }
    try {
      return new ProcessBuilder("unshare", "--mount", "true").start().waitFor() == 0;
    } catch (IOException e) {
      return false;
    }
  }

  /** The last line that a command prints; fails if the command does. */
  public static String run(List<String> command) throws IOException, InterruptedException {
    Process child = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (child.waitFor() != 0) {
      throw new AssertionError(output);
    }
    return output
        .lines()
        .filter(line -> !line.startsWith("SLF4J"))
        .reduce((first, second) -> second)
        .orElse("");
  }
}
