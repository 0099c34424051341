package io.margay.flows.archive;

import static org.assertj.core.api.Assertions.assertThat;

import io.margay.flows.DropCounters;
import io.margay.flows.Flow;
import io.margay.flows.FlowIngest;
import io.margay.flows.FlowKey;
import io.margay.flows.FlowUpdate;
import io.margay.flows.history.FlowHistory;
import io.margay.flows.query.FlowFilter;
import io.margay.flows.query.FlowOrder;
import io.margay.flows.query.Page;
import io.margay.flows.query.TimeRange;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The sums of days that are over: they say what the hours say, whatever comes late or is old. */
class DaySumsTest {
  private static final Instant DAY = Instant.parse("2026-11-20T00:00:00Z");
  private static final long EPOCH_DAY = Layout.dayOf(DAY.getEpochSecond());

  /** All of the day but an instant, so that its hours are read. */
  private static final TimeRange HOURS =
      new TimeRange(DAY.plusSeconds(1), DAY.plus(Duration.ofDays(1)));

  private static final TimeRange WHOLE = new TimeRange(DAY, DAY.plus(Duration.ofDays(1)));

  @TempDir private Path directory;

  private final TurnedClock clock = new TurnedClock(DAY);
  private final RandomFlows flows = new RandomFlows(3);
  private final List<FlowKey> keys = flows.keys(20);

  private static final class NoLiveFlows implements FlowIngest {
    @Override
    public CompletableFuture<Void> accept(List<FlowUpdate> updates) {
      return CompletableFuture.completedFuture(null);
    }

    @Override
    public Map<String, Long> lastSequences() {
      return Map.of();
    }
  }

  private Archive open() throws IOException {
    Archive archive = Archive.open(ArchiveConfig.in(directory), clock, new DropCounters());
    archive.start(new NoLiveFlows());
    return archive;
  }

  private void accept(Archive archive, Instant at) throws Exception {
    List<FlowUpdate> updates = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      updates.add(flows.update(keys.get(flows.below(keys.size())), at));
    }
    archive.accept(updates).get();
  }

  /** Flows in three hours, and the day's end. */
  private void fill(Archive archive) throws Exception {
    for (int hour : List.of(1, 2, 9)) {
      Instant at = DAY.plus(Duration.ofHours(hour)).plusSeconds(600);
      clock.turn(Duration.between(clock.instant(), at));
      accept(archive, at);
      accept(archive, at.minusSeconds(15));
    }
    clock.turn(Duration.between(clock.instant(), WHOLE.to().plusSeconds(600)));
    archive.writeNow();
  }

  private static boolean isSummed(Archive archive) {
    return archive.read((connection, layout) -> layout.summedDays().contains(EPOCH_DAY));
  }

  private static List<Flow> list(Archive archive, TimeRange range) {
    return new HistoryReader(archive, () -> FlowHistory.EMPTY)
        .list(range, FlowFilter.ALL, FlowOrder.TIME, Page.Request.EVERYTHING)
        .items();
  }

  @Test
  void aDayThatIsOverIsSummedUpAndTakesWhatComesLate() throws Exception {
    try (Archive archive = open()) {
      fill(archive);
      assertThat(isSummed(archive)).isTrue();
      assertThat(list(archive, WHOLE)).isNotEmpty().isEqualTo(list(archive, HOURS));
      List<Flow> before = list(archive, WHOLE);
      accept(archive, DAY.plus(Duration.ofHours(9)).plusSeconds(600));
      clock.turn(Duration.ofMinutes(2));
      archive.writeNow();
      assertThat(archive.status().unsortedHours()).isZero();
      assertThat(list(archive, WHOLE)).isNotEqualTo(before).isEqualTo(list(archive, HOURS));
    }
    try (Archive archive = open()) {
      assertThat(list(archive, WHOLE)).isNotEmpty().isEqualTo(list(archive, HOURS));
    }
  }

  @Test
  void aDatabaseOfTheFirstVersionGetsWhatItLacks() throws Exception {
    List<Flow> before;
    try (Archive archive = open()) {
      fill(archive);
      before = list(archive, WHOLE);
    }
    String totals = Layout.totals(EPOCH_DAY);
    inDatabase("DROP TABLE " + totals, "UPDATE schema_version SET version = 1");
    try (Archive archive = open()) {
      assertThat(list(archive, WHOLE)).isNotEmpty().isEqualTo(before);
      archive.writeNow();
      assertThat(isSummed(archive)).isTrue();
      assertThat(list(archive, WHOLE)).isEqualTo(before);
    }
    assertThat(inDatabase("SELECT version FROM schema_version")).isEqualTo(2);
    assertThat(inDatabase("SELECT count(*) FROM " + totals)).isEqualTo(before.size());
  }

  @Test
  void theSumsGoWithTheDay() throws Exception {
    try (Archive archive = open()) {
      fill(archive);
      clock.turn(Duration.ofDays(40));
      archive.writeNow();
      assertThat(isSummed(archive)).isFalse();
      assertThat(list(archive, TimeRange.ALWAYS)).isEmpty();
    }
    assertThat(
            inDatabase(
                "SELECT count(*) FROM duckdb_tables() WHERE starts_with(table_name, 'flow_days_')"))
        .isZero();
  }

  /** Returns the last statement's number, or 0. */
  private long inDatabase(String... statements) throws SQLException {
    long number = 0;
    try (Connection connection =
            DriverManager.getConnection("jdbc:duckdb:" + directory.resolve(Database.FILE));
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        if (statement.execute(sql)) {
          try (ResultSet row = statement.getResultSet()) {
            number = row.next() ? row.getLong(1) : 0;
          }
        }
      }
    }
    return number;
  }
}
