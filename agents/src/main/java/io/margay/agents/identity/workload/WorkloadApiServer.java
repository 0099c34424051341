package io.margay.agents.identity.workload;

import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.epoll.Epoll;
import io.grpc.netty.shaded.io.netty.channel.epoll.EpollEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.grpc.netty.shaded.io.netty.channel.unix.DomainSocketAddress;
import io.margay.agents.identity.spiffe.JwtSvids;
import io.margay.agents.identity.spiffe.SpiffeAuthority;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves the Workload API on a Unix socket, which every process of the machine may open: who it is
 * decides what it gets. Linux only, as the rest of the node is.
 */
public final class WorkloadApiServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(WorkloadApiServer.class);

  private static final int MAX_REQUEST_BYTES = 64 * 1024;
  private static final int LOOK_SECONDS = 1;

  private final Path socket;
  private final Server server;
  private final EventLoopGroup loops;
  private final ExecutorService calls;
  private final ScheduledExecutorService timer;
  private final List<AutoCloseable> subscriptions;

  private WorkloadApiServer(
      Path socket,
      Server server,
      EventLoopGroup loops,
      ExecutorService calls,
      ScheduledExecutorService timer,
      List<AutoCloseable> subscriptions) {
    this.socket = socket;
    this.server = server;
    this.loops = loops;
    this.calls = calls;
    this.timer = timer;
    this.subscriptions = subscriptions;
  }

  /**
   * Starts to serve.
   *
   * @param socket path of the socket; one that nobody serves any more is replaced
   * @throws IOException if somebody serves it, or it cannot be made
   */
  public static WorkloadApiServer start(
      Path socket, SpiffeAuthority authority, Registrations registrations, InstantSource clock)
      throws IOException {
    if (!Epoll.isAvailable()) {
      throw new IOException("the Workload API needs Linux", Epoll.unavailabilityCause());
    }
    removeAbandoned(socket);
    WorkloadService service =
        new WorkloadService(
            authority,
            registrations,
            new JwtSvids(authority::bundles, clock, Duration.ofSeconds(5)),
            clock);
    EventLoopGroup loops = new EpollEventLoopGroup(1);
    ExecutorService calls =
        Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("workload-api-", 0).factory());
    Server server =
        NettyServerBuilder.forAddress(new DomainSocketAddress(socket.toFile()))
            .channelType(EpollServerDomainSocketChannel.class)
            .bossEventLoopGroup(loops)
            .workerEventLoopGroup(loops)
            .protocolNegotiator(new PeerNegotiator())
            .executor(calls)
            .maxInboundMessageSize(MAX_REQUEST_BYTES)
            .intercept(new PeerInterceptor())
            .addService(service)
            .build();
    ScheduledExecutorService timer =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("workload-api-timer").daemon().factory());
    WorkloadApiServer api =
        new WorkloadApiServer(
            socket,
            server,
            loops,
            calls,
            timer,
            List.of(authority.listen(service::sendAll), registrations.listen(service::sendAll)));
    try {
      server.start();
      // As SPIRE's: who connects is asked of the kernel, so nobody is kept out here.
      Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rwxrwxrwx"));
    } catch (IOException e) {
      api.close();
      throw new IOException("cannot serve on " + socket + ": " + e.getMessage(), e);
    }
    timer.scheduleWithFixedDelay(
        () -> lookAround(authority, service), LOOK_SECONDS, LOOK_SECONDS, TimeUnit.SECONDS);
    return api;
  }

  /** A timer stops for good at the first exception, and then nobody would get a new SVID. */
  private static void lookAround(SpiffeAuthority authority, WorkloadService service) {
    try {
      authority.tick();
      service.sendDue();
    } catch (RuntimeException e) {
      LOG.warn("New keys or SVIDs cannot be given out now", e);
    }
  }

  private static void removeAbandoned(Path socket) throws IOException {
    if (!Files.exists(socket, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    try (SocketChannel probe = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      probe.connect(UnixDomainSocketAddress.of(socket));
    } catch (IOException e) {
      if (Files.isRegularFile(socket, LinkOption.NOFOLLOW_LINKS)
          || Files.isDirectory(socket, LinkOption.NOFOLLOW_LINKS)) {
        throw new IOException(socket + " is not a socket; name another path", e);
      }
      Files.delete(socket);
      return;
    }
    throw new IOException(socket + " is served by another process; stop it or name another path");
  }

  @Override
  public void close() {
    timer.shutdownNow();
    for (AutoCloseable subscription : subscriptions) {
      try {
        subscription.close();
      } catch (Exception e) {
        throw new IllegalStateException("a listener can always be removed", e);
      }
    }
    server.shutdownNow();
    loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    calls.shutdownNow();
    try {
      Files.deleteIfExists(socket);
    } catch (IOException e) {
      // The next start finds it abandoned and removes it.
      LOG.debug("The socket {} stays: {}", socket, e.toString());
    }
  }
}
