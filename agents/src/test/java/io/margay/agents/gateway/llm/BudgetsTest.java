package io.margay.agents.gateway.llm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.margay.agents.gateway.llm.Budgets.Exceeded;
import io.margay.agents.gateway.llm.Budgets.Reservation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BudgetsTest {
  private static final Account DAILY =
      new Account("daily", "agent:a", 1_000, Long.MAX_VALUE, Duration.ofDays(1));
  private static final Account COSTS =
      new Account("costs", "team:x", Long.MAX_VALUE, 5_000_000, Duration.ofHours(1));

  @TempDir Path folder;
  private volatile Instant now = Instant.parse("2026-11-28T10:30:00Z");

  private Path file() {
    return folder.resolve("budgets.jsonl");
  }

  private Budgets open() throws IOException {
    return Budgets.open(file(), () -> now);
  }

  @Test
  void whatIsSpentIsStillSpentAfterARestart() throws Exception {
    try (Budgets budgets = open()) {
      budgets.reserve(List.of(DAILY, COSTS), 600, 1_000_000).settle(400, 700_000);
    }
    try (Budgets budgets = open()) {
      assertThat(budgets.balances())
          .extracting(b -> b.key().owner(), Balance::tokens, Balance::cost, Balance::reservedTokens)
          .containsExactlyInAnyOrder(
              tuple("agent:a", 400L, 700_000L, 0L), tuple("team:x", 400L, 700_000L, 0L));
      assertThatThrownBy(() -> budgets.reserve(List.of(DAILY), 601, 0))
          .isInstanceOfSatisfying(
              Exceeded.class,
              e -> {
                assertThat(e.reason())
                    .isEqualTo(
                        "budget daily has 600 tokens left of 1000 tokens for agent:a until"
                            + " 2026-11-29T00:00:00Z, and this call may take 601 tokens");
                assertThat(e.retryAfterSeconds()).isEqualTo(13 * 3_600 + 1_800);
              });
      budgets.reserve(List.of(DAILY), 600, 0);
    }
  }

  @Test
  void aCallThatACrashEndedStaysReservedUntilItsWindowIsOver() throws Exception {
    // Not closed, as after a kill: what is reserved is in the file.
    open().reserve(List.of(DAILY, COSTS), 900, 5_000_000);
    for (int restart = 0; restart < 2; restart++) {
      try (Budgets budgets = open()) {
        assertThat(budgets.balances())
            .extracting(Balance::tokens, Balance::reservedTokens, Balance::reservedCost)
            .containsOnly(tuple(0L, 900L, 5_000_000L));
        assertThatThrownBy(() -> budgets.reserve(List.of(DAILY), 101, 0))
            .isInstanceOf(Exceeded.class);
      }
    }
    now = now.plus(Duration.ofHours(1));
    try (Budgets budgets = open()) {
      budgets.reserve(List.of(COSTS), 0, 5_000_000).cancel();
      assertThatThrownBy(() -> budgets.reserve(List.of(DAILY), 101, 0))
          .isInstanceOf(Exceeded.class);
      now = now.plus(Duration.ofDays(1));
      budgets.reserve(List.of(DAILY), 1_000, 0);
    }
  }

  @Test
  void allAccountsHaveRoomOrNothingIsReserved() throws Exception {
    try (Budgets budgets = open()) {
      assertThatThrownBy(() -> budgets.reserve(List.of(DAILY, COSTS), 10, 6_000_000))
          .isInstanceOfSatisfying(
              Exceeded.class,
              e ->
                  assertThat(e.reason())
                      .startsWith(
                          "budget costs has a cost of 5.000000 left of a cost of 5.000000"));
      assertThat(budgets.balances()).isEmpty();
    }
  }

  @Test
  void manyAtOnceNeverSpendMoreThanThereIs() throws Exception {
    AtomicLong reserved = new AtomicLong();
    try (Budgets budgets = open()) {
      List<Thread> threads = new ArrayList<>();
      for (int i = 0; i < 16; i++) {
        threads.add(
            Thread.startVirtualThread(() -> {
              try {
                while (true) {
                  budgets.reserve(List.of(DAILY), 7, 0).settle(7, 0);
                  reserved.addAndGet(7);
                }
              } catch (Exceeded | IOException e) {
                // Nothing is left.
              }
            }));
      }
      for (Thread thread : threads) {
        thread.join();
      }
      assertThat(reserved).hasValue(994);
    }
    try (Budgets budgets = open()) {
      assertThat(budgets.balances()).extracting(Balance::tokens).containsExactly(994L);
    }
  }

  @Test
  void halfALineIsCutOffAndADamagedOneStopsTheStart() throws Exception {
    try (Budgets budgets = open()) {
      budgets.reserve(List.of(DAILY), 300, 0).settle(300, 0);
    }
    Files.writeString(file(), "{\"reserved\":{\"id\":7,\"acc", StandardOpenOption.APPEND);
    try (Budgets budgets = open()) {
      assertThat(budgets.balances()).extracting(Balance::tokens).containsExactly(300L);
      budgets.reserve(List.of(DAILY), 100, 0);
    }
    try (Budgets budgets = open()) {
      assertThat(budgets.balances()).extracting(Balance::takenTokens).containsExactly(400L);
    }
    Files.writeString(file(), "garbage\n", StandardOpenOption.APPEND);
    assertThatThrownBy(this::open)
        .isInstanceOf(IOException.class)
        .hasMessageContaining("line 3")
        .hasMessageContaining("move the file away to begin with full budgets");
  }

  @Test
  void theFileStaysShort() throws Exception {
    Account wide = new Account("wide", "agent:a", 1_000_000, Long.MAX_VALUE, Duration.ofDays(1));
    try (Budgets budgets = Budgets.open(file(), 50, () -> now)) {
      Reservation open = budgets.reserve(List.of(wide), 5, 0);
      for (int i = 0; i < 100; i++) {
        budgets.reserve(List.of(wide), 10, 0).settle(1, 0);
      }
      try (var lines = Files.lines(file())) {
        assertThat(lines.count()).isLessThan(60);
      }
      assertThat(budgets.balances())
          .extracting(Balance::tokens, Balance::reservedTokens)
          .containsExactly(tuple(100L, 5L));
      open.settle(4, 0);
      open.settle(4, 0);
    }
    try (Budgets budgets = open()) {
      assertThat(budgets.balances())
          .extracting(Balance::tokens, Balance::reservedTokens)
          .containsExactly(tuple(104L, 0L));
    }
  }

  @Test
  void aFileThatCannotBeWrittenStopsCalls() throws Exception {
    Budgets budgets = open();
    budgets.close();
    assertThatThrownBy(() -> budgets.reserve(List.of(DAILY), 1, 0))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("cannot be written");
    assertThat(budgets.balances()).isEmpty();
    assertThat(budgets.reserve(List.of(), 1, 0).tokens()).isEqualTo(1);
  }
}
