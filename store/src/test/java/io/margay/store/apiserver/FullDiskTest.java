package io.margay.store.apiserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import io.margay.store.ChildJvm;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A full disk under the API server: writes are refused as 503, reads go on, nothing is lost. */
final class FullDiskTest {
  @TempDir Path directory;

  @Test
  void writesAreRefusedAndReadsGoOn() throws Exception {
    if (!ChildJvm.canMount()) {
      String reason = "a full file system needs root and unshare --mount";
      System.err.println("SKIPPED: " + reason);
      abort(reason);
    }
    assertThat(
            ChildJvm.run(
                ChildJvm.onSmallDisk(
                    directory, ChildJvm.command(FullDiskServer.class, directory.toString()))))
        .startsWith("OK ");
  }
}
