package io.margay.agents.gateway.envoy;

import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCall.Listener;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.netty.shaded.io.netty.handler.ssl.ClientAuth;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContext;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContextBuilder;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslProvider;
import io.margay.agents.gateway.EnforcementPoints;
import io.margay.agents.gateway.Refusals;
import io.margay.agents.gateway.http.Refusal;
import io.margay.agents.gateway.http.SpiffeTls;
import io.margay.agents.identity.spiffe.SpiffeAuthority.IssuedX509;
import io.margay.agents.identity.spiffe.X509Svids;
import io.margay.agents.identity.token.Confirmation;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/** Where Envoys ask, over mutual TLS: gRPC, for those that are enforcement points here. */
public final class AuthorizationServer implements AutoCloseable {
  /** A body of the most that a door takes, and its headers. */
  private static final int MAX_MESSAGE_BYTES = 17 << 20;

  private static final int MOST_AT_ONCE = 1_000;

  private final Server server;
  private final ExecutorService threads;

  private AuthorizationServer(Server server, ExecutorService threads) {
    this.server = server;
    this.threads = threads;
  }

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
  public static AuthorizationServer start(
      InetSocketAddress address, Tls tls, AuthorizationService service) throws IOException {
    SslContext context =
        GrpcSslContexts.configure(
                SslContextBuilder.forServer(SpiffeTls.keys(tls.own())), SslProvider.JDK)
            .trustManager(
                SpiffeTls.trust(
                    tls.svids(),
                    reason -> tls.refusals().refused(Optional.empty(), "envoy handshake", reason)))
            .clientAuth(ClientAuth.REQUIRE)
            .protocols("TLSv1.3")
            .build();
    ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    Server server =
        NettyServerBuilder.forAddress(address)
            .sslContext(context)
            .executor(threads)
            .maxInboundMessageSize(MAX_MESSAGE_BYTES)
            .maxConcurrentCallsPerConnection(MOST_AT_ONCE)
            .intercept(new OnlyEnforcementPoints(tls.points()))
            .addService(service)
            .build();
    try {
      server.start();
    } catch (IOException e) {
      threads.close();
      throw new IOException("Envoy's authorization cannot listen: " + e.getMessage(), e);
    }
    return new AuthorizationServer(server, threads);
  }

  private record OnlyEnforcementPoints(EnforcementPoints points) implements ServerInterceptor {
    @Override
    public <Q, A> Listener<Q> interceptCall(
        ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
      try {
        SSLSession session = call.getAttributes().get(Grpc.TRANSPORT_ATTR_SSL_SESSION);
        String thumbprint = points.known(certificates(session), "envoy").thumbprint();
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

    private static List<X509Certificate> certificates(@Nullable SSLSession session) {
      if (session == null) {
        return List.of();
      }
      try {
        return Stream.<Certificate>of(session.getPeerCertificates())
            .map(X509Certificate.class::cast)
            .toList();
      } catch (SSLPeerUnverifiedException e) {
        return List.of();
      }
    }
  }

  public int port() {
    return server.getPort();
  }

  @Override
  public void close() {
    server.shutdownNow();
    try {
      server.awaitTermination(5, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    threads.shutdownNow();
  }
}
