package io.margay.agents.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WrittenTimeTest {
  @Test
  void whatAnInstantWritesIsReadBack() {
    Random random = new Random(7);
    for (int i = 0; i < 100_000; i++) {
      int nanos = random.nextInt(1_000_000_000);
      Instant time =
          Instant.ofEpochSecond(
              random.nextLong(-62_167_219_200L, 253_402_300_800L),
              switch (i % 4) {
                case 0 -> 0;
                case 1 -> nanos / 1_000_000 * 1_000_000;
                case 2 -> nanos / 1_000 * 1_000;
                default -> nanos;
              });
      assertThat(WrittenTime.parse(time.toString())).isEqualTo(time);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "2026-11-27T10:00:00.5Z",
        "2026-11-27T10:00:00.Z",
        "2026-11-27T10:00:00+01:00",
        "2026-11-27T24:00:00Z",
        "+12026-11-27T10:00:00Z",
        "-0001-11-27T10:00:00Z",
        "2026-11-27t10:00:00z"
      })
  void otherFormsAreReadAsTheJdkDoes(String text) {
    assertThat(WrittenTime.parse(text)).isEqualTo(Instant.parse(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "Z",
        "2026-11-27",
        "2026-11-27T10:00:00",
        "2026-11-27T10:00:00.1234567890Z",
        "2026-02-30T10:00:00Z",
        "2026-13-01T10:00:00Z",
        "2026-11-27T25:00:00Z",
        "2026-11-27T10:60:00Z",
        "2026-11-27 10:00:00Z",
        "2026-11-27T10:00:00.12x4Z"
      })
  void whatIsNoTimeIsRefused(String text) {
    assertThatThrownBy(() -> WrittenTime.parse(text)).isInstanceOf(DateTimeException.class);
  }
}
