package io.margay.app.cli.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.margay.agents.audit.AuditKind;
import io.margay.agents.audit.AuditRecord;
import io.margay.agents.audit.Draft;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class RecordTableTest {
  private static final Instant NOW = Instant.parse("2026-11-28T10:00:00Z");

  private static String printed(Draft draft) {
    StringWriter text = new StringWriter();
    RecordTable.print(
        List.of(new AuditRecord(3, NOW, AuditRecord.NO_PREVIOUS, draft.event())),
        new PrintWriter(text, true));
    return text.toString();
  }

  @Test
  void whoWasTurnedAwayIsShownWithPlaceAndReason() {
    Draft refused =
        Draft.plain(AuditKind.TOKEN, "refused", NOW)
            .withDetail("at", "mcp/crm")
            .withDetail("reason", "no client certificate");
    assertThat(printed(refused)).contains("mcp/crm", "refused", "no client certificate");
  }

  @Test
  void aChangeOfAPolicyNamesIt() {
    Draft change = Draft.policyChange("AgentPolicy/reads", "changed", "", "hash", NOW);
    assertThat(printed(change)).contains("POLICY_CHANGE", "AgentPolicy/reads", "changed");
  }
}
