package io.margay.console;

import io.margay.console.access.Authenticator;
import io.margay.console.access.Authorizer;
import io.margay.console.access.Permissions;
import io.margay.console.http.RequestObserver;
import io.margay.console.signin.PasswordFile;
import io.margay.console.signin.SignInMethods;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The pages of agents in a real browser, over a gateway's own parts. */
class AgentsBrowserTest {
  private static final String PASSWORD = "correct horse battery staple";

  /** No two payments are the same: a refusal stands for all that are. */
  private final AtomicLong payments = new AtomicLong(100);

  @TempDir Path folder;

  @BeforeEach
  void needABrowserAndThePage() {
    BrowserTests.needABrowserAndThePage();
  }

  @Test
  @Timeout(value = 10, unit = TimeUnit.MINUTES)
  void thePagesDoWhatTheyShould() throws Exception {
    PasswordFile passwords = new PasswordFile(folder.resolve("passwords"));
    passwords.put("admin", PASSWORD.toCharArray());
    try (LivelyAgents agents = new LivelyAgents(folder);
        ScheduledExecutorService life = Executors.newSingleThreadScheduledExecutor()) {
      agents.given(
          """
          apiVersion: projectcalico.org/v3
          kind: Tier
          metadata: {name: guardrails}
          spec: {order: 10}
          ---
          apiVersion: agents.margay.io/v1alpha1
          kind: Agent
          metadata: {name: idler}
          spec: {owner: dana, team: office, purpose: Waits, riskLevel: low, environment: test, version: "1"}
          ---
          apiVersion: agents.margay.io/v1alpha1
          kind: AgentHalt
          metadata: {name: stop-planner}
          spec: {selector: "team == 'nobody'", reason: nobody is in it}
          """);
      life.scheduleWithFixedDelay(() -> goOn(agents), 0, 500, TimeUnit.MILLISECONDS);
      try (ConsoleServer console =
          ConsoleServer.ofAgents(
              ConsoleConfig.loopback(0),
              agents.sources(),
              signIn(passwords),
              RequestObserver.NONE,
              Instant::now)) {
        console.start();
        BrowserTests.run(
            Map.of(
                "MARGAY_URL",
                console.uri().toString(),
                "MARGAY_AGENTS",
                "1",
                "MARGAY_USER",
                "admin",
                "MARGAY_PASSWORD",
                PASSWORD),
            "agents");
      }
    }
  }

  /** There is always something to decide about. */
  private void goOn(LivelyAgents agents) {
    agents.work("alice");
    if (agents.waiting() < 4) {
      agents.pay("alice", payments.incrementAndGet(), "Ada");
    }
  }

  private static SignInMethods signIn(PasswordFile passwords) {
    return new SignInMethods(
        Permissions.NONE,
        Authenticator.NOBODY,
        false,
        Optional.of(passwords),
        Optional.empty(),
        Optional.empty(),
        Authorizer.LOCAL);
  }
}
