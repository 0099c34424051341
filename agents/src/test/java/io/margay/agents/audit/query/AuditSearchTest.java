package io.margay.agents.audit.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.margay.agents.audit.AuditRecord;
import io.margay.agents.audit.Draft;
import io.margay.agents.audit.PayloadKey;
import io.margay.agents.audit.Samples;
import io.margay.agents.audit.log.AuditKeys;
import io.margay.agents.audit.log.DurableAuditLog;
import io.margay.agents.audit.log.LogFiles;
import io.margay.agents.audit.log.LogSettings;
import io.margay.agents.audit.merkle.NoteSigner;
import io.margay.agents.call.AgentCall;
import io.margay.agents.call.Target;
import io.margay.agents.call.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Records are found by what they say. */
@Timeout(180)
class AuditSearchTest {
  private static final LogSettings SETTINGS =
      new LogSettings(256, 0, Duration.ofHours(1), 1_000_000, 2_000_000);
  private static final List<String> POLICIES = List.of("a", "b", "c");

  @TempDir Path folder;
  private final AuditKeys keys =
      new AuditKeys(
          new NoteSigner("test.example/audit", NoteSigner.generate()),
          new PayloadKey(new byte[PayloadKey.SIZE]));
  private Instant now = Samples.NOW;

  private DurableAuditLog open() throws IOException {
    return DurableAuditLog.open(folder, keys, SETTINGS, () -> now);
  }

  private static Draft draft(int i) {
    AgentCall call =
        Samples.call(
            List.of(i % 3 == 0 ? Samples.SUPPORT : Samples.BILLING),
            new Target(Target.Kind.TOOL, "server" + i % 5, "tool" + i % 7),
            Samples.trace(i / 4, "h"));
    return Draft.decision(
        call, Samples.decided(i % 10 == 0 ? Verdict.DENY : Verdict.PERMIT, POLICIES.get(i % 3)));
  }

  private void fill(DurableAuditLog log, int count) throws IOException {
    for (int i = 0; i < count; i++) {
      log.append(draft(i));
      now = now.plusMillis(250);
    }
  }

  private List<AuditRecord> all(AuditSearch search) throws IOException {
    return search.find(AuditQuery.newest().limit(100_000)).records();
  }

  @Test
  void randomQuestionsAreAnsweredAsByReadingEverything() throws IOException {
    try (DurableAuditLog log = open()) {
      fill(log, 1_000);
    }
    AuditSearch search = new AuditSearch(new LogFiles(folder));
    List<AuditRecord> all = all(search);
    assertThat(all).hasSize(1_001);
    Random random = new Random(5);
    for (int round = 0; round < 60; round++) {
      AuditQuery query = question(random);
      List<AuditRecord> expected = all.stream().filter(query::wants).toList();
      List<AuditRecord> found = new ArrayList<>();
      OptionalLong before = OptionalLong.empty();
      do {
        AuditPage page = search.find(query.before(before).limit(1 + random.nextInt(90)));
        found.addAll(page.records());
        before = page.before();
      } while (before.isPresent());
      assertThat(found).as(query.toString()).isEqualTo(expected);
    }
  }

  private static AuditQuery question(Random random) {
    AuditQuery query = AuditQuery.newest();
    if (random.nextBoolean()) {
      query = query.with("agent", random.nextBoolean() ? Samples.SUPPORT : Samples.BILLING);
    }
    if (random.nextInt(3) == 0) {
      query = query.with("policy", POLICIES.get(random.nextInt(3)));
    }
    if (random.nextInt(3) == 0) {
      int server = random.nextInt(6);
      query =
          query.with(
              "target", random.nextBoolean() ? "server" + server : "server" + server + "/tool1");
    }
    if (random.nextInt(4) == 0) {
      query = query.with("verdict", random.nextBoolean() ? "DENY" : "PERMIT");
    }
    Optional<Instant> since = Optional.empty();
    Optional<Instant> until = Optional.empty();
    if (random.nextBoolean()) {
      since = Optional.of(Samples.NOW.plusMillis(random.nextInt(300_000)));
    }
    if (random.nextBoolean()) {
      until = Optional.of(Samples.NOW.plusMillis(random.nextInt(300_000)));
    }
    return query.between(since, until);
  }

  @Test
  void aLogIsAskedWhileItIsWritten() throws IOException {
    AuditSearch search = new AuditSearch(new LogFiles(folder));
    AuditQuery denied = AuditQuery.newest().with("verdict", "DENY").with("user", "alice");
    try (DurableAuditLog log = open()) {
      for (int round = 1; round <= 6; round++) {
        fill(log, 100);
        assertThat(search.find(denied).records()).hasSize(10 * round);
      }
      assertThat(
              search
                  .find(
                      AuditQuery.newest().with("user", Samples.ALICE.issuer() + "#alice").limit(1))
                  .records())
          .extracting(AuditRecord::sequence)
          .containsExactly(600L);
    }
  }

  @Test
  void anIndexThatIsMissingOrDamagedIsMadeAgain() throws IOException {
    try (DurableAuditLog log = open()) {
      fill(log, 600);
    }
    LogFiles files = new LogFiles(folder);
    AuditQuery query = AuditQuery.newest().with("policy", "a").limit(1_000);
    List<AuditRecord> expected = new AuditSearch(files).find(query).records();
    byte[] index = Files.readAllBytes(files.index(0));
    Files.write(files.index(0), java.util.Arrays.copyOf(index, index.length / 2));
    Files.deleteIfExists(files.index(256));
    assertThat(new AuditSearch(files).find(query).records()).isEqualTo(expected).hasSize(200);
    assertThat(files.index(0)).hasBinaryContent(index);
    assertThat(files.index(256)).exists();
  }

  @Test
  void whatHappenedToADecisionIsFound() throws IOException {
    try (DurableAuditLog log = open()) {
      long sequence = log.append(draft(1)).sequence();
      AgentCall call = Samples.toolCall(1);
      log.append(Draft.hold(sequence, call, "approval-1", now));
      log.append(Draft.approval(sequence, call, "approval-1", "dave", "approved", now));
      log.append(Draft.outcome(sequence, call, "200", now, Duration.ofMillis(3)));
      assertThat(new AuditSearch(new LogFiles(folder)).about(sequence))
          .extracting(record -> record.event().kind().name())
          .containsExactly("HOLD", "APPROVAL", "OUTCOME");
      assertThat(
              new AuditSearch(new LogFiles(folder))
                  .find(AuditQuery.newest().with("actor", "dave"))
                  .records())
          .hasSize(1);
    }
  }

  @Test
  void limitsAreChecked() {
    assertThatThrownBy(() -> AuditQuery.newest().limit(0)).hasMessageContaining("1 to 100000");
  }
}
