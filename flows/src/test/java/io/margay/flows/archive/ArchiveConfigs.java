package io.margay.flows.archive;

import java.nio.file.Path;

/** The usual configuration with one thing changed. */
final class ArchiveConfigs {
  private ArchiveConfigs() {}

  static ArchiveConfig keeping(Path directory, long bytes) {
    return with(directory, bytes, ArchiveConfig.in(directory).keys());
  }

  static ArchiveConfig withKeys(Path directory, int keys) {
    return with(directory, ArchiveConfig.in(directory).keepBytes(), keys);
  }

  private static ArchiveConfig with(Path directory, long bytes, int keys) {
    ArchiveConfig usual = ArchiveConfig.in(directory);
    return new ArchiveConfig(
        directory,
        usual.keepFor(),
        bytes,
        usual.fiveMinutesAfter(),
        usual.hoursAfter(),
        usual.lateLimit(),
        usual.closeAfter(),
        keys,
        usual.pendingFlows(),
        usual.queuedUpdates(),
        usual.databaseMemoryMegabytes(),
        usual.databaseThreads());
  }
}
