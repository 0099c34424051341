package io.margay.agents.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.margay.agents.call.AgentCall;
import io.margay.agents.call.AgentDecision;
import io.margay.agents.call.Caller;
import io.margay.agents.call.Target;
import io.margay.agents.call.User;
import io.margay.agents.call.Verdict;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Records as bytes, and back. */
class RecordJsonTest {

  @Test
  void aDecisionIsWrittenInOneForm() {
    byte[] record = record(Samples.permitted(7));
    assertThat(new String(record, StandardCharsets.UTF_8))
        .isEqualTo(
            "{\"event\":{\"action\":\"invokeTool\",\"at\":\"2026-11-27T10:00:00Z\",\"caller\":{"
                + "\"chain\":[\"spiffe://example.org/agent/support\"],\"depth\":1,"
                + "\"scope\":[\"read:crm\"],\"token\":\"jti-hop7\","
                + "\"user\":{\"issuer\":\"https://login.example.org\",\"subject\":\"alice\"},"
                + "\"workload\":\"spiffe://example.org/agent/support\"},"
                + "\"decision\":{\"enforced\":{\"policies\":[\"care-reads-crm\"],"
                + "\"reason\":\"because care-reads-crm says so\",\"tier\":\"company\","
                + "\"verdict\":\"PERMIT\"},\"pending\":{\"policies\":[\"care-reads-crm\"],"
                + "\"reason\":\"because care-reads-crm says so\",\"tier\":\"company\","
                + "\"verdict\":\"PERMIT\"},\"policySet\":\"sha256:abc\","
                + "\"reads\":[\"principal.risk_level=low\"]},\"kind\":\"DECISION\","
                + "\"owner\":\"carol@example.org\",\"protocol\":\"MCP\","
                + "\"target\":{\"kind\":\"TOOL\",\"name\":\"lookup\",\"server\":\"crm\"},"
                + "\"trace\":{\"hop\":\"hop7\",\"span\":\"0000000000000007\","
                + "\"trace\":\"00000000000000000000000000000007\"}},"
                + "\"previous\":\""
                + AuditRecord.NO_PREVIOUS
                + "\",\"sequence\":3,\"time\":\"2026-11-27T10:00:00Z\"}");
  }

  @Test
  void everyKindIsReadAsItWasWritten() {
    for (Draft draft : Samples.ofEveryKind()) {
      AuditRecord read = RecordJson.read(record(draft));
      assertThat(read.event()).isEqualTo(withoutGroups(draft.event()));
    }
  }

  private static AuditEvent withoutGroups(AuditEvent event) {
    return new AuditEvent(
        event.kind(),
        event.at(),
        event.about(),
        event.trace(),
        event
            .caller()
            .map(caller ->
                new Caller(
                    caller.workload(),
                    caller.user().map(user -> new User(user.issuer(), user.subject(), List.of())),
                    caller.chain(),
                    caller.tokenId(),
                    caller.scope())),
        event.attempt(),
        event.decision(),
        event.owner(),
        event.actor(),
        event.status(),
        event.latency(),
        event.payload(),
        event.details());
  }

  @Test
  void whatCallersChooseCannotMakeRecordsLarge() {
    AgentCall call =
        Samples.call(
            List.of(Samples.SUPPORT),
            new Target(Target.Kind.TOOL, "crm", "x".repeat(1_000_000)),
            Samples.trace(1, "h"));
    AgentDecision decision =
        new AgentDecision(
            Samples.decided(Verdict.DENY, "p").enforced(),
            Samples.decided(Verdict.DENY, "p").pending(),
            "hash",
            List.of("e".repeat(100_000)),
            IntStream.range(0, 10_000).mapToObj(i -> "context.arguments.a" + i + "=1").toList());
    byte[] event = RecordJson.event(Draft.decision(call, decision).event());
    assertThat(event).hasSizeLessThan(RecordJson.MAX_EVENT);
    assertThat(new String(event, StandardCharsets.UTF_8))
        .contains("xx\u2026 (999016 more characters)")
        .containsPattern("\u2026 \\(9\\d{3} more\\)");
    byte[] record = RecordJson.record(event, AuditRecord.NO_PREVIOUS, 3, Samples.NOW);
    assertThat(RecordJson.text(RecordJson.read(record)))
        .isEqualTo(new String(record, StandardCharsets.UTF_8));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{} | sequence is missing",
        "[] | not a JSON object",
        "{\"sequence\":1,\"sequence\":1} | not JSON",
        "{\"sequence\":1}{} | not JSON",
        "{\"b\":1,\"a\":2} | not in canonical form",
        "{ \"a\":1} | not in canonical form",
        "{\"sequence\":1,\"time\":\"yesterday\"} | time is not a time such as",
      })
  void otherBytesAreRefused(String bytes, String reason) {
    assertThatThrownBy(() -> RecordJson.read(bytes.getBytes(StandardCharsets.UTF_8)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(reason);
  }

  @Test
  void payloadsAreHashedInTheirCanonicalForm() throws IOException {
    byte[] key = new byte[32];
    for (int i = 0; i < key.length; i++) {
      key[i] = (byte) i;
    }
    JsonMapper json =
        JsonMapper.builder().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).build();
    // The value was computed with Python's hmac.
    assertThat(new PayloadKey(key).hash(json.readTree("{ \"b\": 2.5, \"a\": [1, \"x\\n\"] }")))
        .isEqualTo("hmac-sha256:86cf013b4204dbd37e354b0a92073429462a24471f033cb9dfa77090d8f8bde9");
  }

  private static byte[] record(Draft draft) {
    return RecordJson.record(
        RecordJson.event(draft.event()), AuditRecord.NO_PREVIOUS, 3, Samples.NOW);
  }

  @Test
  void aUserIsOptional() {
    AgentCall call = Samples.toolCall(1);
    Caller nobody =
        new Caller(call.caller().workload(), Optional.empty(), List.of("a"), "", List.of());
    AgentCall without =
        new AgentCall(
            call.protocol(),
            call.action(),
            nobody,
            call.target(),
            call.arguments(),
            call.trace(),
            call.at());
    assertThat(RecordJson.read(record(Draft.hold(1, without, "x", Samples.NOW))).event().caller())
        .contains(nobody);
  }
}
