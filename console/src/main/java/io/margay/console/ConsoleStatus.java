package io.margay.console;

import java.time.Instant;
import java.util.Map;

/**
 * What runs behind the console.
 *
 * @param tables sizes by name, such as classes and groups
 * @param dropped counts by reason of what was not recorded, beside those of the flow service
 */
public record ConsoleStatus(
    String node,
    String version,
    String dataplane,
    Instant startedAt,
    Map<String, Long> tables,
    Map<String, Long> dropped) {
  public ConsoleStatus {
    tables = Map.copyOf(tables);
    dropped = Map.copyOf(dropped);
  }
}
