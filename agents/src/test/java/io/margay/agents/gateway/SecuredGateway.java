package io.margay.agents.gateway;

import io.margay.agents.gateway.gate.CallGate;
import io.margay.agents.gateway.http.SpiffeTls;
import io.margay.agents.gateway.http.Upstream;
import io.margay.agents.gateway.parts.VerifiedIdentities;
import io.margay.agents.identity.World;
import io.margay.agents.identity.http.OAuthMetadata;
import io.margay.agents.identity.spiffe.X509Svids;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.eclipse.jetty.util.ssl.SslContextFactory;

/** A gateway with mutual TLS and the tokens of a world, by the rules of a harness. */
final class SecuredGateway implements AutoCloseable {
  final X509Svids svids;
  private final Upstream upstream = new Upstream();
  private final GatewayServer server;

  SecuredGateway(Harness harness, World world) throws IOException {
    svids = new X509Svids(world.authority::bundles, world.clock);
    VerifiedIdentities identities =
        new VerifiedIdentities(
            world.verifier,
            world.hopTokens,
            new OAuthMetadata(URI.create(World.GATEWAY), "/token", List.of()),
            () -> world.holder("gateway"),
            (_, _, _) -> {});
    SslContextFactory.Server tls = new SslContextFactory.Server();
    tls.setSslContext(SpiffeTls.context(() -> world.agent("gateway"), svids));
    tls.setNeedClientAuth(true);
    CallGate gate = harness.gate(harness);
    server =
        new GatewayServer(
            new GatewayServer.Listen("127.0.0.1", 0, Optional.of(tls)),
            harness
                .parts(identities, identities)
                .over(gate, new Forwarder(gate, upstream, InstantSource.system())));
    server.start();
  }

  InetSocketAddress address() {
    return new InetSocketAddress("127.0.0.1", server.uri().getPort());
  }

  @Override
  public void close() {
    server.close();
    upstream.close();
  }
}
