package io.margay.flows.collect;

import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.netty.channel.epoll.EpollDomainSocketChannel;
import io.grpc.netty.shaded.io.netty.channel.epoll.EpollEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.unix.DomainSocketAddress;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** A gRPC connection to a process that gathers flows; it connects when it is used. */
public final class FlowChannel implements AutoCloseable {
  private static final long ALIVE_SECONDS = 20;

  private final ManagedChannel channel;
  private final @Nullable EpollEventLoopGroup loop;

  private FlowChannel(ManagedChannel channel, @Nullable EpollEventLoopGroup loop) {
    this.channel = channel;
    this.loop = loop;
  }

  /**
   * Prepares a connection.
   *
   * @param tls null for a socket file, and for a loopback address where the user wants no TLS
   * @throws IllegalArgumentException with a message for the user
   */
  public static FlowChannel to(FlowAddress address, @Nullable TlsFiles tls) {
    return switch (address) {
      case FlowAddress.UnixSocket(var path) -> {
        EpollEventLoopGroup loop = new EpollEventLoopGroup(1);
        yield new FlowChannel(
            NettyChannelBuilder.forAddress(new DomainSocketAddress(path.toFile()))
                .eventLoopGroup(loop)
                .channelType(EpollDomainSocketChannel.class, DomainSocketAddress.class)
                .usePlaintext()
                .build(),
            loop);
      }
      case FlowAddress.Tcp tcp -> new FlowChannel(tcp(tcp, tls), null);
    };
  }

  private static ManagedChannel tcp(FlowAddress.Tcp address, @Nullable TlsFiles tls) {
    NettyChannelBuilder builder =
        NettyChannelBuilder.forAddress(address.host(), address.port())
            .keepAliveTime(ALIVE_SECONDS, TimeUnit.SECONDS)
            .keepAliveWithoutCalls(true);
    if (tls == null) {
      requireLoopback(address);
      return builder.usePlaintext().build();
    }
    try {
      return builder
          .sslContext(
              GrpcSslContexts.forClient()
                  .keyManager(tls.certificate().toFile(), tls.key().toFile())
                  .trustManager(tls.authority().toFile())
                  .build())
          .build();
    } catch (SSLException | IllegalArgumentException e) {
      throw new IllegalArgumentException("the TLS files cannot be used: " + e.getMessage(), e);
    }
  }

  /** Flows name everything in a cluster: they do not cross a network in the open. */
  public static void requireLoopback(FlowAddress.Tcp address) {
    try {
      if (InetAddress.getByName(address.host()).isLoopbackAddress()) {
        return;
      }
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException(address + ": the host is unknown", e);
    }
    throw new IllegalArgumentException(
        address + " is not a loopback address, give TLS files or write 127.0.0.1");
  }

  public ManagedChannel channel() {
    return channel;
  }

  @Override
  public void close() {
    channel.shutdownNow();
    if (loop != null) {
      loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }
  }
}
