package io.margay.flows.collect;

import static io.margay.flows.Fixtures.DENIED;
import static io.margay.flows.Fixtures.judged;
import static io.margay.flows.Fixtures.tcp;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.grpc.Grpc;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.TlsChannelCredentials;
import io.margay.flows.DropCounters;
import io.margay.flows.goldmane.FlowsApi;
import io.margay.flows.goldmane.proto.FlowsGrpc;
import io.margay.flows.goldmane.proto.Wire;
import io.margay.flows.history.FlowHistory;
import io.margay.flows.query.MemoryFlowReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Both sides show a certificate that the other's authority has signed, or there is no call. */
@Timeout(60)
class TlsTest {
  private static final InstantSource CLOCK = InstantSource.system();

  @TempDir Path folder;
  private final DurableIngest ingest = new DurableIngest();
  private TestAuthority authority;
  private TestAuthority stranger;
  private FlowServer server;

  @BeforeEach
  void start() throws Exception {
    authority = new TestAuthority(folder.resolve("ours"), "ours");
    stranger = new TestAuthority(folder.resolve("theirs"), "theirs");
    MemoryFlowReader reader = new MemoryFlowReader(() -> FlowHistory.EMPTY);
    server =
        FlowServer.start(
            new FlowAddress.Tcp("127.0.0.1", 0),
            authority.issue("server"),
            List.of(
                new Collector(ingest, new DropCounters(), CLOCK),
                new FlowsApi(reader, filter -> Optional.empty(), CLOCK)),
            new CallEndings());
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private FlowAddress.Tcp address() {
    return new FlowAddress.Tcp("127.0.0.1", server.port());
  }

  private static void list(ManagedChannel channel) {
    FlowsGrpc.newBlockingStub(channel)
        .withDeadlineAfter(20, TimeUnit.SECONDS)
        .list(Wire.FlowListRequest.getDefaultInstance());
  }

  @Test
  void aKnownClientIsServed() throws Exception {
    try (FlowChannel channel = FlowChannel.to(address(), authority.issue("client"))) {
      list(channel.channel());
    }
  }

  @Test
  void aNodeBringsItsFlows() throws Exception {
    try (FlowSender sender =
        FlowSender.start(
            new FlowSender.Config(
                "node-1", address(), authority.issue("node"), folder.resolve("spool")),
            CLOCK)) {
      sender.accept(judged(Instant.now(), tcp("10.0.0.1", 1, "10.0.0.2", 80), DENIED));
      await().untilAsserted(() -> assertThat(ingest.started()).isEqualTo(1));
    }
  }

  @Test
  void aClientOfAnotherAuthorityIsNot() throws Exception {
    TlsFiles theirs = stranger.issue("client");
    TlsFiles believing =
        new TlsFiles(theirs.certificate(), theirs.key(), folder.resolve("ours/ca.crt"));
    try (FlowChannel channel = FlowChannel.to(address(), believing)) {
      assertThatThrownBy(() -> list(channel.channel())).isInstanceOf(StatusRuntimeException.class);
    }
  }

  @Test
  void aClientWithoutACertificateIsNot() throws IOException {
    ManagedChannel channel =
        Grpc.newChannelBuilder(
                "127.0.0.1:" + server.port(),
                TlsChannelCredentials.newBuilder()
                    .trustManager(folder.resolve("ours/ca.crt").toFile())
                    .build())
            .build();
    try {
      assertThatThrownBy(() -> list(channel)).isInstanceOf(StatusRuntimeException.class);
    } finally {
      channel.shutdownNow();
    }
  }

  @Test
  void aPlainClientIsNot() {
    try (FlowChannel channel = FlowChannel.to(address(), null)) {
      assertThatThrownBy(() -> list(channel.channel())).isInstanceOf(StatusRuntimeException.class);
    }
  }

  @Test
  void aServerOfAnotherAuthorityIsNotBelieved() throws Exception {
    try (FlowChannel channel = FlowChannel.to(address(), stranger.issue("client"))) {
      assertThatThrownBy(() -> list(channel.channel())).isInstanceOf(StatusRuntimeException.class);
    }
  }

  @Test
  void beyondLoopbackThereIsNoPlainText() {
    FlowAddress everywhere = new FlowAddress.Tcp("0.0.0.0", 0);
    assertThatThrownBy(() -> FlowServer.start(everywhere, null, List.of(), new CallEndings()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("give TLS files");
    assertThatThrownBy(() -> FlowChannel.to(new FlowAddress.Tcp("192.0.2.1", 7443), null))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void filesThatAreNoneAreSaidSo() throws Exception {
    assertThatThrownBy(() ->
            new TlsFiles(folder.resolve("nothing"), folder.resolve("no"), folder.resolve("n")))
        .hasMessageContaining("the TLS certificate")
        .hasMessageContaining("cannot be read");
    TlsFiles good = authority.issue("server-2");
    TlsFiles broken =
        new TlsFiles(
            Files.writeString(folder.resolve("broken.crt"), "no certificate"),
            good.key(),
            good.authority());
    assertThatThrownBy(() ->
            FlowServer.start(
                new FlowAddress.Tcp("127.0.0.1", 0), broken, List.of(), new CallEndings()))
        .hasMessageContaining("TLS files cannot be used");
  }
}
