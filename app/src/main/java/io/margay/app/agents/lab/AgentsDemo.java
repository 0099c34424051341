package io.margay.app.agents.lab;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.margay.agents.audit.AuditKind;
import io.margay.agents.call.Verdict;
import io.margay.app.agents.lab.GatewayClient.Task;
import io.margay.app.lab.DemoLock;
import io.margay.app.lab.Privileges;
import io.margay.app.process.AgentsConsole;
import io.margay.app.process.Foreground;
import io.margay.app.process.LocalSignIn;
import io.margay.app.process.Running;
import io.margay.app.state.StateFolder;
import io.margay.console.ConsoleConfig;
import io.margay.console.access.Permissions;
import io.margay.model.manifest.KubeObject;
import io.margay.model.manifest.Manifests;
import io.margay.store.ResourceStore;
import io.margay.store.apiserver.ApiServerConfig;
import io.margay.store.apiserver.EmbeddedApiServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * {@code margay demo --scenario agents}: six agents at work behind a gateway, until the time is
 * over. Then one of them is halted in the middle of a stream, and the audit log is asked what
 * happened.
 */
public final class AgentsDemo {
  private static final Duration NEWS = Duration.ofSeconds(10);
  private static final Duration PAUSE = Duration.ofMillis(500);

  /** What the end of a demo needs: the halt, and reading the log. */
  private static final Duration ENDING = Duration.ofSeconds(5);

  /** Who knows no gateway; also the one that is halted, so that this works there too. */
  private static final String REDIRECTED = "researcher";

  private static final String HALT =
      """
      apiVersion: agents.margay.io/v1alpha1
      kind: AgentHalt
      metadata: {name: stop-researcher}
      spec: {agent: researcher, reason: shown in the demo}
      """;

  private final Settings settings;
  private final Foreground foreground;
  private final PrintWriter out;
  private final Instant startedAt =
      Instant.ofEpochMilli(ManagementFactory.getRuntimeMXBean().getStartTime());

  /**
   * What to run.
   *
   * @param runFor how long; null until somebody stops it
   * @param report where to write what happened; null for nowhere
   * @param consolePort of the page on 127.0.0.1, 0 for any
   */
  public record Settings(
      @Nullable Duration runFor, @Nullable Path report, int consolePort, StateFolder state) {}

  /** How a halt went. */
  private record Halted(long millis, boolean deniedAfter) {}

  /**
   * @param foreground stops what the demo starts, and tells when to end
   */
  public AgentsDemo(Settings settings, Foreground foreground, PrintWriter out) {
    this.settings = settings;
    this.foreground = foreground;
    this.out = out;
  }

  /**
   * Runs until the time is over or somebody ends it.
   *
   * @return whether all went as the policies say, and is recorded
   */
  public boolean run() throws IOException, InterruptedException {
    Running running = foreground.running();
    running.add(DemoLock.take(settings.state()));
    Path state = settings.state().root().resolve("agents-demo");
    StateFolder.remove(state);
    StateFolder.create(state);
    EmbeddedApiServer api =
        running.add(
            EmbeddedApiServer.start(
                new ApiServerConfig(
                    state.resolve("api"), ApiServerConfig.LOOPBACK, 0, List.of(), false)));
    Optional<String> lacking = Privileges.lacking();
    AgentCompany.Play play =
        new AgentCompany.Play(
            CompanyResources.policies(),
            Script.of(Script.documents("story.yaml").getFirst()),
            lacking.isEmpty() ? REDIRECTED : "");
    AgentCompany company =
        running.add(new AgentCompany(play, api.store(), state, InstantSource.system()));
    company.awaitReady();
    AgentsConsole console = running.add(startConsole(company, api.store(), state));
    welcome(api, state, console);
    sayWhoIsRedirected(lacking);

    Story story = new Story(company);
    play(company, story);

    Halted halted = halt(company, api.store());
    List<String> arrived = company.hopsThatArrived();
    // Closed first, so that the last outcomes and the last checkpoint are in the log.
    company.close();
    AuditFacts facts = new AuditFacts(AgentCompany.auditLog(state));
    AgentsReport report =
        new AgentsReport(
            facts.count(AuditKind.DECISION),
            facts.decisions(Verdict.PERMIT),
            facts.decisions(Verdict.DENY),
            facts.decisions(Verdict.HOLD),
            facts.withStatus(AuditKind.APPROVAL, "approved"),
            facts.withStatus(AuditKind.APPROVAL, "refused"),
            facts.pendingDiffers(),
            facts.longestChain(),
            facts.size(),
            facts.verify().isVerified(),
            facts.findsTampering(state),
            facts.withoutRecord(arrived),
            story.surprises(),
            halted.millis(),
            halted.deniedAfter(),
            play.redirected(),
            AgentCompany.auditLog(state).toString(),
            api.kubeconfig().toString());
    summary(report);
    return report.isGood();
  }

  private AgentsConsole startConsole(AgentCompany company, ResourceStore store, Path state)
      throws IOException {
    return AgentsConsole.start(
        new AgentsConsole.Config(
            ConsoleConfig.loopback(settings.consolePort()),
            new LocalSignIn(
                settings.state().demo(),
                LocalSignIn.passwords(settings.state()),
                Permissions.LOOK)),
        company.gateway(),
        store,
        AgentCompany.auditLog(state));
  }

  private void play(AgentCompany company, Story story) throws IOException, InterruptedException {
    Duration runFor = settings.runFor();
    Instant end = runFor == null ? Instant.MAX : startedAt.plus(runFor).minus(ENDING);
    Instant news = Instant.now().plus(NEWS);
    int rounds = 0;
    do {
      story.round();
      rounds++;
      if (!Instant.now().isBefore(news)) {
        say("%d rounds, %d records", rounds, company.gateway().audit().size());
        news = Instant.now().plus(NEWS);
      }
    } while (!foreground.awaitEnd(PAUSE) && Instant.now().isBefore(end));
  }

  /** Halts an agent while it reads a stream. */
  private Halted halt(AgentCompany company, ResourceStore store)
      throws IOException, InterruptedException {
    LabAgent researcher = company.agent("researcher");
    Task task = company.taskOfUser();
    KubeObject halt = Manifests.read("halt.yaml", HALT).objects().getFirst();
    long millis;
    try (InputStream stream = researcher.gateway().watch(task, "web")) {
      stream.readNBytes(1);
      long start = System.nanoTime();
      store.create(halt);
      drain(stream);
      millis = Duration.ofNanos(System.nanoTime() - start).toMillis();
    }
    ObjectNode query = LoopbackServer.JSON.createObjectNode().put("q", "more");
    boolean denied = researcher.gateway().callTool(task, "web", "search", query).has("error");
    say("researcher was halted: its stream ended after %d ms", millis);
    return new Halted(millis, denied);
  }

  private static void drain(InputStream stream) {
    try {
      stream.readAllBytes();
    } catch (IOException e) {
      // Cut off, as it has to be.
    }
  }

  private void welcome(EmbeddedApiServer api, Path state, AgentsConsole console)
      throws IOException {
    Path kubeconfig = api.kubeconfig();
    say("six agents, three tool servers and a model, behind one gateway");
    say("");
    say("  page        %s", console.uri());
    console.link().ifPresent(link -> say("  to sign in  %s", link));
    say("  kubeconfig  %s", kubeconfig);
    say("  audit log   %s", AgentCompany.auditLog(state));
    say("");
    say("try, in another terminal:");
    say("  ./margay get agents,agentpolicies --kubeconfig %s", kubeconfig);
    say("  ./margay audit query --dir %s --verdict deny", AgentCompany.auditLog(state));
    say("");
    if (!Files.isDirectory(AgentCompany.auditLog(state))) {
      throw new IOException("the audit log was not begun");
    }
  }

  private void sayWhoIsRedirected(Optional<String> lacking) {
    if (lacking.isEmpty()) {
      say(
          "%s knows no gateway: from a network namespace it calls servers at their own",
          REDIRECTED);
      say("addresses, and the kernel leads it here");
    } else {
      say("no agent is redirected from a network namespace: %s;", lacking.get());
      say("run the demo as root to see that");
    }
    say("");
  }

  private void summary(AgentsReport report) throws IOException {
    say(
        "%d calls: %d permitted, %d denied, %d held; %d approved, %d refused; %d that a staged"
            + " policy would turn",
        report.calls(),
        report.permitted(),
        report.denied(),
        report.held(),
        report.approved(),
        report.refused(),
        report.pendingDiffers());
    say("the longest chain, as the audit log has it:");
    for (AuditFacts.Hop hop : report.chain()) {
      say(
          "  %s%s for %s: %s of %s: %s by %s",
          "  ".repeat(Math.max(0, hop.agents().size() - 1)),
          name(hop.agents()),
          hop.user(),
          hop.action(),
          hop.target(),
          hop.verdict(),
          String.join(", ", hop.policies()));
    }
    say(
        "audit: %d records, %s; a changed byte and a missing record are %s; %d calls without a"
            + " record",
        report.auditRecords(),
        report.auditVerified() ? "verified" : "NOT VERIFIED",
        report.tamperingFound() ? "found" : "NOT FOUND",
        report.callsWithoutRecord());
    if (settings.report() != null) {
      report.write(settings.report());
    }
  }

  private static String name(List<String> chain) {
    return chain.isEmpty() ? "nobody" : chain.getLast().replaceFirst(".*/", "");
  }

  private void say(String format, Object... arguments) {
    out.println(format.formatted(arguments));
    out.flush();
  }
}
