package io.margay.agents.gateway;

import io.margay.agents.gateway.envoy.AuthorizationServer;
import io.margay.agents.gateway.envoy.AuthorizationService;
import io.margay.agents.gateway.envoy.HandedOver;
import io.margay.agents.gateway.gate.CallGate;
import io.margay.agents.gateway.gate.Holds;
import io.margay.agents.gateway.grpc.GrpcServer;
import io.margay.agents.gateway.parts.VerifiedIdentities;
import io.margay.agents.identity.World;
import io.margay.agents.identity.http.OAuthMetadata;
import io.margay.agents.identity.spiffe.SpiffeId;
import io.margay.agents.identity.spiffe.X509Svids;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;

/** Where an Envoy with the name {@code envoy} asks, in a world of certificates and tokens. */
final class AuthorizationDesk implements AutoCloseable {
  final Harness harness;
  final World world;

  /** Who was turned away, where and why. */
  final List<String> refusals = new CopyOnWriteArrayList<>();

  private final GrpcServer server;

  /** Answers until it is closed; the world and the harness become this desk's own. */
  AuthorizationDesk(World world, Harness harness) throws IOException {
    this.harness = harness;
    this.world = world;
    X509Svids svids = new X509Svids(world.authority::bundles, world.clock);
    VerifiedIdentities identities =
        new VerifiedIdentities(
            world.verifier,
            world.hopTokens,
            new OAuthMetadata(URI.create(World.GATEWAY), "/token", List.of()),
            () -> world.holder("gateway"),
            this::noteRefusal);
    CallGate gate = harness.gate(Holds.atOnce(harness));
    server =
        AuthorizationServer.start(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            new AuthorizationServer.Tls(
                () -> world.agent("gateway"),
                svids,
                new EnforcementPoints(
                    Set.of(World.id("envoy").toString()), svids, this::noteRefusal),
                this::noteRefusal),
            new AuthorizationService(
                harness
                    .parts(identities, identities)
                    .over(gate, new HandedOver(gate, InstantSource.system())),
                this::noteRefusal));
  }

  int port() {
    return server.port();
  }

  private void noteRefusal(Optional<SpiffeId> agent, String at, String reason) {
    refusals.add(agent.map(SpiffeId::toString).orElse("stranger") + " at " + at + ": " + reason);
  }

  /** Answers no more questions; the world goes on. */
  void stopAnswering() {
    server.close();
  }

  @Override
  public void close() {
    server.close();
    world.close();
    harness.close();
  }
}
