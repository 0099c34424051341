package io.margay.agents.identity.workload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
import io.margay.agents.identity.TurnedClock;
import io.margay.agents.identity.spiffe.SpiffeAuthority;
import io.margay.agents.identity.spiffe.SpiffeId;
import io.margay.agents.identity.workload.proto.JWTSVIDRequest;
import io.margay.agents.identity.workload.proto.SpiffeWorkloadAPIGrpc;
import io.margay.agents.identity.workload.proto.SpiffeWorkloadAPIGrpc.SpiffeWorkloadAPIBlockingStub;
import io.margay.agents.identity.workload.proto.ValidateJWTSVIDRequest;
import io.margay.agents.identity.workload.proto.ValidateJWTSVIDResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The API's calls, made with the plain stubs. */
class WorkloadHeaderTest {
  private static final SpiffeId ME = SpiffeId.of("spiffe://shop.example/agent/me");

  @TempDir private Path directory;
  private final TurnedClock clock = new TurnedClock();
  private final EventLoopGroup loops = new EpollEventLoopGroup(1);
  private SpiffeAuthority authority;
  private WorkloadApiServer server;
  private ManagedChannel channel;

  @BeforeEach
  void begin() throws Exception {
    Path socket = directory.resolve("api.sock");
    authority =
        SpiffeAuthority.open(
            directory.resolve("keys"), SpiffeAuthority.Config.of("shop.example"), clock);
    Registrations.Entry entry =
        new Registrations.Entry(
            ME,
            List.of(new Selector.Pid(Math.toIntExact(ProcessHandle.current().pid()))),
            "internal");
    server = WorkloadApiServer.start(socket, authority, new Registrations(List.of(entry)), clock);
    channel =
        NettyChannelBuilder.forAddress(new DomainSocketAddress(socket.toFile()))
            .channelType(EpollDomainSocketChannel.class)
            .eventLoopGroup(loops)
            .usePlaintext()
            .build();
  }

  @AfterEach
  void end() {
    channel.shutdownNow();
    server.close();
    loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
  }

  private SpiffeWorkloadAPIBlockingStub stub() {
    Metadata headers = new Metadata();
    headers.put(PeerInterceptor.HEADER, "true");
    return SpiffeWorkloadAPIGrpc.newBlockingStub(channel)
        .withDeadlineAfter(10, TimeUnit.SECONDS)
        .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers));
  }

  @Test
  void callsWithoutTheHeaderAreRefused() {
    JWTSVIDRequest request = JWTSVIDRequest.newBuilder().addAudience("a").build();
    assertThatThrownBy(() ->
            SpiffeWorkloadAPIGrpc.newBlockingStub(channel)
                .withDeadlineAfter(10, TimeUnit.SECONDS)
                .fetchJWTSVID(request))
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            e -> assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT));
    assertThat(stub().fetchJWTSVID(request).getSvids(0).getHint()).isEqualTo("internal");
  }

  @Test
  void anSvidOfAnotherWorkloadIsNotGiven() {
    assertThatThrownBy(() ->
            stub()
                .fetchJWTSVID(
                    JWTSVIDRequest.newBuilder()
                        .addAudience("a")
                        .setSpiffeId("spiffe://shop.example/agent/other")
                        .build()))
        .hasMessageContaining("PERMISSION_DENIED");
  }

  @Test
  void tokensAreValidatedForTheirAudience() {
    String svid = authority.issueJwt(ME, List.of("us", "them")).token();
    ValidateJWTSVIDResponse response =
        stub()
            .validateJWTSVID(
                ValidateJWTSVIDRequest.newBuilder().setAudience("us").setSvid(svid).build());
    assertThat(response.getSpiffeId()).isEqualTo(ME.toString());
    assertThat(
            response
                .getClaims()
                .getFieldsOrThrow("aud")
                .getListValue()
                .getValues(1)
                .getStringValue())
        .isEqualTo("them");
    assertThatThrownBy(() ->
            stub()
                .validateJWTSVID(
                    ValidateJWTSVIDRequest.newBuilder()
                        .setAudience("others")
                        .setSvid(svid)
                        .build()))
        .hasMessageContaining("INVALID_ARGUMENT: JWT-SVID: for another audience (aud)");
  }
}
