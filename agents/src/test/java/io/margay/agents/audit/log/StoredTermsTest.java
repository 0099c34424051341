package io.margay.agents.audit.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.margay.agents.audit.AuditRecord;
import io.margay.agents.audit.Draft;
import io.margay.agents.audit.RecordJson;
import io.margay.agents.audit.Samples;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An index has of a record's bytes what the record itself would give. */
class StoredTermsTest {
  private static final Instant TIME = Instant.parse("2026-11-27T10:00:00.123456Z");

  @Test
  void theWordsAreThoseOfTheRecord() {
    for (Draft draft : Samples.ofEveryKind()) {
      byte[] bytes =
          RecordJson.record(RecordJson.event(draft.event()), AuditRecord.NO_PREVIOUS, 3, TIME);
      Set<Long> words = new HashSet<>();
      long micros = StoredTerms.read(bytes, words::add);
      assertThat(words)
          .isEqualTo(
              Terms.of(RecordJson.read(bytes)).stream()
                  .map(Terms::hash)
                  .collect(Collectors.toSet()));
      assertThat(micros).isEqualTo(1_795_773_600_123_456L);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "{\"event\":{}",
        "{\"event\":{}}",
        "{\"event\":[],\"time\":\"2026-11-27T10:00:00Z\"}",
        "{\"event\":{\"kind\":{\"a\":1}},\"time\":\"2026-11-27T10:00:00Z\"}",
        "{\"event\":{},\"time\":\"yesterday\"}"
      })
  void whatIsNoRecordIsSaidToBeNone(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    assertThatThrownBy(() -> StoredTerms.read(bytes, word -> {}))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
