package io.margay.agents.gateway.grpc;

import io.grpc.Grpc;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerServiceDefinition;
import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.netty.shaded.io.netty.handler.ssl.ClientAuth;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContext;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContextBuilder;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslProvider;
import io.margay.agents.gateway.http.SpiffeTls;
import io.margay.agents.identity.spiffe.SpiffeAuthority.IssuedX509;
import io.margay.agents.identity.spiffe.X509Svids;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;

/** A gRPC server over TLS, whose clients show SVIDs. */
public final class GrpcServer implements AutoCloseable {
  /** A body of the most that a door takes, and its headers. */
  private static final int MAX_MESSAGE_BYTES = 17 << 20;

  private static final int MOST_AT_ONCE = 1_000;

  private final Server server;
  private final ExecutorService threads;

  private GrpcServer(Server server, ExecutorService threads) {
    this.server = server;
    this.threads = threads;
  }

  /**
   * How both sides are known.
   *
   * @param own our SVID, asked for at each handshake
   * @param needsCertificate whether a client without a certificate is not taken; one that it shows
   *     has to be good in any case
   * @param refused is told why, for every client that is not taken; it must not block
   */
  public record Tls(
      Supplier<IssuedX509> own,
      X509Svids svids,
      boolean needsCertificate,
      Consumer<String> refused) {}

  /**
   * Starts to serve.
   *
   * @param what is served, for the user
   * @throws IOException with a message for the user, when the port is taken for example
   */
  public static GrpcServer start(
      String what, InetSocketAddress address, Tls tls, ServerServiceDefinition service)
      throws IOException {
    SslContext context =
        GrpcSslContexts.configure(
                SslContextBuilder.forServer(SpiffeTls.keys(tls.own())), SslProvider.JDK)
            .trustManager(SpiffeTls.trust(tls.svids(), tls.refused()))
            .clientAuth(tls.needsCertificate() ? ClientAuth.REQUIRE : ClientAuth.OPTIONAL)
            .protocols("TLSv1.3")
            .build();
    ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    Server server =
        NettyServerBuilder.forAddress(address)
            .sslContext(context)
            .executor(threads)
            .maxInboundMessageSize(MAX_MESSAGE_BYTES)
            .maxConcurrentCallsPerConnection(MOST_AT_ONCE)
            .addService(service)
            .build();
    try {
      server.start();
    } catch (IOException e) {
      threads.close();
      throw new IOException(what + " cannot listen: " + e.getMessage(), e);
    }
    return new GrpcServer(server, threads);
  }

  /** What the client of a call showed, its own first; empty when it showed none. */
  public static List<X509Certificate> certificates(ServerCall<?, ?> call) {
    SSLSession session = call.getAttributes().get(Grpc.TRANSPORT_ATTR_SSL_SESSION);
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
