package io.margay.agents.gateway.parts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.margay.agents.approval.ApprovalDesk;
import io.margay.agents.approval.Approver;
import io.margay.agents.audit.AuditKind;
import io.margay.agents.audit.AuditRecord;
import io.margay.agents.audit.Samples;
import io.margay.agents.audit.log.AuditKeys;
import io.margay.agents.audit.log.DurableAuditLog;
import io.margay.agents.audit.log.LogFiles;
import io.margay.agents.audit.log.LogSettings;
import io.margay.agents.audit.query.AuditQuery;
import io.margay.agents.audit.query.AuditSearch;
import io.margay.agents.audit.verify.Report;
import io.margay.agents.audit.verify.Verifier;
import io.margay.agents.call.Verdict;
import io.margay.store.local.MemoryStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UpkeepTest {
  private static final int SEGMENT = 256;

  @TempDir Path folder;
  private volatile Instant now = Samples.NOW;
  private final MemoryStore store = new MemoryStore();
  private AuditKeys keys;
  private DurableAuditLog log;
  private ApprovalDesk desk;

  @BeforeEach
  void open() throws Exception {
    keys = AuditKeys.loadOrCreate(folder.resolve("keys"), "gateway.example/audit");
    log =
        DurableAuditLog.open(
            folder.resolve("audit"),
            keys,
            new LogSettings(SEGMENT, 0, Duration.ofHours(1), 100, 10_000),
            () -> now);
    desk = new ApprovalDesk(store, () -> now, () -> "held-1", 5);
  }

  @AfterEach
  void close() throws Exception {
    desk.close();
    log.close();
    store.close();
  }

  private void append(int records) throws Exception {
    for (int i = 0; i < records; i++) {
      log.append(Samples.permitted(i));
    }
  }

  private void look(Upkeep.Keep keep) {
    try (Upkeep upkeep = new Upkeep(log, desk, keep, () -> now)) {
      upkeep.look();
    }
  }

  private LogFiles files() {
    return new LogFiles(folder.resolve("audit"));
  }

  private Upkeep.Keep days(int days) {
    return new Upkeep.Keep(
        Optional.of(Duration.ofDays(days)), OptionalLong.empty(), Duration.ofDays(30));
  }

  private List<AuditRecord> prunings() throws Exception {
    return new AuditSearch(files())
        .find(AuditQuery.newest().with("kind", AuditKind.PRUNE.name()))
        .records();
  }

  private Report verified() throws Exception {
    return Verifier.verify(
        folder.resolve("audit"), Optional.of(keys.signer().verifier()), List.of());
  }

  @Test
  void recordsGoWhenTheyAreOldEnoughAndLeaveTheirProof() throws Exception {
    append(2 * SEGMENT);
    look(days(180));
    assertThat(files().segmentStarts()).startsWith(0L);
    assertThat(prunings()).isEmpty();

    now = now.plus(Duration.ofDays(181));
    append(SEGMENT);
    look(days(180));

    assertThat(files().segmentStarts()).startsWith(2L * SEGMENT);
    assertThat(prunings()).hasSize(1);
    assertThat(prunings().getFirst().event().details())
        .containsEntry("before", now.minus(Duration.ofDays(180)).toString())
        .containsEntry("end", "512");
    log.seal();
    assertThat(verified().problems()).isEmpty();
    assertThat(verified().remarks())
        .contains("records 0 to 511 were removed by retention; their hashes are left");
  }

  @Test
  void aLogThatTakesTooMuchRoomLosesItsOldestRecords() throws Exception {
    append(4 * SEGMENT);
    long segment = Files.size(files().segment(0));
    look(
        new Upkeep.Keep(
            Optional.of(Duration.ofDays(180)),
            OptionalLong.of(2 * segment + segment / 2),
            Duration.ofDays(30)));

    assertThat(files().segmentStarts()).startsWith(2L * SEGMENT);
    assertThat(prunings().getFirst().event().details()).containsKey("bytes");
    log.seal();
    assertThat(verified().problems()).isEmpty();
  }

  @Test
  void decidedApprovalsGoAfterAWhile() throws Exception {
    desk.ask(Samples.toolCall(1), "analyst", Samples.decided(Verdict.HOLD, "pay").enforced());
    desk.decide("held-1", new Approver("", "sue", Set.of("leads")), false, "no");
    now = now.plus(Duration.ofDays(29));
    look(days(180));
    assertThat(desk.list()).hasSize(1);
    now = now.plus(Duration.ofDays(2));
    look(days(180));
    assertThat(desk.list()).isEmpty();
  }

  @Test
  void itLooksByItself() throws Exception {
    append(2 * SEGMENT);
    now = now.plus(Duration.ofDays(181));
    append(1);
    try (Upkeep upkeep = new Upkeep(log, desk, days(180), () -> now)) {
      upkeep.start(Duration.ofHours(1));
      await()
          .atMost(Duration.ofSeconds(30))
          .untilAsserted(() -> assertThat(files().segmentStarts()).startsWith(2L * SEGMENT));
    }
  }
}
