package io.margay.app.cli.audit;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.margay.agents.audit.Draft;
import io.margay.agents.audit.log.AuditKeys;
import io.margay.agents.audit.log.DurableAuditLog;
import io.margay.agents.audit.log.LogSettings;
import io.margay.agents.call.AgentCall;
import io.margay.agents.call.AgentDecision;
import io.margay.agents.call.Caller;
import io.margay.agents.call.Protocol;
import io.margay.agents.call.Ruling;
import io.margay.agents.call.Target;
import io.margay.agents.call.TraceContext;
import io.margay.agents.call.User;
import io.margay.agents.call.Verdict;
import io.margay.app.Main;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The command line of the audit log, on a log with three hops of one task. */
class AuditCommandTest {
  private static final Instant NOW = Instant.parse("2026-11-27T10:00:00Z");
  private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
  private static final String SUPPORT = "spiffe://example.org/agent/support";
  private static final String BILLING = "spiffe://example.org/agent/billing";

  @TempDir Path folder;
  private Path log;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @BeforeEach
  void write() throws IOException {
    log = folder.resolve("audit");
    AuditKeys keys = AuditKeys.loadOrCreate(folder.resolve("keys"), "test.example/audit");
    try (DurableAuditLog opened =
        DurableAuditLog.open(log, keys, LogSettings.defaults(), () -> NOW)) {
      AgentCall first =
          call(List.of(SUPPORT), new Target(Target.Kind.AGENT, "billing", ""), "s", "hop1");
      long sequence =
          opened
              .append(Draft.decision(first, decided(Verdict.PERMIT, "care-asks-billing")))
              .sequence();
      AgentCall second =
          call(
              List.of(SUPPORT, BILLING),
              new Target(Target.Kind.TOOL, "ledger", "book\u001b[31m"),
              "hop1",
              "hop2");
      opened.append(
          Draft.decision(second, decided(Verdict.DENY, "nobody-books")).withOwner("carol"));
      opened.append(Draft.outcome(sequence, first, "200", NOW, Duration.ofMillis(31)));
    }
  }

  private static AgentCall call(List<String> chain, Target target, String span, String hop) {
    return new AgentCall(
        target.kind() == Target.Kind.AGENT ? Protocol.A2A : Protocol.MCP,
        target.kind() == Target.Kind.AGENT ? "sendMessage" : "invokeTool",
        new Caller(
            chain.getLast(),
            Optional.of(new User("https://login.example.org", "alice", List.of())),
            chain,
            "jti",
            List.of()),
        target,
        JsonNodeFactory.instance.objectNode(),
        new TraceContext(TRACE, span, hop),
        NOW);
  }

  private static AgentDecision decided(Verdict verdict, String policy) {
    Ruling ruling = new Ruling(verdict, "company", List.of(policy), "so it is", Optional.empty());
    return new AgentDecision(
        ruling, ruling, "hash", List.of(), List.of("principal.risk_level=low"));
  }

  private int run(String... args) {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    CommandLine line = Main.commandLine();
    line.setOut(new PrintWriter(out));
    line.setErr(new PrintWriter(err));
    return line.execute(args);
  }

  @Test
  void aReportForTheEuAiActComesFromTheLogAlone() throws IOException {
    Path file = folder.resolve("report.json");
    assertThat(
            run("audit", "report", "--eu-ai-act", "--dir", log.toString(), "-o", file.toString()))
        .as(err.toString())
        .isZero();
    JsonNode report = new JsonMapper().readTree(file.toFile());
    assertThat(report.path("articles").findValuesAsText("article"))
        .containsExactly("12", "13", "14");
    assertThat(report.path("notCovered")).isNotEmpty();
    assertThat(run("audit", "report", "--eu-ai-act", "--dir", log.toString())).isZero();
    assertThat(out.toString())
        .contains("## Article 14: Human oversight")
        .contains("| decisions | 2 | DECISION |")
        .contains("| decisions that name the owner | 1 of 2 | owner of DECISION |")
        .contains("| calls that were denied | 1 | DECISION |")
        .contains("## Not covered");
  }

  @Test
  void recordsAreFound() {
    assertThat(run("audit", "query", "--dir", log.toString(), "--user", "alice")).isZero();
    assertThat(out.toString())
        .contains("care-asks-billing")
        .contains("company/nobody-books")
        .contains("200 in 31 ms, of 1")
        .doesNotContain("\u001b");
    assertThat(run("audit", "query", "--dir", log.toString(), "--verdict", "deny", "-o", "json"))
        .isZero();
    assertThat(out.toString().lines().toList()).hasSize(1);
    assertThat(out.toString()).contains("\"sequence\":2").contains("\\u001b[31m");
    assertThat(run("audit", "query", "--dir", log.toString(), "--limit", "1")).isZero();
    assertThat(err.toString()).contains("--before 3");
    assertThat(run("audit", "query", "--dir", log.toString(), "--agent", "nobody")).isZero();
    assertThat(out.toString()).contains("No such records.");
  }

  @Test
  void aTraceIsATree() {
    assertThat(run("audit", "trace", TRACE, "--dir", log.toString())).isZero();
    assertThat(out.toString())
        .startsWith("user alice (https://login.example.org)\n└─ " + SUPPORT + " → sendMessage")
        .contains("AGENT billing: PERMIT")
        .contains("policy care-asks-billing in tier company: so it is")
        .contains("principal.risk_level=low")
        .contains("outcome 200 in 31 ms")
        .contains("   └─ " + BILLING + " → invokeTool TOOL ledger/book?[31m: DENY")
        .contains("owner carol, record 2");
    assertThat(run("audit", "trace", "unknown", "--dir", log.toString())).isEqualTo(1);
    assertThat(err.toString()).contains("no record has it");
  }

  @Test
  void aLogAndItsExportsAreVerified() throws IOException {
    assertThat(run("audit", "verify", "--dir", log.toString())).isZero();
    assertThat(out.toString())
        .contains("4 records, tree size 4, root ")
        .endsWith("1 checkpoint: verified\n");
    String lines = folder.resolve("audit.jsonl").toString();
    assertThat(run("audit", "export", "--dir", log.toString(), "--to", lines)).isZero();
    assertThat(run("audit", "verify", lines, "-o", "json")).isZero();
    assertThat(out.toString()).contains("\"verified\" : true").contains("\"treeSize\" : 4");
    String tiles = folder.resolve("tiles").toString();
    assertThat(run("audit", "export", "--dir", log.toString(), "--to", tiles, "--format", "tiles"))
        .isZero();
    String key = log.resolve("verifier-key").toString();
    String checkpoint = log.resolve("checkpoint").toString();
    assertThat(run("audit", "verify", tiles, "--key", key, "--checkpoint", checkpoint)).isZero();
    String extract = folder.resolve("extract.jsonl").toString();
    assertThat(
            run("audit", "export", "--dir", log.toString(), "--to", extract, "--verdict", "DENY"))
        .isZero();
    assertThat(out.toString()).startsWith("1 records written");
    assertThat(run("audit", "verify", extract, "--key", key)).isZero();
    assertThat(out.toString()).contains("note: an extract");

    Path segment = log.resolve("segments/00000000000000000000.log");
    byte[] bytes = Files.readAllBytes(segment);
    bytes[bytes.length / 2] ^= 1;
    Files.write(segment, bytes);
    assertThat(run("audit", "verify", "--dir", log.toString())).isEqualTo(1);
    assertThat(out.toString()).contains("record ").endsWith("NOT verified\n");
  }

  @Test
  void onlyWholeOldSegmentsArePruned() {
    assertThat(
            run(
                "audit",
                "prune",
                "--dir",
                log.toString(),
                "--keys",
                folder.resolve("keys").toString(),
                "--older-than-days",
                "1"))
        .isZero();
    assertThat(out.toString()).contains("no segment is that old");
    assertThat(
            run(
                "audit",
                "prune",
                "--dir",
                log.toString(),
                "--keys",
                folder.resolve("none").toString(),
                "--older-than-days",
                "1"))
        .isEqualTo(1);
    assertThat(err.toString()).contains("there are no keys");
  }

  @Test
  void aLogThatIsNotThereIsAnError() {
    assertThat(run("audit", "query", "--dir", folder.resolve("none").toString())).isEqualTo(1);
    assertThat(err.toString()).contains("there is no audit log");
    assertThat(run("audit")).isEqualTo(2);
  }
}
