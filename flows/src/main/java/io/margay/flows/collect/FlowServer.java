package io.margay.flows.collect;

import io.grpc.BindableService;
import io.grpc.Server;
import io.grpc.ServerStreamTracer;
import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.netty.shaded.io.netty.channel.epoll.EpollEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.grpc.netty.shaded.io.netty.channel.unix.DomainSocketAddress;
import io.grpc.netty.shaded.io.netty.handler.ssl.ClientAuth;
import io.margay.flows.shard.MissingShards;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** A gRPC server on one address. Calls run on virtual threads. */
public final class FlowServer implements AutoCloseable {
  /** Goldmane's limit too. Bigger messages are refused and counted. */
  private static final int MOST_MESSAGE_BYTES = 4 << 20;

  private static final int MOST_HEADER_BYTES = 16 << 10;
  private static final int MOST_CALLS_OF_A_CONNECTION = 200;
  private static final Duration ALIVE_EVERY = Duration.ofSeconds(30);
  private static final Duration LAST_CALLS = Duration.ofMillis(500);

  private final Server server;
  private final ExecutorService calls;
  private final List<EpollEventLoopGroup> loops;
  private final @Nullable Path socket;

  private FlowServer(
      Server server,
      ExecutorService calls,
      List<EpollEventLoopGroup> loops,
      @Nullable Path socket) {
    this.server = server;
    this.calls = calls;
    this.loops = loops;
    this.socket = socket;
  }

  /**
   * Starts to serve.
   *
   * @param tls null for a socket file, and for a loopback address where the user wants no TLS
   * @param endings counts how calls end
   * @throws IOException with a message for the user, when the address is taken for example
   * @throws IllegalArgumentException with a message for the user, when the address needs TLS
   */
  public static FlowServer start(
      FlowAddress address,
      @Nullable TlsFiles tls,
      List<? extends BindableService> services,
      ServerStreamTracer.Factory endings)
      throws IOException {
    return switch (address) {
      case FlowAddress.UnixSocket(Path path) -> onSocket(path, services, endings);
      case FlowAddress.Tcp tcp -> onTcp(tcp, tls, services, endings);
    };
  }

  private static FlowServer onSocket(
      Path path, List<? extends BindableService> services, ServerStreamTracer.Factory endings)
      throws IOException {
    Files.deleteIfExists(path); // a killed process leaves it
    EpollEventLoopGroup accepts = new EpollEventLoopGroup(1);
    EpollEventLoopGroup serves = new EpollEventLoopGroup(1);
    NettyServerBuilder builder =
        NettyServerBuilder.forAddress(new DomainSocketAddress(path.toFile()))
            .channelType(EpollServerDomainSocketChannel.class)
            .bossEventLoopGroup(accepts)
            .workerEventLoopGroup(serves);
    FlowServer server = build(builder, services, endings, List.of(accepts, serves), path);
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
    return server;
  }

  private static FlowServer onTcp(
      FlowAddress.Tcp address,
      @Nullable TlsFiles tls,
      List<? extends BindableService> services,
      ServerStreamTracer.Factory endings)
      throws IOException {
    NettyServerBuilder builder =
        NettyServerBuilder.forAddress(new InetSocketAddress(address.host(), address.port()));
    if (tls == null) {
      FlowChannel.requireLoopback(address);
    } else {
      builder.sslContext(context(tls));
    }
    return build(builder, services, endings, List.of(), null);
  }

  private static io.grpc.netty.shaded.io.netty.handler.ssl.SslContext context(TlsFiles tls) {
    try {
      return GrpcSslContexts.forServer(tls.certificate().toFile(), tls.key().toFile())
          .trustManager(tls.authority().toFile())
          .clientAuth(ClientAuth.REQUIRE)
          .build();
    } catch (SSLException | IllegalArgumentException e) {
      throw new IllegalArgumentException("the TLS files cannot be used: " + e.getMessage(), e);
    }
  }

  private static FlowServer build(
      NettyServerBuilder builder,
      List<? extends BindableService> services,
      ServerStreamTracer.Factory endings,
      List<EpollEventLoopGroup> loops,
      @Nullable Path socket)
      throws IOException {
    ExecutorService calls = Executors.newVirtualThreadPerTaskExecutor();
    builder
        .executor(calls)
        .intercept(new ClientAddress())
        .intercept(new MissingShards())
        .addStreamTracerFactory(endings)
        .maxInboundMessageSize(MOST_MESSAGE_BYTES)
        .maxInboundMetadataSize(MOST_HEADER_BYTES)
        .maxConcurrentCallsPerConnection(MOST_CALLS_OF_A_CONNECTION)
        .keepAliveTime(ALIVE_EVERY.toSeconds(), TimeUnit.SECONDS)
        .permitKeepAliveTime(10, TimeUnit.SECONDS)
        .permitKeepAliveWithoutCalls(true);
    services.forEach(builder::addService);
    FlowServer server = new FlowServer(builder.build(), calls, loops, socket);
    try {
      server.server.start();
      return server;
    } catch (IOException e) {
      server.close();
      throw e;
    }
  }

  /** The port on which a TCP server listens, for those that asked for any. */
  public int port() {
    return server.getPort();
  }

  @Override
  public void close() {
    server.shutdown();
    try {
      if (!server.awaitTermination(LAST_CALLS.toMillis(), TimeUnit.MILLISECONDS)) {
        server.shutdownNow();
        server.awaitTermination(LAST_CALLS.toMillis(), TimeUnit.MILLISECONDS);
      }
      if (socket != null) {
        Files.deleteIfExists(socket);
      }
    } catch (InterruptedException e) {
      server.shutdownNow();
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    } finally {
      loops.forEach(loop -> loop.shutdownGracefully(0, 1, TimeUnit.SECONDS));
      calls.shutdown();
    }
  }
}
