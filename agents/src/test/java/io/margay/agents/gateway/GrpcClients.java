package io.margay.agents.gateway;

import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContextBuilder;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslProvider;
import io.margay.agents.gateway.http.SpiffeTls;
import io.margay.agents.identity.World;
import io.margay.agents.identity.spiffe.X509Svids;
import javax.net.ssl.SSLException;

/** Clients of gRPC servers among agents. */
final class GrpcClients {
  private GrpcClients() {}

  /** With a workload's certificate. */
  static ManagedChannel of(World world, String workload, int port) throws SSLException {
    return NettyChannelBuilder.forAddress("127.0.0.1", port)
        .sslContext(
            GrpcSslContexts.configure(
                    SslContextBuilder.forClient()
                        .keyManager(SpiffeTls.keys(() -> world.agent(workload))),
                    SslProvider.JDK)
                .trustManager(SpiffeTls.trust(new X509Svids(world.authority::bundles, world.clock)))
                .protocols("TLSv1.3")
                .build())
        .build();
  }
}
