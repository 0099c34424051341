package io.margay.bench.flows;

import com.sun.management.OperatingSystemMXBean;
import io.margay.bench.JsonLine;
import io.margay.bench.ProcessMemory;
import io.margay.flows.DropCounters;
import io.margay.flows.DropReason;
import io.margay.flows.FlowKey;
import io.margay.flows.FlowLimits;
import io.margay.flows.FlowUpdate;
import io.margay.flows.archive.Archive;
import io.margay.flows.archive.ArchiveConfig;
import io.margay.flows.history.BucketTime;
import io.margay.flows.stream.FlowService;
import io.margay.flows.stream.LiveIngest;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * What the flows process does with its updates, in a process of its own with its memory: live
 * buckets and history on, updates as fast as they are acknowledged, in real time. Prints one line.
 */
public final class LiveProcess {
  /** What 100,000 active flows need. */
  static final List<String> FLAGS = List.of("-XX:+UseSerialGC", "-Xmx480m", "-Xmn160m", "-Xss512k");

  private static final int BATCH = 1_000;
  private static final int IN_FLIGHT = 8;

  private LiveProcess() {}

  /** Arguments: the directory, active flows, seconds. */
  public static void main(String[] args) throws Exception {
    Path directory = Path.of(args[0]);
    int active = Integer.parseInt(args[1]);
    Duration length = Duration.ofSeconds(Long.parseLong(args[2]));
    InstantSource clock = InstantSource.system();
    DropCounters drops = new DropCounters();
    try (Archive archive = Archive.open(ArchiveConfig.in(directory), clock, drops);
        FlowService flows =
            new FlowService(FlowLimits.OF_MANY_NODES, clock, drops, archive::numberOf)) {
      flows.start();
      archive.start(new LiveIngest(flows));
      GoldmaneLoad load = new GoldmaneLoad();
      List<FlowKey> keys = load.keys(active, 100);
      List<List<String>> labels = new ArrayList<>();
      for (int i = 0; i < 1_000; i++) {
        labels.add(GoldmaneLoad.labels(i));
      }
      feed(archive, load, keys, labels, clock, length.dividedBy(4)); // for the compiler
      long start = System.nanoTime();
      long cpu = cpuNanos();
      long taken = feed(archive, load, keys, labels, clock, length);
      double seconds = (System.nanoTime() - start) / 1e9;
      System.out.println(
          JsonLine.of("flows", "ingest")
              .number("activeFlows", active)
              .number("updates", taken)
              .number("ingestPerSecond", taken / seconds)
              .number("cpuMicrosPerUpdate", (cpuNanos() - cpu) / 1e3 / taken)
              .number("residentMB", ProcessMemory.residentMegabytes())
              .number("liveFlows", flows.statistics().flows())
              .number("databaseMB", archive.status().databaseBytes() / 1_000_000)
              .number("dropped", dropped(drops)));
    }
  }

  private static long feed(
      Archive archive,
      GoldmaneLoad load,
      List<FlowKey> keys,
      List<List<String>> labels,
      InstantSource clock,
      Duration length) {
    Deque<CompletableFuture<Void>> inFlight = new ArrayDeque<>();
    long end = System.nanoTime() + length.toNanos();
    long taken = 0;
    int next = 0;
    while (System.nanoTime() < end) {
      Instant bucket = BucketTime.bucketOf(clock.instant());
      List<FlowUpdate> batch = new ArrayList<>(BATCH);
      for (int i = 0; i < BATCH; i++) {
        next = (next + 1) % keys.size();
        List<String> ofKey = labels.get(next % labels.size());
        batch.add(load.update(keys.get(next), bucket, ofKey, ofKey));
      }
      inFlight.addLast(archive.accept(batch));
      if (inFlight.size() >= IN_FLIGHT) {
        inFlight.removeFirst().join();
        taken += BATCH;
      }
    }
    inFlight.forEach(CompletableFuture::join);
    return taken + (long) inFlight.size() * BATCH;
  }

  /** What all threads of this process used, the load's own too. */
  private static long cpuNanos() {
    return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime();
  }

  /** Flows that went with old buckets are not lost: they are in the history. */
  private static long dropped(DropCounters drops) {
    long all = 0;
    for (DropReason reason : DropReason.values()) {
      all += reason == DropReason.HISTORY_SHORTENED ? 0 : drops.get(reason);
    }
    return all;
  }
}
