package io.margay.app.agents;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.margay.app.agents.lab.AgentsDemo;
import io.margay.app.lab.Privileges;
import io.margay.app.process.Foreground;
import io.margay.app.state.StateFolder;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The company of agents at work: real TLS, tokens, policies, approvals, and a log on disk. */
class AgentsDemoTest {
  @TempDir Path folder;

  @Test
  @Timeout(120)
  void chainsAreInTheAuditLogAndNothingHappensWithoutARecord() throws Exception {
    Path file = folder.resolve("report.json");
    StringWriter out = new StringWriter();
    boolean good;
    try (Foreground foreground = Foreground.begin()) {
      // One round, since its time is over already.
      AgentsDemo.Settings settings =
          new AgentsDemo.Settings(Duration.ZERO, file, 0, new StateFolder(folder.resolve("state")));
      good = new AgentsDemo(settings, foreground, new PrintWriter(out)).run();
    }
    JsonNode report = new JsonMapper().readTree(file.toFile());
    assertThat(good).as(() -> report.toPrettyString() + out).isTrue();
    assertThat(report.path("callsWithoutRecord").asLong()).isZero();
    assertThat(report.path("surprises").asLong()).isZero();
    assertThat(report.path("auditVerified").asBoolean()).isTrue();
    assertThat(report.path("tamperingFound").asBoolean()).isTrue();
    assertThat(report.path("approved").asLong()).isPositive();
    assertThat(report.path("refused").asLong()).isPositive();
    assertThat(report.path("denied").asLong()).isPositive();
    assertThat(report.path("pendingDiffers").asLong()).isPositive();
    assertThat(report.path("haltMillis").asLong()).isLessThan(1_000);
    assertThat(report.path("deniedAfterHalt").asBoolean()).isTrue();
    assertThat(report.path("redirected").asText())
        .isEqualTo(Privileges.lacking().isEmpty() ? "researcher" : "");

    JsonNode deepest = last(report.path("chain"), "invokeTool");
    assertThat(deepest.path("user").asText()).isEqualTo("alice");
    assertThat(texts(deepest.path("agents")))
        .containsExactly(
            "spiffe://company.example/agent/assistant",
            "spiffe://company.example/agent/planner",
            "spiffe://company.example/agent/analyst");
    assertThat(texts(deepest.path("policies"))).containsExactly("finance-reads");
    assertThat(texts(deepest.path("reads")))
        .anySatisfy(read -> assertThat(read).contains("risk_level").contains("low"));
  }

  private static JsonNode last(JsonNode chain, String action) {
    return StreamSupport.stream(chain.spliterator(), false)
        .filter(hop -> hop.path("action").asText().equals(action))
        .reduce((_, later) -> later)
        .orElseThrow();
  }

  private static List<String> texts(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false).map(JsonNode::asText).toList();
  }
}
