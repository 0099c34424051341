package io.margay.agents.identity.workload;

import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.epoll.EpollDomainSocketChannel;
import io.grpc.netty.shaded.io.netty.channel.epoll.EpollEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.unix.DomainSocketAddress;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import io.margay.agents.identity.spiffe.SpiffeAuthority.IssuedX509;
import io.margay.agents.identity.spiffe.TrustBundles;
import io.margay.agents.identity.workload.proto.JWTBundlesRequest;
import io.margay.agents.identity.workload.proto.JWTBundlesResponse;
import io.margay.agents.identity.workload.proto.JWTSVIDRequest;
import io.margay.agents.identity.workload.proto.SpiffeWorkloadAPIGrpc;
import io.margay.agents.identity.workload.proto.X509SVIDRequest;
import io.margay.agents.identity.workload.proto.X509SVIDResponse;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A workload's side of the Workload API, of SPIRE's agent or of ours. It follows the streams, comes
 * back when they break, and always has the newest complete answer; while the other side is away,
 * the last one stays, and expires by itself.
 */
public final class WorkloadApiClient implements AutoCloseable {
  private static final int CALL_SECONDS = 10;
  private static final int LONGEST_PAUSE_SECONDS = 30;

  private final EventLoopGroup loops = new EpollEventLoopGroup(1);
  private final ManagedChannel channel;
  private final SpiffeWorkloadAPIGrpc.SpiffeWorkloadAPIStub streams;
  private final SpiffeWorkloadAPIGrpc.SpiffeWorkloadAPIBlockingStub calls;
  private final List<Consumer<Identity>> listeners = new CopyOnWriteArrayList<>();

  /** The one thread that owns what streams told, and starts them again. */
  private final ScheduledExecutorService owner =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("workload-api-client").daemon().factory());

  private @Nullable X509SVIDResponse x509;
  private @Nullable JWTBundlesResponse jwtBundles;
  private volatile @Nullable Identity current;
  private volatile String problem = "the Workload API has not answered yet";

  /**
   * Who we are and whom we trust.
   *
   * @param svids at least one; the first is the one to use unless a hint says otherwise
   */
  public record Identity(List<IssuedX509> svids, TrustBundles bundles) {

    public Identity {
      svids = List.copyOf(svids);
    }
  }

  private WorkloadApiClient(Path socket) {
    Metadata headers = new Metadata();
    headers.put(PeerInterceptor.HEADER, "true");
    channel =
        NettyChannelBuilder.forAddress(new DomainSocketAddress(socket.toFile()))
            .channelType(EpollDomainSocketChannel.class)
            .eventLoopGroup(loops)
            .usePlaintext()
            .overrideAuthority("localhost")
            .intercept(MetadataUtils.newAttachHeadersInterceptor(headers))
            .build();
    streams = SpiffeWorkloadAPIGrpc.newStub(channel);
    calls = SpiffeWorkloadAPIGrpc.newBlockingStub(channel);
  }

  /** Connects, and goes on connecting for as long as it takes. */
  public static WorkloadApiClient connect(Path socket) {
    WorkloadApiClient client = new WorkloadApiClient(socket);
    client.owner.execute(() -> client.followX509(1));
    client.owner.execute(() -> client.followJwtBundles(1));
    return client;
  }

  /**
   * The path in an address as {@code SPIFFE_ENDPOINT_SOCKET} has it.
   *
   * @throws IllegalArgumentException with what to write instead
   */
  public static Path socketPath(String address) {
    if (address.startsWith("unix:///")) {
      return Path.of(address.substring("unix://".length()));
    }
    if (address.startsWith("unix:/") && !address.startsWith("unix://")) {
      return Path.of(address.substring("unix:".length()));
    }
    throw new IllegalArgumentException(
        "SPIFFE_ENDPOINT_SOCKET \"" + address + "\": write unix:///path/of/socket");
  }

  /** The newest identity; empty until the first complete answer. */
  public Optional<Identity> current() {
    return Optional.ofNullable(current);
  }

  /** The bundles of now; none before the first answer, and then nobody is trusted. */
  public TrustBundles bundles() {
    Identity known = current;
    return known == null ? TrustBundles.of(List.of()) : known.bundles;
  }

  /** Why there is no answer, or no newer one; empty when all is well. */
  public String problem() {
    return problem;
  }

  /** Calls a listener with every later identity. */
  public AutoCloseable listen(Consumer<Identity> listener) {
    listeners.add(listener);
    return () -> listeners.remove(listener);
  }

  /**
   * A JWT-SVID for an audience.
   *
   * @throws IOException if there is none for us
   */
  public String jwtSvid(String audience) throws IOException {
    try {
      return calls
          .withDeadlineAfter(CALL_SECONDS, TimeUnit.SECONDS)
          .fetchJWTSVID(JWTSVIDRequest.newBuilder().addAudience(audience).build())
          .getSvids(0)
          .getSvid();
    } catch (StatusRuntimeException | IndexOutOfBoundsException e) {
      throw new IOException("no JWT-SVID for " + audience + ": " + e.getMessage(), e);
    }
  }

  private void followX509(int pause) {
    streams.fetchX509SVID(
        X509SVIDRequest.getDefaultInstance(),
        new Follower<>(pause, message -> x509 = message, this::followX509));
  }

  private void followJwtBundles(int pause) {
    streams.fetchJWTBundles(
        JWTBundlesRequest.getDefaultInstance(),
        new Follower<>(pause, message -> jwtBundles = message, this::followJwtBundles));
  }

  /** On the owner's thread. */
  private void publish() {
    if (x509 == null || jwtBundles == null) {
      return;
    }
    try {
      Identity identity = WireIdentity.read(x509, jwtBundles);
      current = identity;
      problem = "";
      listeners.forEach(listener -> listener.accept(identity));
    } catch (IOException e) {
      problem = e.getMessage() == null ? "the answer cannot be read" : e.getMessage();
    }
  }

  /** Starts a stream, and after a pause, in seconds, starts it again. */
  @FunctionalInterface
  private interface Restart {
    void after(int pause);
  }

  private final class Follower<T> implements StreamObserver<T> {
    private final Consumer<T> keep;
    private final Restart restart;
    private int pause;

    Follower(int pause, Consumer<T> keep, Restart restart) {
      this.pause = pause;
      this.keep = keep;
      this.restart = restart;
    }

    @Override
    public void onNext(T message) {
      onOwner(() -> {
        pause = 1;
        keep.accept(message);
        publish();
      });
    }

    @Override
    public void onError(Throwable broken) {
      Status status = Status.fromThrowable(broken);
      onOwner(() -> {
        problem = "the Workload API: " + status.getCode() + " " + status.getDescription();
        if (status.getCode() == Status.Code.PERMISSION_DENIED) {
          // We are nobody any more, and what we were told is not to be used.
          current = null;
        }
        again();
      });
    }

    @Override
    public void onCompleted() {
      onOwner(this::again);
    }

    private void again() {
      int next = Math.min(2 * pause, LONGEST_PAUSE_SECONDS);
      owner.schedule(() -> restart.after(next), pause, TimeUnit.SECONDS);
    }

    private void onOwner(Runnable task) {
      if (!owner.isShutdown()) {
        owner.execute(task);
      }
    }
  }

  @Override
  public void close() {
    owner.shutdownNow();
    channel.shutdownNow();
    loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
  }
}
