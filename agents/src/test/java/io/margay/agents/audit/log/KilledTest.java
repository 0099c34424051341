package io.margay.agents.audit.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.margay.agents.audit.log.SegmentReader.Batch;
import io.margay.agents.audit.merkle.Hash;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What was acknowledged survives a process that is killed while it appends. */
@Timeout(300)
class KilledTest {
  private static final int ROUNDS = 4;
  private static final int RECORDS = 1_500;

  @TempDir Path folder;

  @Test
  void everyAcknowledgedRecordIsThere() throws IOException, InterruptedException {
    Path directory = folder.resolve("log");
    Path keys = folder.resolve("keys");
    Map<Long, String> acknowledged = new HashMap<>();
    for (int round = 1; round <= ROUNDS; round++) {
      appendAndKill(directory, keys, acknowledged);
      assertThat(acknowledged).hasSizeGreaterThanOrEqualTo(round * RECORDS);

      AuditKeys same = AuditKeys.loadOrCreate(keys, "test.example/audit");
      DurableAuditLog.open(directory, same, LogSettings.defaults(), InstantSource.system()).close();
      Map<Long, String> stored = stored(directory);
      assertThat(stored).containsAllEntriesOf(acknowledged);
    }
  }

  private static void appendAndKill(Path directory, Path keys, Map<Long, String> acknowledged)
      throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                AppendingProcess.class.getName(),
                directory.toString(),
                keys.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      int count = 0;
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        String[] parts = line.split(" ", -1);
        // The last line may be cut off where the process was killed.
        if (parts.length == 2 && parts[1].length() == 2 * Hash.SIZE) {
          acknowledged.put(Long.valueOf(parts[0]), parts[1]);
        }
        if (++count == RECORDS) {
          // Not by the process itself: that would close its output, too.
          process.toHandle().destroyForcibly();
        }
      }
    } finally {
      process.destroyForcibly();
    }
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
  }

  private static Map<Long, String> stored(Path directory) throws IOException {
    LogFiles files = new LogFiles(directory);
    Map<Long, String> stored = new HashMap<>();
    for (long start : files.segmentStarts()) {
      try (SegmentReader reader = SegmentReader.open(files, start)) {
        while (reader.read() instanceof Batch batch) {
          batch
              .records()
              .forEach(record -> stored.put(record.sequence(), Hash.of(record.bytes()).hex()));
        }
      }
    }
    return stored;
  }
}
