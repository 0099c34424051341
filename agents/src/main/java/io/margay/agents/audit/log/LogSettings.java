package io.margay.agents.audit.log;

import io.margay.agents.audit.merkle.Tile;
import java.time.Duration;

/**
 * How a log is kept.
 *
 * @param segmentRecords records of a segment file, a multiple of 256; a new log can have another
 *     number, an old one keeps its files as they are
 * @param prepareBytes that a segment file is filled with zeros before it is written to: a flush of
 *     blocks that exist takes half the time
 * @param sealEvery how long a record may wait for a signed checkpoint
 * @param sealRecords after how many records a checkpoint is signed at the latest
 * @param maxUnsealed records without a checkpoint at which the log refuses more
 */
public record LogSettings(
    int segmentRecords, int prepareBytes, Duration sealEvery, int sealRecords, int maxUnsealed) {

  public LogSettings {
    if (segmentRecords < Tile.FULL
        || segmentRecords > 65_536
        || segmentRecords % Tile.FULL != 0
        || prepareBytes < 0
        || sealRecords < 1
        || maxUnsealed < sealRecords) {
      throw new IllegalArgumentException(
          "segmentRecords is a multiple of 256 up to 65536, sealRecords at least 1 and not above"
              + " maxUnsealed");
    }
  }

  /** For a gateway. */
  public static LogSettings defaults() {
    return new LogSettings(65_536, 64 << 20, Duration.ofSeconds(1), 10_000, 1_000_000);
  }
}
