package io.margay.app.process;

import io.margay.agents.gateway.parts.AgentGateway;
import io.margay.console.ConsoleConfig;
import io.margay.console.ConsoleServer;
import io.margay.console.agents.AgentSources;
import io.margay.console.telemetry.RequestTraces;
import io.margay.store.ResourceStore;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;

/** The page of a gateway, in the gateway's own process: that is where the audit log is written. */
public final class AgentsConsole implements AutoCloseable {
  private final ConsoleSignIn signIn;
  private final ConsoleServer server;

  /**
   * Where the page is and who may sign in.
   *
   * @param config address and port
   */
  public record Config(ConsoleConfig config, ConsoleSignIn signIn) {}

  private AgentsConsole(ConsoleSignIn signIn, ConsoleServer server) {
    this.signIn = signIn;
    this.server = server;
  }

  /**
   * Starts the page.
   *
   * @param store that the gateway reads its registry from
   * @param auditDirectory of the gateway's log
   * @throws IOException with a message for the user, when the address is taken for example
   */
  public static AgentsConsole start(
      Config config, AgentGateway gateway, ResourceStore store, Path auditDirectory)
      throws IOException {
    ConsoleServer server =
        ConsoleServer.ofAgents(
            config.config(),
            new AgentSources(
                store,
                gateway::registry,
                gateway.decider(),
                gateway.desk(),
                auditDirectory,
                gateway.audit()),
            // Agents are cluster-wide: there is no namespace to see them in.
            config.signIn().methods(Set::of),
            new RequestTraces(Telemetry.tracer()),
            InstantSource.system());
    AgentsConsole console = new AgentsConsole(config.signIn(), server);
    try {
      server.start();
      config.signIn().announce(server.uri());
    } catch (IOException | RuntimeException e) {
      console.close();
      throw e;
    }
    return console;
  }

  /** Where a browser finds the page. */
  public URI uri() {
    return server.uri();
  }

  /** Where a browser signs in, once; empty where it signs in otherwise. */
  public Optional<URI> link() {
    return signIn.link(uri());
  }

  @Override
  public void close() {
    signIn.withdraw();
    server.close();
  }
}
