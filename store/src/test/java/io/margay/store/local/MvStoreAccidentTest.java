package io.margay.store.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import io.margay.model.manifest.KubeObject;
import io.margay.model.resource.Kind;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What was answered with success survives a killed process and a full disk. */
final class MvStoreAccidentTest {
  @TempDir Path directory;

  @Test
  void whatWasAcknowledgedSurvivesAKill() throws Exception {
    Path file = directory.resolve("objects.mv");
    List<String> acknowledged = new ArrayList<>();
    // Three lives of the same file, so that a kill also hits a file that was killed before.
    for (int life = 0; life < 3; life++) {
      Process child = new ProcessBuilder(java("until-killed", file.toString(), "" + life)).start();
      try (BufferedReader out = child.inputReader()) {
        for (int i = 0; i < 150; i++) {
          acknowledged.add(out.readLine());
        }
        child.toHandle().destroyForcibly(); // SIGKILL; the pipe can still be read to its end.
        out.lines().forEach(acknowledged::add);
      }
      assertThat(child.waitFor(20, TimeUnit.SECONDS)).isTrue();
      assertThat(acknowledged).doesNotContainNull();
      try (MvStore store = new MvStore(file)) {
        assertThat(store.list(Kind.NETWORK_SET, "").items())
            .extracting(KubeObject::name)
            .containsAll(acknowledged);
      }
    }
  }

  @Test
  void aFullDiskRefusesWritesAndLosesNothing() throws Exception {
    Path mount = Files.createDirectory(directory.resolve("full"));
    String child =
        String.join(
            " ",
            java(
                "until-full",
                mount.resolve("objects.mv").toString(),
                mount.resolve("ballast").toString()));
    // A file system of 2 MB in a mount namespace that only the child has.
    List<String> command =
        List.of(
            "unshare",
            "--mount",
            "sh",
            "-c",
            "mount -t tmpfs -o size=2m full "
                + mount
                + " && head -c 1000000 /dev/zero > "
                + mount
                + "/ballast && exec "
                + child);
    if (!canMount()) {
      skip("a full file system needs root and unshare --mount");
    }
    assertThat(run(command)).startsWith("OK ");
  }

  @Test
  void aFileThatMayNotGrowRefusesWritesAndLosesNothing() throws Exception {
    // ulimit counts blocks of 512 or 1,024 bytes: 1 or 2 MB.
    List<String> command =
        List.of(
            "sh",
            "-c",
            "ulimit -f 2048 && exec "
                + String.join(
                    " ",
                    java(
                        "until-full",
                        directory.resolve("objects.mv").toString(),
                        directory.resolve("none").toString())));
    assertThat(run(command)).startsWith("OK ");
  }

  private static boolean canMount() throws Exception {
    if (!"root".equals(System.getProperty("user.name"))) {
      return false;
    }
    try {
      return new ProcessBuilder("unshare", "--mount", "true").start().waitFor() == 0;
    } catch (IOException e) {
      return false;
    }
  }

  private static String run(List<String> command) throws Exception {
    Process child = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(child.waitFor()).as(output).isZero();
    return output.lines().filter(line -> !line.startsWith("SLF4J")).reduce((a, b) -> b).orElse("");
  }

  private static List<String> java(String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx200m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(CrashingWriter.class.getName());
    command.addAll(List.of(arguments));
    return command;
  }

  private static void skip(String reason) {
    System.err.println("SKIPPED: " + reason);
    abort(reason);
  }
}
