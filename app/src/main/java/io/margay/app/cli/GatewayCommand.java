package io.margay.app.cli;

import io.margay.agents.gateway.http.UpstreamAuthorities;
import io.margay.agents.gateway.parts.AgentGateway;
import io.margay.agents.identity.user.TrustedIssuer;
import io.margay.app.cli.resources.StoreOptions;
import io.margay.app.process.AgentsConsole;
import io.margay.app.process.Foreground;
import io.margay.app.process.GatewayProcess;
import io.margay.app.state.StateFolder;
import io.margay.store.ResourceStore;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code margay gateway}. */
@Command(
    name = "gateway",
    description = {
      "The gateway of AI agents: their calls of tools (MCP), of each other (A2A) and of models go"
          + " through it.",
      "Agents connect with their SPIFFE identity (mutual TLS) and a user's token. What no"
          + " AgentPolicy permits is denied, and every decision is in the audit log before a call"
          + " goes on.",
      "Served are /mcp/TOOLSERVER, /a2a/AGENT and /llm/MODELPROVIDER; and, for enforcement points,"
          + " AuthZEN's /access/v1/evaluation(s) and Envoy's external authorization."
    },
    mixinStandardHelpOptions = true)
public final class GatewayCommand implements Runnable {
  private static final int LAST_PORT = 65_535;

  @Spec private CommandSpec spec;
  @Mixin private StoreOptions resources;
  @Mixin private ConsoleOptions page;
  @Mixin private ApprovalOptions approvals;
  @Mixin private RetentionOptions retention;

  @Option(
      names = "--name",
      paramLabel = "URL",
      required = true,
      description = "How tokens name this gateway, such as https://gateway.example.org.")
  private URI name = URI.create("");

  @Option(
      names = "--trust-domain",
      paramLabel = "DOMAIN",
      required = true,
      description = "The SPIFFE trust domain of agents that name no identity of their own.")
  private String trustDomain = "";

  @Option(
      names = "--issuer",
      paramLabel = "URL",
      description = "An OpenID provider whose access tokens are taken; may be repeated.")
  private List<String> issuers = List.of();

  @ArgGroup(multiplicity = "1")
  private IdentityOptions identity = new IdentityOptions();

  /** One of the two. */
  static final class IdentityOptions {
    @Option(
        names = "--spiffe-socket",
        paramLabel = "PATH",
        description = "The Workload API that gives the gateway its identity, such as SPIRE's.")
    private @Nullable Path socket;

    @Option(
        names = "--registrations",
        paramLabel = "FILE",
        description =
            "Be the authority too, and serve a Workload API: this JSON file says which processes"
                + " get which identity.")
    private @Nullable Path registrations;
  }

  @Option(
      names = "--address",
      paramLabel = "ADDRESS",
      description = "Listen at this address; ${DEFAULT-VALUE} if not given.")
  private String address = "127.0.0.1";

  @Option(
      names = "--port",
      paramLabel = "PORT",
      description = "Listen at this port; ${DEFAULT-VALUE} if not given, 0 for any.")
  private int port = 8443;

  @Option(
      names = "--enforcement-point",
      paramLabel = "SPIFFE-ID",
      description = {
        "A proxy or gateway that asks about calls which it sends on itself, by AuthZEN or as an"
            + " Envoy; what it says of its callers is believed. May be repeated."
      })
  private Set<String> enforcementPoints = Set.of();

  @Option(
      names = "--envoy-port",
      paramLabel = "PORT",
      description = "Answer Envoy's external authorization (gRPC) at this port, 0 for any.")
  private @Nullable Integer envoyPort;

  @Option(
      names = "--grpc-port",
      paramLabel = "PORT",
      description = "Serve A2A over gRPC at this port, 0 for any; cards of agents name it.")
  private @Nullable Integer grpcPort;

  @Option(
      names = "--most-calls",
      paramLabel = "NUMBER",
      description =
          "Refuse further calls while so many are under way, streams among them; ${DEFAULT-VALUE}"
              + " if not given.")
  private int mostCalls = 10_000;

  @Option(
      names = "--gateways",
      paramLabel = "NUMBER",
      description =
          "How many gateways share the work; each allows so small a part of every budget."
              + " ${DEFAULT-VALUE} if not given.")
  private int gateways = 1;

  @Option(
      names = "--instance",
      paramLabel = "NAME",
      description = "Its name among those gateways; this machine's name if not given.")
  private @Nullable String instance;

  @Option(
      names = "--environment",
      paramLabel = "NAME",
      description = "What policies see as context.environment; ${DEFAULT-VALUE} if not given.")
  private String environment = "production";

  @Option(
      names = "--state",
      paramLabel = "DIR",
      description = "Keys, audit log and revocations; ~/.margay/gateway if not given.")
  private @Nullable Path state;

  @Option(
      names = "--secrets",
      paramLabel = "DIR",
      description = "Keys of model providers: DIR/SECRET/KEY, as Kubernetes mounts secrets.")
  private @Nullable Path secrets;

  @Option(
      names = "--upstream-ca",
      paramLabel = "FILE",
      description =
          "Authorities, in PEM, whose certificates tool servers, agents and models may have beside"
              + " those of public authorities.")
  private @Nullable Path upstreamCa;

  @Option(
      names = "--console",
      description =
          "Serve the page of agents, too: live calls, traces, approvals, policies, halts.")
  private boolean withConsole;

  @Override
  public void run() {
    check("--port", port);
    if (mostCalls < 1) {
      throw new CommandFailure("--most-calls " + mostCalls + ": write 1 or more");
    }
    if (gateways < 1) {
      throw new CommandFailure("--gateways " + gateways + ": write 1 or more");
    }
    if (grpcPort != null) {
      check("--grpc-port", grpcPort);
    }
    if (envoyPort != null) {
      check("--envoy-port", envoyPort);
      if (enforcementPoints.isEmpty()) {
        throw new CommandFailure(
            "--envoy-port: no Envoy may ask; name it with --enforcement-point SPIFFE-ID");
      }
    }
    if (!name.isAbsolute() || name.getHost() == null) {
      throw new CommandFailure("--name " + name + ": write a URL, such as https://gateway.example");
    }
    PrintWriter out = spec.commandLine().getOut();
    Path folder = state == null ? StateFolder.ofUser().root().resolve("gateway") : state;
    AgentGateway.Settings settings =
        new AgentGateway.Settings(
            folder,
            name.toString(),
            trustDomain,
            environment,
            address,
            port,
            enforcementPoints,
            mostCalls,
            gateways);
    try (Foreground foreground = Foreground.begin()) {
      ResourceStore store = foreground.running().add(resources.open());
      GatewayProcess process =
          foreground
              .running()
              .add(
                  GatewayProcess.start(
                      store,
                      new GatewayProcess.Config(
                          settings,
                          trusted(),
                          upstreams(),
                          identity(),
                          secrets,
                          console(),
                          approvals.webhook(),
                          retention.keep(),
                          NodeOptions.nameOr(instance, "--instance"))));
      out.println("gateway " + name + " listens at " + process.uri());
      out.println("audit log in " + GatewayProcess.auditLog(settings));
      process
          .console()
          .ifPresent(console -> {
            out.println("page at " + console.uri());
            console.link().ifPresent(link -> out.println("sign in, once, with " + link));
          });
      if (envoyPort != null) {
        int envoy = process.answerEnvoy(new InetSocketAddress(address, envoyPort));
        out.println("Envoy's external authorization at " + address + ":" + envoy);
      }
      if (grpcPort != null) {
        int grpc = process.serveGrpc(new InetSocketAddress(address, grpcPort));
        out.println("A2A over gRPC at " + address + ":" + grpc);
      }
      if (identity.registrations != null) {
        out.println("Workload API at unix:" + GatewayProcess.socket(settings));
      }
      out.flush();
      foreground.awaitEnd();
    } catch (IOException e) {
      throw new CommandFailure(String.valueOf(e.getMessage()), e);
    } catch (IllegalArgumentException e) {
      throw new CommandFailure(String.valueOf(e.getMessage()), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private AgentsConsole.@Nullable Config console() {
    return withConsole
        ? new AgentsConsole.Config(page.config(), page.signIn(StateFolder.ofUser()))
        : null;
  }

  private static void check(String option, int port) {
    if (port < 0 || port > LAST_PORT) {
      throw new CommandFailure(option + " " + port + ": write a port, or 0");
    }
  }

  private List<TrustedIssuer> trusted() {
    return issuers.stream()
        .map(issuer -> TrustedIssuer.discovered(issuer, name.toString()))
        .toList();
  }

  private UpstreamAuthorities upstreams() throws IOException {
    if (upstreamCa == null) {
      return UpstreamAuthorities.PUBLIC;
    }
    try {
      return UpstreamAuthorities.read(upstreamCa);
    } catch (NoSuchFileException e) {
      throw new CommandFailure("--upstream-ca " + upstreamCa + ": there is no such file", e);
    }
  }

  private GatewayProcess.Identity identity() {
    if (identity.socket != null) {
      return new GatewayProcess.Identity.FromSocket(identity.socket);
    }
    if (identity.registrations != null) {
      return new GatewayProcess.Identity.Own(identity.registrations);
    }
    throw new CommandFailure("give --spiffe-socket or --registrations");
  }
}
