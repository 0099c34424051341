package io.margay.app.process;

import io.margay.agents.approval.ApprovalWebhook;
import io.margay.agents.gateway.Directory;
import io.margay.agents.gateway.http.UpstreamAuthorities;
import io.margay.agents.gateway.parts.AgentGateway;
import io.margay.agents.gateway.parts.BudgetStatus;
import io.margay.agents.gateway.parts.Upkeep;
import io.margay.agents.gateway.trace.CallSpans;
import io.margay.agents.identity.spiffe.JwtSvids;
import io.margay.agents.identity.spiffe.RenewedSvid;
import io.margay.agents.identity.spiffe.SpiffeAuthority;
import io.margay.agents.identity.spiffe.SpiffeAuthority.IssuedX509;
import io.margay.agents.identity.spiffe.SpiffeId;
import io.margay.agents.identity.spiffe.X509Svids;
import io.margay.agents.identity.user.TrustedIssuer;
import io.margay.agents.identity.workload.Registrations;
import io.margay.agents.identity.workload.WorkloadApiClient;
import io.margay.agents.identity.workload.WorkloadApiServer;
import io.margay.model.resource.ModelProvider;
import io.margay.store.ResourceStore;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The gateway of agents as a process: its identity comes from a SPIFFE Workload API, or from a
 * small authority of its own that serves one.
 */
public final class GatewayProcess implements AutoCloseable {
  private static final Duration LEEWAY = Duration.ofSeconds(10);
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Duration UPKEEP = Duration.ofHours(1);
  private static final Duration STATUS = Duration.ofSeconds(5);

  private final Running running = new Running();
  private final InstantSource clock = InstantSource.system();
  private final AgentGateway gateway;
  private final @Nullable AgentsConsole console;

  /**
   * How to run.
   *
   * @param issuers of user tokens
   * @param upstreams who signs the certificates of servers that are called
   * @param identity where the gateway's identity comes from
   * @param secrets a folder with a folder for each secret and in it a file for each key, as
   *     Kubernetes mounts them; null without any
   * @param console of the page; null for none
   * @param webhook to whom calls are told that wait for people; empty for nobody
   * @param keep how much of the past is kept
   * @param instance its name among the gateways that share the work
   */
  public record Config(
      AgentGateway.Settings settings,
      List<TrustedIssuer> issuers,
      UpstreamAuthorities upstreams,
      Identity identity,
      @Nullable Path secrets,
      AgentsConsole.@Nullable Config console,
      Optional<ApprovalWebhook.Target> webhook,
      Upkeep.Keep keep,
      String instance) {

    public Config {
      issuers = List.copyOf(issuers);
    }
  }

  /** Where the gateway's identity comes from. */
  public sealed interface Identity {

    /** Of a Workload API: SPIRE's or another process's of ours. */
    record FromSocket(Path socket) implements Identity {}

    /**
     * Of an authority in this process.
     *
     * @param registrations who gets which identity from its Workload API
     */
    record Own(Path registrations) implements Identity {}
  }

  /** What an identity comes to. */
  private record Known(Supplier<IssuedX509> own, X509Svids x509, JwtSvids jwt) {}

  private GatewayProcess(ResourceStore store, Config config)
      throws IOException, InterruptedException {
    try {
      Known known =
          switch (config.identity()) {
            case Identity.FromSocket(Path socket) -> ofSocket(socket);
            case Identity.Own(Path registrations) -> own(config.settings(), registrations);
          };
      gateway =
          running.add(
              AgentGateway.start(
                  store,
                  config.settings(),
                  new AgentGateway.Trust(
                      known.own(), known.x509(), known.jwt(), config.issuers(), config.upstreams()),
                  new AgentGateway.Models(provider -> credential(config.secrets(), provider)),
                  new CallSpans(Telemetry.tracer(), clock),
                  clock));
      config
          .webhook()
          .ifPresent(
              target -> running.add(new ApprovalWebhook(target, clock)).follow(gateway.desk()));
      running.add(new Upkeep(gateway.audit(), gateway.desk(), config.keep(), clock)).start(UPKEEP);
      running
          .add(new BudgetStatus(store, gateway.budgets(), config.instance(), clock))
          .start(STATUS);
      console =
          config.console() == null
              ? null
              : running.add(
                  AgentsConsole.start(
                      config.console(), gateway, store, auditLog(config.settings())));
    } catch (IOException | InterruptedException | RuntimeException e) {
      close();
      throw e;
    }
  }

  public static GatewayProcess start(ResourceStore store, Config config)
      throws IOException, InterruptedException {
    return new GatewayProcess(store, config);
  }

  private Known ofSocket(Path socket) throws IOException, InterruptedException {
    WorkloadApiClient client = running.add(WorkloadApiClient.connect(socket));
    Instant deadline = clock.instant().plus(PATIENCE);
    while (client.current().isEmpty()) {
      if (clock.instant().isAfter(deadline)) {
        throw new IOException(
            "the Workload API at " + socket + " gives no identity: " + client.problem());
      }
      Thread.sleep(100);
    }
    return new Known(
        () ->
            client
                .current()
                .orElseThrow(() -> new IllegalStateException("the identity was taken away"))
                .svids()
                .getFirst(),
        new X509Svids(client::bundles, clock),
        new JwtSvids(client::bundles, clock, LEEWAY));
  }

  private Known own(AgentGateway.Settings settings, Path registrations) throws IOException {
    Files.createDirectories(settings.state());
    SpiffeAuthority authority =
        SpiffeAuthority.open(
            settings.state().resolve("spiffe"),
            SpiffeAuthority.Config.of(settings.trustDomain()),
            clock);
    running.add(
        WorkloadApiServer.start(
            socket(settings), authority, Registrations.read(registrations), clock));
    SpiffeId id = SpiffeId.of("spiffe://" + settings.trustDomain() + "/gateway");
    return new Known(
        new RenewedSvid(authority, id, clock),
        new X509Svids(authority::bundles, clock),
        new JwtSvids(authority::bundles, clock, LEEWAY));
  }

  /** Where the authority of its own serves the Workload API. */
  public static Path socket(AgentGateway.Settings settings) {
    return settings.state().resolve("workload-api.sock");
  }

  /** The key for a provider; one that is named and cannot be read lets nobody in there. */
  private static Optional<Directory.Credential> credential(
      @Nullable Path secrets, ModelProvider provider) {
    ModelProvider.Spec spec = provider.spec();
    if (spec.secretName().isEmpty()) {
      return Optional.empty();
    }
    if (secrets == null) {
      throw new IllegalStateException(
          "ModelProvider %s names secret %s, but there is no folder of secrets: give --secrets"
              .formatted(provider.metadata().name(), spec.secretName()));
    }
    Path file = secrets.resolve(spec.secretName()).resolve(spec.secretKey());
    String key;
    try {
      key = Files.readString(file).strip();
    } catch (IOException e) {
      throw new IllegalStateException(
          "ModelProvider %s: %s cannot be read".formatted(provider.metadata().name(), file), e);
    }
    return Optional.of(
        switch (spec.api()) {
          case OPENAI -> new Directory.Credential("authorization", "Bearer " + key);
          case ANTHROPIC -> new Directory.Credential("x-api-key", key);
        });
  }

  /** Where the audit log is. */
  public static Path auditLog(AgentGateway.Settings settings) {
    return settings.state().resolve("audit");
  }

  public URI uri() {
    return gateway.uri();
  }

  /** The page; empty without one. */
  public Optional<AgentsConsole> console() {
    return Optional.ofNullable(console);
  }

  /**
   * Answers Envoy's external authorization too; gives the port.
   *
   * @throws IOException with a message for the user, when the port is taken for example
   */
  public int answerEnvoy(InetSocketAddress address) throws IOException {
    return gateway.answerEnvoy(address);
  }

  /** Serves A2A over gRPC too; the rest as above. */
  public int serveGrpc(InetSocketAddress address) throws IOException {
    return gateway.serveGrpc(address);
  }

  @Override
  public void close() {
    running.close();
  }
}
