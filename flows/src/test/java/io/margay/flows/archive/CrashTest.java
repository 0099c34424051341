package io.margay.flows.archive;

import static org.assertj.core.api.Assertions.assertThat;

import io.margay.flows.DropCounters;
import io.margay.flows.Flow;
import io.margay.flows.FlowCounters;
import io.margay.flows.FlowIngest;
import io.margay.flows.FlowKey;
import io.margay.flows.FlowUpdate;
import io.margay.flows.history.FlowHistory;
import io.margay.flows.query.FlowFilter;
import io.margay.flows.query.FlowOrder;
import io.margay.flows.query.Page;
import io.margay.flows.query.TimeRange;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process that is killed has everything on disk that it acknowledged, and nothing twice. */
class CrashTest {
  private static final Instant START = Instant.parse("2026-11-20T10:00:00Z");
  private static final String NODE = "node-1";

  @TempDir private Path directory;

  /** Nothing is shown live. */
  private static final class Nobody implements FlowIngest {
    @Override
    public CompletableFuture<Void> accept(List<FlowUpdate> updates) {
      return CompletableFuture.completedFuture(null);
    }

    @Override
    public Map<String, Long> lastSequences() {
      return Map.of();
    }
  }

  /**
   * Takes in numbered updates of one packet each until it is killed, some of them late, on a fast
   * clock, so that buckets are written to the database all the time. After each batch it prints how
   * many updates were acknowledged since the beginning, and its time.
   */
  static final class Writer {
    private Writer() {}

    public static void main(String[] args) throws Exception {
      long sequence = Long.parseLong(args[1]);
      TurnedClock clock = new TurnedClock(Instant.parse(args[2]));
      RandomFlows flows = new RandomFlows(sequence);
      List<FlowKey> keys = flows.keys(50);
      try (Archive archive =
          Archive.open(ArchiveConfig.in(Path.of(args[0])), clock, new DropCounters())) {
        archive.start(new Nobody());
        while (true) {
          List<FlowUpdate> batch = new ArrayList<>();
          for (int i = 0; i < 100; i++) {
            Instant at = clock.instant().minusSeconds(flows.below(5) == 0 ? 300 : 0);
            batch.add(
                new FlowUpdate(
                    new FlowUpdate.Origin(NODE, ++sequence),
                    at,
                    keys.get(flows.below(keys.size())),
                    List.of(),
                    List.of(),
                    new FlowCounters(1, 0, 0, 0, 0, 0, 0)));
          }
          archive.accept(batch).get();
          System.out.println(sequence + " " + clock.instant());
          clock.turn(Duration.ofSeconds(5));
          archive.status();
        }
      }
    }
  }

  @Test
  void whatWasAcknowledgedIsThereAfterAKill() throws Exception {
    long acknowledged = 0;
    Instant now = START;
    for (int batches : List.of(1, 40, 150)) {
      String last = runAndKill(acknowledged, now, batches);
      long told = Long.parseLong(last.substring(0, last.indexOf(' ')));
      now = Instant.parse(last.substring(last.indexOf(' ') + 1)).plusSeconds(60);
      try (Archive archive =
          Archive.open(ArchiveConfig.in(directory), new TurnedClock(now), new DropCounters())) {
        archive.start(new Nobody());
        long kept = archive.lastSequences().getOrDefault(NODE, 0L);
        assertThat(kept).as("acknowledged, and perhaps a batch more").isBetween(told, told + 100);
        archive.writeNow();
        assertThat(packets(archive)).as("each update once").isEqualTo(kept);
        acknowledged = kept;
      }
    }
  }

  private static long packets(Archive archive) {
    return new HistoryReader(archive, () -> FlowHistory.EMPTY)
            .list(TimeRange.ALWAYS, FlowFilter.ALL, FlowOrder.TIME, Page.Request.EVERYTHING)
            .items()
            .stream()
            .map(Flow::counters)
            .mapToLong(FlowCounters::packetsIn)
            .sum();
  }

  /** Returns the last line that the process wrote before it was killed. */
  private String runAndKill(long sequence, Instant now, int batches) throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-Xmx256m",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Writer.class.getName(),
                directory.toString(),
                Long.toString(sequence),
                now.toString())
            .redirectErrorStream(true)
            .start();
    String last = "";
    StringBuilder other = new StringBuilder();
    int read = 0;
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (!line.matches("\\d+ \\S+Z")) {
          other.append(line).append('\n');
          continue;
        }
        last = line;
        if (++read == batches) {
          process.toHandle().destroyForcibly(); // What it wrote can still be read.
        }
      }
    } finally {
      process.destroyForcibly().waitFor();
    }
    assertThat(read).as("batches; the process said: %s", other).isGreaterThanOrEqualTo(batches);
    return last;
  }
}
