package io.margay.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;

/** What this process takes of the machine's memory. */
public final class ProcessMemory {
  private ProcessMemory() {}

  /** MB that are in memory now. */
  public static long residentMegabytes() throws IOException {
    return megabytes("VmRSS:");
  }

  /** MB that were in memory at the most since the process began. */
  public static long peakResidentMegabytes() throws IOException {
    return megabytes("VmHWM:");
  }

  /** MB of objects that are still reachable: what a full collection leaves. */
  public static double liveHeapMegabytes() {
    // Twice: the first may only find out that something can be cleaned up.
    System.gc();
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() / 1048576.0;
  }

  private static long megabytes(String field) throws IOException {
    return Files.readAllLines(Path.of("/proc/self/status")).stream()
        .filter(line -> line.startsWith(field))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
        .findFirst()
        .orElseThrow(() -> new IOException("/proc/self/status does not tell " + field));
  }
}
