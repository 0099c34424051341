package io.margay.app.cli.vm;

import io.margay.model.manifest.ResourceDecoder;
import io.margay.model.resource.Kind;
import io.margay.model.resource.LiveMigration;
import io.margay.model.resource.LiveMigration.Phase;
import io.margay.model.resource.LiveMigration.Step;
import io.margay.store.ResourceStore;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The migrations on record.
 *
 * @param all the latest last; one that nobody has seen yet is the latest
 */
record MigrationRecords(List<LiveMigration> all) {

  /**
   * How they went, measured by a limit.
   *
   * @param within succeeded, with a gap up to the limit
   * @param beyond succeeded, with a longer gap
   * @param unknown succeeded, and nobody measured a gap
   * @param underWay not at their end yet; they do not count
   */
  record Objective(
      long limitMillis, long within, long beyond, long unknown, long failed, long underWay) {
    /** The share within the limit of those that ended, in percent; empty if none ended. */
    Optional<Double> percent() {
      long ended = within + beyond + unknown + failed;
      return ended == 0 ? Optional.empty() : Optional.of(100.0 * within / ended);
    }
  }

  /**
   * Reads them.
   *
   * @param namespace empty for all namespaces
   */
  static MigrationRecords of(ResourceStore store, String namespace) {
    return new MigrationRecords(
        store.list(Kind.LIVE_MIGRATION, namespace).items().stream()
            .map(object -> ResourceDecoder.decode(object).resource())
            .filter(LiveMigration.class::isInstance)
            .map(LiveMigration.class::cast)
            .sorted(
                Comparator.comparing((LiveMigration record) -> begin(record).orElse(Instant.MAX))
                    .thenComparing(LiveMigration::key))
            .toList());
  }

  static Optional<Instant> begin(LiveMigration record) {
    return record.status().steps().stream().map(Step::at).min(Comparator.naturalOrder());
  }

  /** From the first phase to the last one on record. */
  static Optional<Duration> time(LiveMigration record) {
    return begin(record)
        .flatMap(begin ->
            record.status().steps().stream()
                .map(Step::at)
                .max(Comparator.naturalOrder())
                .map(end -> Duration.between(begin, end)));
  }

  Objective objective(long limitMillis) {
    List<LiveMigration> succeeded = in(Phase.SUCCEEDED);
    List<Long> gaps =
        succeeded.stream()
            .map(record -> record.status().gapMillis())
            .filter(Objects::nonNull)
            .toList();
    long within = gaps.stream().filter(gap -> gap <= limitMillis).count();
    long failed = in(Phase.FAILED).size();
    return new Objective(
        limitMillis,
        within,
        gaps.size() - within,
        succeeded.size() - gaps.size(),
        failed,
        all.size() - succeeded.size() - failed);
  }

  private List<LiveMigration> in(Phase phase) {
    return all.stream().filter(record -> record.status().phase() == phase).toList();
  }
}
