package io.margay.app.cli.agents;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.margay.agents.approval.ApprovalDesk;
import io.margay.agents.audit.log.AuditKeys;
import io.margay.agents.audit.log.DurableAuditLog;
import io.margay.agents.audit.log.LogSettings;
import io.margay.agents.call.AgentCall;
import io.margay.agents.call.Caller;
import io.margay.agents.call.Protocol;
import io.margay.agents.call.Ruling;
import io.margay.agents.call.Target;
import io.margay.agents.call.TraceContext;
import io.margay.agents.call.Verdict;
import io.margay.agents.gateway.llm.Account;
import io.margay.agents.gateway.llm.Budgets;
import io.margay.agents.gateway.parts.BudgetStatus;
import io.margay.app.Main;
import io.margay.store.apiserver.ApiServerConfig;
import io.margay.store.apiserver.EmbeddedApiServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The commands about agents, against an API server over HTTPS. */
class AgentsCommandTest {
  private static final String WORLD =
      """
      apiVersion: agents.margay.io/v1alpha1
      kind: Agent
      metadata: {name: analyst}
      spec: {owner: ana@example.org, team: finance, riskLevel: low}
      ---
      apiVersion: agents.margay.io/v1alpha1
      kind: AgentGroup
      metadata: {name: finance-agents}
      spec: {selector: "team == 'finance'"}
      ---
      apiVersion: agents.margay.io/v1alpha1
      kind: ToolServer
      metadata: {name: ledger}
      spec:
        url: https://ledger.example.org/mcp
        owner: lea@example.org
        tools: [{name: read, readOnly: true}, {name: pay}]
      ---
      apiVersion: agents.margay.io/v1alpha1
      kind: AgentPolicy
      metadata: {name: reads}
      spec:
        cedar: |
          permit(principal in Group::"finance-agents", action == Action::"invokeTool", resource)
          when { resource.read_only };
      """;

  @TempDir static Path serverFolder;
  private static EmbeddedApiServer server;

  @TempDir Path folder;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @BeforeAll
  static void startServer() {
    server = EmbeddedApiServer.start(ApiServerConfig.local(serverFolder));
  }

  @AfterAll
  static void stopServer() {
    server.close();
  }

  private int run(String... words) {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    CommandLine command = Main.commandLine();
    command.setOut(new PrintWriter(out, true));
    command.setErr(new PrintWriter(err, true));
    return command.execute(words);
  }

  private int onServer(String... words) {
    String[] all = Arrays.copyOf(words, words.length + 2);
    all[words.length] = "--kubeconfig";
    all[words.length + 1] = server.kubeconfig().toString();
    return run(all);
  }

  private Path write(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  @Test
  void attacksTellWhoStoppedThemAndExitWith3WhenSomethingGotThrough() throws Exception {
    assertThat(run("agents", "redteam", "--attack", "costly-model", "-o", "json"))
        .as(err::toString)
        .isZero();
    assertThat(out.toString()).contains("\"STOPPED\"").contains("models/large");

    write(
        "weak.yaml",
        """
        apiVersion: projectcalico.org/v3
        kind: Tier
        metadata: {name: work}
        spec: {order: 100}
        ---
        apiVersion: agents.margay.io/v1alpha1
        kind: AgentPolicy
        metadata: {name: everything}
        spec: {tier: work, cedar: "permit(principal, action, resource);"}
        """);
    String weak = folder.toString();
    assertThat(run("agents", "redteam", "--attack", "costly-model", "--policies", weak))
        .as(err::toString)
        .isEqualTo(3);
    assertThat(out.toString())
        .contains("GOT THROUGH")
        .contains("models/large was reached 1 times")
        .contains("0 of 1 attacks were stopped");
  }

  @Test
  void aFolderIsShownAndChecked() throws IOException {
    write("world.yaml", WORLD);
    String from = folder.toString();

    assertThat(run("agents", "list", "--from", from)).as(err.toString()).isZero();
    assertThat(out.toString())
        .contains(
            "analyst   ana@example.org   finance   low    ready  "
                + " spiffe://margay.local/agent/analyst");
    assertThat(run("agents", "show", "analyst", "--from", from)).isZero();
    assertThat(out.toString())
        .contains("risk_level = \"low\"")
        .contains("in Group::\"finance-agents\"");
    assertThat(run("agents", "visible", "analyst", "--from", from)).isZero();
    assertThat(out.toString()).isEqualTo("ledger/read\n");
    assertThat(run("agents", "check", "--from", from)).isZero();
    assertThat(run("agents", "schema", "--from", from)).isZero();
    assertThat(out.toString()).contains("action \"invokeTool\" in [\"mcp\"]");

    write(
        "wrong.yaml",
        """
        apiVersion: agents.margay.io/v1alpha1
        kind: AgentPolicy
        metadata: {name: wrong}
        spec: {cedar: "permit(principal, action, resource) when { principal.risk_lvl };"}
        """);
    assertThat(run("agents", "check", "--from", from)).isEqualTo(2);
    assertThat(out.toString())
        .contains("AgentPolicy wrong, spec.cedar, line 1, column")
        .contains("risk_level");
    assertThat(run("agents", "policies", "--from", from)).isZero();
    assertThat(out.toString()).contains("default   wrong    Enforced      refused");
  }

  @Test
  void governanceIsAssessedWithItsEvidence() throws Exception {
    write("world.yaml", WORLD);
    Path audit = folder.resolve("gateway-audit");
    AuditKeys keys = AuditKeys.loadOrCreate(folder.resolve("keys"), "test.example/audit");
    DurableAuditLog.open(audit, keys, LogSettings.defaults(), Instant::now).close();
    String[] assess = {"agents", "assess", "--from", folder.toString(), "--audit"};

    assertThat(run(with(assess, folder.resolve("nowhere").toString()))).isNotZero();
    assertThat(run(with(assess, audit.toString()))).as(err.toString()).isZero();
    assertThat(out.toString())
        .contains("Human oversight: Who could have said no")
        .contains("Decisions are recorded")
        .contains("level 2, Recorded: not met")
        .contains("maturity: level 1 of 4");
  }

  private static String[] with(String[] arguments, String last) {
    String[] all = Arrays.copyOf(arguments, arguments.length + 1);
    all[arguments.length] = last;
    return all;
  }

  @Test
  void anAgentWithoutAnOwnerIsRefused() throws IOException {
    Path file =
        write(
            "agent.yaml",
            """
            apiVersion: agents.margay.io/v1alpha1
            kind: Agent
            metadata: {name: nobodys}
            spec: {team: finance, riskLvel: low}
            """);

    assertThat(onServer("apply", "-f", file.toString())).isNotZero();
    assertThat(err.toString())
        .contains("owner: missing")
        .contains("unknown field; did you mean riskLevel?");
  }

  @Test
  void haltsAreMadeAndEnded() throws IOException {
    Path file = write("world.yaml", WORLD);
    assertThat(onServer("apply", "-f", file.toString())).as(err.toString()).isZero();

    assertThat(onServer("agents", "halt", "nobody", "--reason", "x")).isNotZero();
    assertThat(onServer("agents", "halt", "analyst", "--reason", "it went mad", "--for", "1h"))
        .as(err.toString())
        .isZero();
    assertThat(onServer("agents", "list")).isZero();
    assertThat(out.toString()).contains("halted");
    assertThat(onServer("agents", "resume", "analyst")).isZero();
    assertThat(onServer("agents", "list")).isZero();
    assertThat(out.toString()).doesNotContain("halted").contains("ready");
  }

  @Test
  void heldCallsAreShownAndDecided() throws Exception {
    try (ApprovalDesk desk =
        new ApprovalDesk(server.store(), Clock.systemUTC(), () -> "approval-1", 5)) {
      AgentCall call = call();
      desk.ask(call, "analyst", held());

      assertThat(onServer("agents", "approvals", "list")).as(err.toString()).isZero();
      assertThat(out.toString()).contains("approval-1   analyst").contains("0/1");
      assertThat(onServer("agents", "approvals", "show", "approval-1")).isZero();
      assertThat(out.toString()).contains("{\"to\":\"\\u202ex\"}").contains("1 of security");

      assertThat(onServer("agents", "approvals", "approve", "approval-1", "--as", "otto"))
          .isNotZero();
      assertThat(err.toString()).contains("none of the groups");
      assertThat(
              onServer(
                  "agents",
                  "approvals",
                  "approve",
                  "approval-1",
                  "--as",
                  "sue",
                  "--group",
                  "security"))
          .as(err.toString())
          .isZero();
      assertThat(out.toString()).isEqualTo("approval-1 is approved\n");

      assertThat(desk.await("approval-1", Duration.ofSeconds(20)).name()).isEqualTo("APPROVED");
      desk.take("approval-1", call);
      assertThat(onServer("agents", "approvals", "list", "--all")).isZero();
      assertThat(out.toString()).contains("used").contains("1/1");
    }
  }

  @Test
  void budgetsAreShownWithWhatWasSpent() throws Exception {
    Path file =
        write(
            "budget.yaml",
            """
            apiVersion: agents.margay.io/v1alpha1
            kind: Budget
            metadata: {name: finance-daily}
            spec: {per: Team, tokens: 1000, cost: 2.5, windowSeconds: 86400}
            """);
    assertThat(run("agents", "budgets", "--from", folder.toString())).as(err.toString()).isZero();
    assertThat(out.toString()).contains("finance-daily   each Team   0").contains("2.5");

    assertThat(onServer("apply", "-f", file.toString())).as(err.toString()).isZero();
    try (Budgets budgets = new Budgets(Clock.systemUTC());
        Budgets others = new Budgets(Clock.systemUTC());
        BudgetStatus status =
            new BudgetStatus(server.store(), budgets, "gateway-a", Clock.systemUTC());
        BudgetStatus theirs =
            new BudgetStatus(server.store(), others, "gateway-b", Clock.systemUTC())) {
      Account team =
          new Account("finance-daily", "team:finance", 1_000, 2_500_000, Duration.ofDays(1));
      budgets.reserve(List.of(team), 100, 1_500_000).settle(80, 1_250_000);
      budgets.reserve(List.of(team), 50, 500_000);
      others.reserve(List.of(team), 20, 0).settle(15, 250_000);
      status.write();
      theirs.write();
    }
    assertThat(onServer("agents", "budgets")).as(err.toString()).isZero();
    assertThat(out.toString().lines().toList().getLast().split(" {2,}"))
        .startsWith("finance-daily", "team:finance", "95", "50", "1000", "1.5", "0.5", "2.5");
  }

  private static AgentCall call() {
    String workload = "spiffe://margay.local/agent/analyst";
    return new AgentCall(
        Protocol.MCP,
        "invokeTool",
        new Caller(workload, Optional.empty(), List.of(workload), "", List.of()),
        new Target(Target.Kind.TOOL, "ledger", "pay"),
        JsonNodeFactory.instance.objectNode().put("to", "\u202ex"),
        new TraceContext("trace", "span", "hop"),
        Clock.systemUTC().instant());
  }

  private static Ruling held() {
    return new Ruling(
        Verdict.HOLD,
        "default",
        List.of("pay"),
        "held",
        Optional.of(new Ruling.Hold(List.of("security"), 1, 600)));
  }
}
