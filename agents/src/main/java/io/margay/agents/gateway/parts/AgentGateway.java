package io.margay.agents.gateway.parts;

import io.margay.agents.approval.ApprovalDesk;
import io.margay.agents.audit.AuditUnavailableException;
import io.margay.agents.audit.Draft;
import io.margay.agents.audit.log.AuditKeys;
import io.margay.agents.audit.log.DurableAuditLog;
import io.margay.agents.audit.log.LogSettings;
import io.margay.agents.decide.PolicyDecider;
import io.margay.agents.decide.Sessions;
import io.margay.agents.gateway.Directory;
import io.margay.agents.gateway.Doors;
import io.margay.agents.gateway.EnforcementPoints;
import io.margay.agents.gateway.Forwarder;
import io.margay.agents.gateway.GatewayServer;
import io.margay.agents.gateway.a2a.AgentCards;
import io.margay.agents.gateway.a2a.PushTargets;
import io.margay.agents.gateway.gate.CallGate;
import io.margay.agents.gateway.gate.CallObserver;
import io.margay.agents.gateway.gate.Holds;
import io.margay.agents.gateway.gate.OpenCalls;
import io.margay.agents.gateway.http.SpiffeTls;
import io.margay.agents.gateway.http.Upstream;
import io.margay.agents.gateway.http.UpstreamAuthorities;
import io.margay.agents.gateway.llm.Budgets;
import io.margay.agents.identity.revocation.FileRevocations;
import io.margay.agents.identity.revocation.Revocation;
import io.margay.agents.identity.spiffe.JwtSvids;
import io.margay.agents.identity.spiffe.SpiffeAuthority.IssuedX509;
import io.margay.agents.identity.spiffe.X509Svids;
import io.margay.agents.identity.user.TrustedIssuer;
import io.margay.agents.registry.AgentRegistry;
import io.margay.agents.registry.RegistrySnapshot;
import io.margay.agents.registry.StatusWriter;
import io.margay.model.resource.Agent;
import io.margay.model.resource.ModelProvider;
import io.margay.store.ResourceStore;
import io.margay.store.ResourceStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A whole gateway with all its parts.
 *
 * <pre>
 *  store ─► registry ─► decider ◄─┐
 *                                 │
 *  agents ─► doors ─► verifier ─► gate ─► audit log ─► upstream
 *                                 └─► approval desk
 * </pre>
 */
public final class AgentGateway implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(AgentGateway.class);
  private static final Duration FORGOTTEN = Duration.ofMinutes(30);
  private static final int MOST_SESSIONS = 100_000;
  private static final int MOST_OPEN_APPROVALS = 20;

  private final Deque<AutoCloseable> parts = new ArrayDeque<>();
  private final InstantSource clock;
  private final OpenCalls open;
  private final PolicyDecider decider;
  private final DurableAuditLog audit;
  private final ApprovalDesk desk;
  private final Budgets budgets;
  private final RegistryAudit registryAudit;
  private final Halts halts;
  private final StatusWriter status;
  private final HeldTools held;
  private final AuditRecorder recorder;
  private final TokenAudit tokenAudit;
  private final DoorParts doorParts;
  private final Doors doors;
  private final GrpcServers grpc;
  private final CallObserver observer;
  private final GatewayServer server;
  private volatile RegistrySnapshot registry;

  /**
   * How a gateway runs.
   *
   * @param state a directory of its own, for the audit log, keys and revocations
   * @param name by which tokens know it: an absolute URL
   * @param trustDomain of agents that name no SPIFFE id of their own
   * @param environment that policies see
   * @param address to listen at
   * @param port 0 for any
   * @param enforcementPoints SPIFFE ids of those who may ask about calls that they send on
   *     themselves
   * @param mostCalls how many calls may be under way at a time, streams among them
   * @param gateways how many share the work, and therefore each budget
   */
  public record Settings(
      Path state,
      String name,
      String trustDomain,
      String environment,
      String address,
      int port,
      Set<String> enforcementPoints,
      int mostCalls,
      int gateways) {
    private static final int MOST_CALLS = 10_000;

    public Settings {
      if (mostCalls < 1) {
        throw new IllegalArgumentException(
            mostCalls + " calls at a time: a gateway takes one or more");
      }
      if (gateways < 1) {
        throw new IllegalArgumentException(gateways + " gateways: there is one or more");
      }
      enforcementPoints = Set.copyOf(enforcementPoints);
    }

    /** Without enforcement points but the gateway itself, and with the usual number of calls. */
    public Settings(
        Path state, String name, String trustDomain, String environment, String address, int port) {
      this(state, name, trustDomain, environment, address, port, Set.of(), MOST_CALLS, 1);
    }
  }

  /**
   * What a gateway trusts.
   *
   * @param own its SVID, asked for at each handshake
   * @param x509Svids who checks those of others
   * @param jwtSvids the same for JWT-SVIDs
   * @param issuers whose user tokens are taken
   * @param upstreams who signs the certificates of servers that are called
   */
  public record Trust(
      Supplier<IssuedX509> own,
      X509Svids x509Svids,
      JwtSvids jwtSvids,
      List<TrustedIssuer> issuers,
      UpstreamAuthorities upstreams) {

    public Trust {
      issuers = List.copyOf(issuers);
    }

    /** With the public authorities of upstreams. */
    public Trust(
        Supplier<IssuedX509> own,
        X509Svids x509Svids,
        JwtSvids jwtSvids,
        List<TrustedIssuer> issuers) {
      this(own, x509Svids, jwtSvids, issuers, UpstreamAuthorities.PUBLIC);
    }
  }

  /**
   * How model providers let us in.
   *
   * @param credentials finds the header for a provider
   */
  public record Models(Function<ModelProvider, Optional<Directory.Credential>> credentials) {}

  private AgentGateway(
      ResourceStore store,
      Settings settings,
      Trust trust,
      Models models,
      CallObserver observer,
      InstantSource clock)
      throws IOException {
    this.observer = observer;
    this.clock = clock;
    this.open = new OpenCalls(settings.mostCalls());
    this.registry = AgentRegistry.snapshot(settings.trustDomain(), List.of());
    Files.createDirectories(settings.state());
    URI name = URI.create(settings.name());
    try {
      // After a restart nobody knows what sessions read before.
      decider =
          new PolicyDecider(
              settings.environment(),
              new Sessions(MOST_SESSIONS, FORGOTTEN, incompleteUntil(settings.state())));
      audit =
          add(
              DurableAuditLog.open(
                  settings.state().resolve("audit"),
                  AuditKeys.loadOrCreate(
                      settings.state().resolve("audit-keys"), name.getHost() + "/audit"),
                  LogSettings.defaults(),
                  clock));
      FileRevocations revocations =
          add(FileRevocations.open(settings.state().resolve("revocations.json"), clock));
      desk =
          add(
              new ApprovalDesk(
                  store, clock, () -> "held-" + UUID.randomUUID(), MOST_OPEN_APPROVALS));
      budgets = add(Budgets.open(settings.state().resolve("budgets.jsonl"), clock));
      halts = new Halts(open, clock);
      status = add(new StatusWriter(store, clock));
      held = new HeldTools(this::tellStatus);
      registryAudit = new RegistryAudit(audit, clock);
      recorder = add(new AuditRecorder(audit, this::ownerOf, clock));
      tokenAudit = new TokenAudit(audit, recorder, clock);
      EnforcementPoints points =
          new EnforcementPoints(settings.enforcementPoints(), trust.x509Svids(), tokenAudit);
      GatewayIdentity identity =
          add(new GatewayIdentity(settings, trust, revocations, tokenAudit, clock));
      VerifiedIdentities identities = identity.identities();
      RegistryDirectory directory =
          new RegistryDirectory(() -> registry, decider, models.credentials(), held, clock);
      DeskHolds holds = new DeskHolds(desk, audit, this::agentOf, clock);
      doorParts =
          new DoorParts(
              name,
              identities,
              identities,
              directory,
              holds,
              new PushTargets(Set.of(), InetAddress::getAllByName),
              AgentCards.inFile(settings.state().resolve("card-keys.json"), name, clock),
              new RegistryBudgets(() -> registry, settings.gateways()),
              budgets,
              clock);
      CallGate gate = new CallGate(decider, recorder, holds, open, observer);
      Forwarder forwarder = new Forwarder(gate, add(new Upstream(trust.upstreams())), clock);
      doors = doorParts.over(gate, forwarder, points, identity.documents());
      grpc = new GrpcServers(trust, points, tokenAudit, doorParts);
      add(revocations.listen(this::revoked));
      AgentRegistry followed = new AgentRegistry(settings.trustDomain(), this::take);
      add(ResourceStream.start(store, AgentRegistry.KINDS, followed));
      server =
          add(
              new GatewayServer(
                  new GatewayServer.Listen(
                      settings.address(), settings.port(), Optional.of(tls(trust, tokenAudit))),
                  doors,
                  identity.tokenEndpoint()));
      server.start();
    } catch (IOException | RuntimeException e) {
      close();
      throw e;
    }
  }

  /** Starts a gateway; it denies everything until it has read the registry. */
  public static AgentGateway start(
      ResourceStore store, Settings settings, Trust trust, Models models, InstantSource clock)
      throws IOException {
    return start(store, settings, trust, models, CallObserver.NOBODY, clock);
  }

  /** The same, and tells an observer of all calls. */
  public static AgentGateway start(
      ResourceStore store,
      Settings settings,
      Trust trust,
      Models models,
      CallObserver observer,
      InstantSource clock)
      throws IOException {
    return new AgentGateway(store, settings, trust, models, observer, clock);
  }

  /**
   * Answers Envoy's external authorization too, where the Envoy is an enforcement point.
   *
   * @param address where to listen; port 0 for any
   * @return the port
   * @throws IOException with a message for the user, when the port is taken for example
   */
  public int answerEnvoy(InetSocketAddress address) throws IOException {
    CallGate gate =
        new CallGate(decider, recorder, Holds.atOnce(doorParts.holds()), open, observer);
    return add(grpc.envoy(address, gate)).port();
  }

  /** Serves A2A over gRPC too; the rest as above. */
  public int serveGrpc(InetSocketAddress address) throws IOException {
    return add(grpc.a2a(address, doors)).port();
  }

  private Instant incompleteUntil(Path state) {
    return Files.exists(state.resolve("audit")) ? clock.instant().plus(FORGOTTEN) : Instant.EPOCH;
  }

  /**
   * A certificate that is shown has to be good. Without one a client learns where to get tokens; a
   * call needs a JWT-SVID then.
   */
  private static SslContextFactory.Server tls(Trust trust, TokenAudit audit) {
    SslContextFactory.Server tls = new SslContextFactory.Server();
    tls.setSslContext(
        SpiffeTls.context(
            trust.own(),
            trust.x509Svids(),
            reason -> audit.refused(Optional.empty(), "handshake", reason)));
    tls.setIncludeProtocols("TLSv1.3");
    tls.setWantClientAuth(true);
    return tls;
  }

  private <T extends AutoCloseable> T add(T part) {
    parts.push(part);
    return part;
  }

  /** The decider knows first, so that no call slips in between a halt and its cut. */
  private void take(RegistrySnapshot snapshot) {
    decider.take(snapshot);
    registry = snapshot;
    tellStatus();
    registryAudit.take(snapshot, decider.policySetHash());
    int cut = halts.take(snapshot);
    if (cut > 0) {
      log.info("{} calls of halted agents were cut off", cut);
    }
  }

  private void tellStatus() {
    status.tell(decider.allProblems(), held.problems(registry.toolServers()));
  }

  private void revoked(Revocation revocation) {
    halts.take(revocation);
    try {
      audit.append(Draft.token("revoked", revocation.name(), clock.instant()));
    } catch (AuditUnavailableException e) {
      log.warn("The revocation of {} could not be recorded: {}", revocation.name(), e.getMessage());
    }
  }

  private String agentOf(String spiffeId) {
    Agent agent = registry.bySpiffeId().get(spiffeId);
    return agent == null ? "" : agent.metadata().name();
  }

  private String ownerOf(String spiffeId) {
    Agent agent = registry.bySpiffeId().get(spiffeId);
    return agent == null ? "" : agent.spec().owner();
  }

  public URI uri() {
    return server.uri();
  }

  public ApprovalDesk desk() {
    return desk;
  }

  public Budgets budgets() {
    return budgets;
  }

  public DurableAuditLog audit() {
    return audit;
  }

  public RegistrySnapshot registry() {
    return registry;
  }

  public PolicyDecider decider() {
    return decider;
  }

  /** Ends all calls and stops the parts, the last first. */
  @Override
  public void close() {
    while (!parts.isEmpty()) {
      AutoCloseable part = parts.pop();
      try {
        part.close();
      } catch (Exception e) {
        log.warn("{} did not stop well", part.getClass().getSimpleName(), e);
      }
    }
  }
}
