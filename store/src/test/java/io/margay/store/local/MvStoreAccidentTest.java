package io.margay.store.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import io.margay.model.manifest.KubeObject;
import io.margay.model.resource.Kind;
import io.margay.store.ChildJvm;
import java.io.BufferedReader;
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
    if (!ChildJvm.canMount()) {
      String reason = "a full file system needs root and unshare --mount";
      System.err.println("SKIPPED: " + reason);
      abort(reason);
    }
    Path mount = Files.createDirectory(directory.resolve("full"));
    List<String> child =
        java(
            "until-full",
            mount.resolve("objects.mv").toString(),
            mount.resolve("ballast").toString());
    assertThat(ChildJvm.run(ChildJvm.onSmallDisk(mount, child))).startsWith("OK ");
  }

  @Test
  void aFileThatMayNotGrowRefusesWritesAndLosesNothing() throws Exception {
    List<String> child =
        java(
            "until-full",
            directory.resolve("objects.mv").toString(),
            directory.resolve("none").toString());
    // ulimit counts blocks of 512 or 1,024 bytes: 1 or 2 MB.
    String limited = "ulimit -f 2048 && exec " + String.join(" ", child);
    assertThat(ChildJvm.run(List.of("sh", "-c", limited))).startsWith("OK ");
  }

  private static List<String> java(String... arguments) {
    return ChildJvm.command(CrashingWriter.class, arguments);
  }
}
