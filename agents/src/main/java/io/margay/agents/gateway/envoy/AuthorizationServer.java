package io.margay.agents.gateway.envoy;

import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCall.Listener;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerInterceptors;
import io.grpc.Status;
import io.margay.agents.gateway.EnforcementPoints;
import io.margay.agents.gateway.Refusals;
import io.margay.agents.gateway.grpc.GrpcServer;
import io.margay.agents.gateway.http.Refusal;
import io.margay.agents.identity.spiffe.SpiffeAuthority.IssuedX509;
import io.margay.agents.identity.spiffe.X509Svids;
import io.margay.agents.identity.token.Confirmation;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.function.Supplier;

/** Where Envoys ask, over mutual TLS: gRPC, for those that are enforcement points here. */
public final class AuthorizationServer {
  private AuthorizationServer() {}

  /**
   * How both sides are known.
   *
   * @param own our SVID, asked for at each handshake
   * @param refusals learns of every client that is not taken
   */
  public record Tls(
      Supplier<IssuedX509> own, X509Svids svids, EnforcementPoints points, Refusals refusals) {}

  /**
   * Starts to answer.
   *
   * @throws IOException with a message for the user, when the port is taken for example
   */
  public static GrpcServer start(InetSocketAddress address, Tls tls, AuthorizationService service)
      throws IOException {
    return GrpcServer.start(
        "Envoy's authorization",
        address,
        new GrpcServer.Tls(
            tls.own(),
            tls.svids(),
            true,
            reason -> tls.refusals().refused(Optional.empty(), "envoy handshake", reason)),
        ServerInterceptors.intercept(service, new OnlyEnforcementPoints(tls.points())));
  }

  private record OnlyEnforcementPoints(EnforcementPoints points) implements ServerInterceptor {
    @Override
    public <Q, A> Listener<Q> interceptCall(
        ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
      try {
        String thumbprint = points.known(GrpcServer.certificates(call), "envoy").thumbprint();
        Context context =
            Context.current()
                .withValue(AuthorizationService.ENVOY, new Confirmation.Certificate(thumbprint));
        return Contexts.interceptCall(context, call, headers, next);
      } catch (Refusal e) {
        Status status = e.status() == 401 ? Status.UNAUTHENTICATED : Status.PERMISSION_DENIED;
        call.close(status.withDescription(e.reason()), new Metadata());
        return new Listener<>() {};
      }
    }
  }
}
