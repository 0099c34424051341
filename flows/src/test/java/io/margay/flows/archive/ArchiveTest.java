package io.margay.flows.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.margay.flows.DropCounters;
import io.margay.flows.DropReason;
import io.margay.flows.Flow;
import io.margay.flows.FlowCounters;
import io.margay.flows.FlowIngest;
import io.margay.flows.FlowKey;
import io.margay.flows.FlowUpdate;
import io.margay.flows.history.FlowHistory;
import io.margay.flows.query.FlowFilter;
import io.margay.flows.query.FlowOrder;
import io.margay.flows.query.Page;
import io.margay.flows.query.PolicyActivity;
import io.margay.flows.query.PolicyName;
import io.margay.flows.query.PolicyStatistic;
import io.margay.flows.query.StatisticType;
import io.margay.flows.query.StatisticsGroup;
import io.margay.flows.query.StatisticsQuery;
import io.margay.flows.query.TimeRange;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the history keeps, and for how long, through restarts and damage. */
class ArchiveTest {
  private static final Instant START = Instant.parse("2026-11-20T10:00:00Z");

  @TempDir private Path directory;

  private final DropCounters drops = new DropCounters();
  private final TurnedClock clock = new TurnedClock(START);
  private final RandomFlows flows = new RandomFlows(7);
  private final List<FlowKey> keys = flows.keys(20);

  /** Remembers what reached the live buckets. */
  private static final class Live implements FlowIngest {
    private final List<FlowUpdate> taken = new ArrayList<>();

    @Override
    public synchronized CompletableFuture<Void> accept(List<FlowUpdate> updates) {
      taken.addAll(updates);
      return CompletableFuture.completedFuture(null);
    }

    @Override
    public Map<String, Long> lastSequences() {
      return Map.of();
    }
  }

  private final Live live = new Live();

  private Archive open(ArchiveConfig config) throws IOException {
    Archive archive = Archive.open(config, clock, drops);
    archive.start(live);
    return archive;
  }

  private Archive open() throws IOException {
    return open(ArchiveConfig.in(directory));
  }

  private void accept(Archive archive, Instant at, int count) throws Exception {
    List<FlowUpdate> updates = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      updates.add(flows.update(keys.get(flows.below(keys.size())), at));
    }
    archive.accept(updates).get();
  }

  private void closeBuckets(Archive archive) throws InterruptedException {
    clock.turn(Duration.ofMinutes(2));
    archive.writeNow();
  }

  private static HistoryReader disk(Archive archive) {
    return new HistoryReader(archive, () -> FlowHistory.EMPTY);
  }

  private static List<Flow> everything(Archive archive) {
    return disk(archive)
        .list(TimeRange.ALWAYS, FlowFilter.ALL, FlowOrder.TIME, Page.Request.EVERYTHING)
        .items();
  }

  private static FlowCounters sum(List<Flow> flows) {
    return flows.stream()
        .map(Flow::counters)
        .reduce(new FlowCounters(0, 0, 0, 0, 0, 0, 0), FlowCounters::plusLater);
  }

  @Test
  void aRestartReadsBackWhatTheDatabaseDoesNotHave() throws Exception {
    List<Flow> before;
    try (Archive archive = open()) {
      accept(archive, START, 50);
      closeBuckets(archive);
      accept(archive, START.plusSeconds(60), 50); // late, for a bucket that is closed
      accept(archive, clock.instant(), 50); // in a bucket that is open
    }
    live.taken.clear();
    try (Archive archive = open()) {
      assertThat(archive.lastSequences()).containsExactly(Map.entry("node-1", 150L));
      assertThat(live.taken).as("only what the live buckets may still show").hasSize(50);
      closeBuckets(archive);
      before = everything(archive);
      assertThat(archive.status().journalBytes()).isZero();
    }
    try (Archive archive = open()) {
      assertThat(everything(archive)).isEqualTo(before);
      assertThat(archive.lastSequences()).containsExactly(Map.entry("node-1", 150L));
    }
  }

  @Test
  void aDamagedDatabaseIsKeptAsideAndANewOneBegun() throws Exception {
    try (Archive archive = open()) {
      accept(archive, START, 50);
      closeBuckets(archive);
    }
    Path file = directory.resolve(Database.FILE);
    Files.writeString(file, "this is no database");
    try (Archive archive = open()) {
      assertThat(everything(archive)).isEmpty();
      accept(archive, clock.instant(), 10);
      closeBuckets(archive);
      assertThat(everything(archive)).isNotEmpty();
    }
    assertThat(directory.resolve(Database.FILE + ".damaged-1")).hasContent("this is no database");
  }

  @Test
  void damageInTheMiddleIsFoundToo() throws Exception {
    try (Archive archive = open()) {
      accept(archive, START, 50);
      closeBuckets(archive);
    }
    Path file = directory.resolve(Database.FILE);
    byte[] bytes = Files.readAllBytes(file);
    for (int i = 12_288; i < bytes.length; i += 64) {
      bytes[i] ^= 0x55;
    }
    Files.write(file, bytes);
    try (Archive archive = open()) {
      assertThat(everything(archive)).isEmpty();
    }
    assertThat(directory.resolve(Database.FILE + ".damaged-1")).hasBinaryContent(bytes);
  }

  @Test
  void aDamagedJournalCostsWhatComesAfterTheDamageOnly() throws Exception {
    try (Archive archive = open()) {
      accept(archive, START, 10);
      accept(archive, START, 10);
    }
    Path segment;
    try (Stream<Path> segments = Files.list(directory.resolve("journal"))) {
      segment = segments.findFirst().orElseThrow();
    }
    byte[] bytes = Files.readAllBytes(segment);
    bytes[bytes.length - 3] ^= 1;
    Files.write(segment, bytes);
    live.taken.clear();
    try (Archive archive = open()) {
      assertThat(live.taken).hasSize(10);
      accept(archive, START, 5);
    }
    live.taken.clear();
    try (Archive archive = open()) {
      assertThat(live.taken).as("what was written after the damage is found").hasSize(15);
      closeBuckets(archive);
    }
  }

  @Test
  void whoHasTheFileKeepsIt() throws Exception {
    try (Archive archive = open()) {
      accept(archive, START, 1);
      assertThatThrownBy(() -> Archive.open(ArchiveConfig.in(directory), clock, drops))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("cannot be opened");
      assertThat(directory.resolve(Database.FILE + ".damaged-1")).doesNotExist();
    }
  }

  @Test
  void rollingUpKeepsTheSums() throws Exception {
    try (Archive archive = open()) {
      for (int i = 0; i < 40; i++) {
        accept(archive, clock.instant(), 10);
        clock.turn(Duration.ofMinutes(4));
      }
      closeBuckets(archive);
      clock.turn(Duration.ofHours(2));
      archive.writeNow();
      List<Flow> fine = everything(archive);
      List<PolicyStatistic> statistics = statistics(archive);
      int records =
          HistoryReaderTest.records(disk(archive), TimeRange.ALWAYS, FlowFilter.ALL, 100).size();

      clock.turn(Duration.ofDays(2)); // five minutes now
      archive.writeNow();
      List<Flow> rolledUp = everything(archive);
      assertThat(rolledUp).isEqualTo(fine);
      assertThat(statistics(archive)).isEqualTo(statistics);

      clock.turn(Duration.ofDays(7)); // hours now
      archive.writeNow();
      assertThat(everything(archive)).isEqualTo(fine);
      assertThat(statistics(archive)).isEqualTo(statistics);
      List<Flow> hours =
          HistoryReaderTest.records(disk(archive), TimeRange.ALWAYS, FlowFilter.ALL, 100);
      assertThat(hours).hasSizeLessThan(records);
      assertThat(sum(hours).bytesIn()).isEqualTo(sum(fine).bytesIn());
    }
  }

  private static List<PolicyStatistic> statistics(Archive archive) {
    return disk(archive)
        .statistics(
            new StatisticsQuery(
                TimeRange.ALWAYS,
                StatisticType.BYTES,
                StatisticsGroup.POLICY_RULE,
                null,
                Duration.ofHours(1)));
  }

  @Test
  void oldDaysGo() throws Exception {
    try (Archive archive = open()) {
      accept(archive, clock.instant(), 10);
      closeBuckets(archive);
      clock.turn(Duration.ofDays(20));
      accept(archive, clock.instant(), 10);
      closeBuckets(archive);
      clock.turn(Duration.ofHours(2));
      archive.writeNow();
      assertThat(archive.status().oldest()).isEqualTo(Instant.parse("2026-11-20T00:00:00Z"));
      clock.turn(Duration.ofDays(11));
      archive.writeNow();
      assertThat(archive.status().oldest()).isEqualTo(Instant.parse("2026-12-10T00:00:00Z"));
      assertThat(everything(archive))
          .allSatisfy(
              flow -> assertThat(flow.start()).isAfter(Instant.parse("2026-12-10T00:00:00Z")));
    }
  }

  @Test
  void whenPoliciesWereLastUsedOutlivesTheirDays() throws Exception {
    Map<PolicyName, Instant> before;
    try (Archive archive = open()) {
      accept(archive, clock.instant(), 10);
      closeBuckets(archive);
      before = lastUses(archive, TimeRange.ALWAYS);
      assertThat(before).isNotEmpty();
      for (int day = 0; day < 2; day++) { // Two days go, of which the later one counts.
        clock.turn(Duration.ofDays(1));
        accept(archive, clock.instant(), 1);
        closeBuckets(archive);
      }
      before = lastUses(archive, TimeRange.ALWAYS);
      clock.turn(Duration.ofDays(40));
      archive.writeNow();
      archive.writeNow();
      assertThat(everything(archive)).isEmpty();
    }
    try (Archive archive = open()) {
      assertThat(lastUses(archive, TimeRange.ALWAYS)).isEqualTo(before);
      assertThat(lastUses(archive, new TimeRange(clock.instant(), Instant.MAX))).isEmpty();
      assertThat(disk(archive).policyActivity(TimeRange.ALWAYS))
          .as("counts go with their days")
          .allSatisfy(activity -> assertThat(activity.allowed() + activity.denied()).isZero());
    }
  }

  private static Map<PolicyName, Instant> lastUses(Archive archive, TimeRange range) {
    return disk(archive).policyActivity(range).stream()
        .collect(Collectors.toMap(PolicyActivity::policy, PolicyActivity::lastUsed));
  }

  @Test
  void theOldestDaysGoWhenTheDatabaseIsTooLarge() throws Exception {
    ArchiveConfig small = ArchiveConfigs.keeping(directory, 1);
    try (Archive archive = open(small)) {
      for (int day = 0; day < 3; day++) {
        accept(archive, clock.instant(), 10);
        closeBuckets(archive);
        clock.turn(Duration.ofDays(1));
        archive.writeNow();
      }
      assertThat(archive.status().oldest())
          .as("all but the newest day are too much for one byte: %s", archive.status())
          .isEqualTo(Instant.parse("2026-11-22T00:00:00Z"));
    }
  }

  @Test
  void lateAndEarlyUpdatesAreCounted() throws Exception {
    try (Archive archive = open()) {
      accept(archive, START.minus(Duration.ofHours(23)), 1);
      accept(archive, START.minus(Duration.ofHours(25)), 2);
      accept(archive, START.plus(Duration.ofHours(1)), 4);
      closeBuckets(archive);
      assertThat(everything(archive)).hasSize(1);
      assertThat(drops.get(DropReason.ARCHIVE_LATE)).isEqualTo(2);
      assertThat(live.taken).as("who counts early ones, and late ones of their own").hasSize(7);
    }
  }

  @Test
  void tooManyKeysAreCountedAndStayInTheLiveBuckets() throws Exception {
    try (Archive archive = open(ArchiveConfigs.withKeys(directory, 5))) {
      List<FlowUpdate> updates = keys.stream().map(key -> flows.update(key, START)).toList();
      archive.accept(updates).get();
      closeBuckets(archive);
      assertThat(everything(archive)).hasSize(5);
      assertThat(live.taken).hasSize(updates.size());
      assertThat(drops.get(DropReason.ARCHIVE_FULL)).isEqualTo(updates.size() - 5L);
    }
  }

  @Test
  void aBackupAnswersAsTheHistoryDid() throws Exception {
    Path backup = directory.resolve("backup");
    List<Flow> original;
    try (Archive archive = open(ArchiveConfig.in(directory.resolve("history")))) {
      accept(archive, START, 50);
      closeBuckets(archive);
      clock.turn(Duration.ofHours(2));
      accept(archive, clock.instant(), 50);
      closeBuckets(archive);
      original = everything(archive);
      Files.createDirectories(backup);
      archive.backupTo(backup.resolve(Database.FILE));
      accept(archive, clock.instant(), 50); // it goes on
      assertThatThrownBy(() -> archive.backupTo(backup.resolve(Database.FILE)))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("exists");
    }
    try (Archive restored = open(ArchiveConfig.in(backup))) {
      assertThat(everything(restored)).isEqualTo(original);
    }
  }

  @Test
  void closedArchivesTakeNothing() throws Exception {
    Archive archive = open();
    archive.close();
    assertThat(archive.accept(List.of())).isCompletedExceptionally();
  }
}
