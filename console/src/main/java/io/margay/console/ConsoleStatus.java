package io.margay.console;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What runs behind the console.
 *
 * @param tables sizes by name, such as classes and groups
 * @param history null where nothing is kept on disk
 * @param dropped counts by reason of what was not recorded, beside those of the flow service
 */
public record ConsoleStatus(
    String node,
    String version,
    String dataplane,
    Instant startedAt,
    Map<String, Long> tables,
    Map<String, Long> dropped,
    @Nullable History history) {

  /**
   * What is kept on disk.
   *
   * @param oldest null while it is empty
   */
  public record History(@Nullable Instant oldest, long bytes) {}

  /** Of a process that keeps nothing on disk. */
  public ConsoleStatus(
      String node,
      String version,
      String dataplane,
      Instant startedAt,
      Map<String, Long> tables,
      Map<String, Long> dropped) {
    this(node, version, dataplane, startedAt, tables, dropped, null);
  }

  public ConsoleStatus {
    tables = Map.copyOf(tables);
    dropped = Map.copyOf(dropped);
  }
}
