package io.margay.agents.gateway.parts;

import io.margay.agents.gateway.Doors;
import io.margay.agents.gateway.EnforcementPoints;
import io.margay.agents.gateway.a2a.grpc.A2aService;
import io.margay.agents.gateway.envoy.AuthorizationServer;
import io.margay.agents.gateway.envoy.AuthorizationService;
import io.margay.agents.gateway.envoy.HandedOver;
import io.margay.agents.gateway.gate.CallGate;
import io.margay.agents.gateway.grpc.GrpcServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Optional;

/** What a gateway serves over gRPC, each at a port of its own. */
record GrpcServers(
    AgentGateway.Trust trust, EnforcementPoints points, TokenAudit audit, DoorParts parts) {

  /**
   * Envoy's external authorization.
   *
   * @param gate that does not wait for people
   * @throws IOException with a message for the user, when the port is taken for example
   */
  GrpcServer envoy(InetSocketAddress address, CallGate gate) throws IOException {
    Doors doors = parts.over(gate, new HandedOver(gate, parts.clock()));
    return AuthorizationServer.start(
        address,
        new AuthorizationServer.Tls(trust.own(), trust.x509Svids(), points, audit),
        new AuthorizationService(doors, audit));
  }

  /** A2A, at the doors where it comes in over HTTP; cards name the port from then on. */
  GrpcServer a2a(InetSocketAddress address, Doors doors) throws IOException {
    GrpcServer.Tls tls =
        new GrpcServer.Tls(
            trust.own(),
            trust.x509Svids(),
            false,
            reason -> audit.refused(Optional.empty(), "grpc handshake", reason));
    GrpcServer server =
        GrpcServer.start("A2A over gRPC", address, tls, new A2aService(doors).bindService());
    parts.cards().alsoOverGrpc(server.port());
    return server;
  }
}
