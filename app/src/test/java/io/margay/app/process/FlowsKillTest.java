package io.margay.app.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.grpc.stub.StreamObserver;
import io.margay.flows.collect.FlowAddress;
import io.margay.flows.collect.FlowChannel;
import io.margay.flows.goldmane.proto.FlowCollectorGrpc;
import io.margay.flows.goldmane.proto.FlowsGrpc;
import io.margay.flows.goldmane.proto.Wire;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** SIGKILL of the flows process under load: every acknowledged update is in the history, once. */
@Timeout(300)
class FlowsKillTest {
  private static final Duration START = Duration.ofSeconds(60);
  private static final int KILLS = 3;
  private static final int KEYS = 50;

  @TempDir Path folder;
  private Process process;

  /** Numbers updates, and remembers how many have a receipt. */
  private long acknowledged;

  private long sent;

  private Path socket() {
    return folder.resolve("flows.sock");
  }

  private void startServer() throws Exception {
    Path resources = Files.createDirectories(folder.resolve("resources"));
    CountDownLatch told = new CountDownLatch(1);
    process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-Xmx400m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                "io.margay.app.Main",
                "flows",
                "serve",
                "--from=" + resources,
                "--console-port=0",
                "--history=" + folder.resolve("history"),
                "--listen=unix:" + socket())
            .redirectErrorStream(true)
            .start();
    BufferedReader output =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    Thread.startVirtualThread(() ->
        output
            .lines()
            .peek(line -> System.out.println("flows process: " + line))
            .filter(line -> line.startsWith("page"))
            .forEach(line -> told.countDown()));
    assertThat(told.await(START.toMillis(), TimeUnit.MILLISECONDS)).isTrue();
  }

  @AfterEach
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  private Wire.FlowUpdate update(long number) {
    Instant bucket = Instant.ofEpochSecond(Instant.now().getEpochSecond() / 15 * 15);
    return Wire.FlowUpdate.newBuilder()
        .setFlow(
            Wire.Flow.newBuilder()
                .setKey(
                    Wire.FlowKey.newBuilder()
                        .setSourceName("web-*")
                        .setSourceNamespace("shop")
                        .setSourceType(Wire.EndpointType.WorkloadEndpoint)
                        .setDestName("cart-*")
                        .setDestNamespace("shop")
                        .setDestType(Wire.EndpointType.WorkloadEndpoint)
                        .setDestPort(number % KEYS + 1)
                        .setProto("tcp")
                        .setReporter(Wire.Reporter.Dst)
                        .setAction(Wire.Action.Allow))
                .setStartTime(bucket.getEpochSecond())
                .setEndTime(bucket.getEpochSecond() + 15)
                .setNumConnectionsStarted(1))
        .setSender(
            Wire.Sender.newBuilder().setLife("node-1-a").setSequence(number).setNode("node-1"))
        .build();
  }

  /** Sends without a pause until the server is killed. */
  private void sendUntilKilled(Duration after) throws InterruptedException {
    AtomicLong receipts = new AtomicLong();
    AtomicBoolean broken = new AtomicBoolean();
    try (FlowChannel channel = FlowChannel.to(new FlowAddress.UnixSocket(socket()), null)) {
      StreamObserver<Wire.FlowUpdate> updates =
          FlowCollectorGrpc.newStub(channel.channel())
              .connect(
                  new StreamObserver<>() {
                    @Override
                    public void onNext(Wire.FlowReceipt receipt) {
                      receipts.incrementAndGet();
                    }

                    @Override
                    public void onError(Throwable reason) {
                      broken.set(true);
                    }

                    @Override
                    public void onCompleted() {
                      broken.set(true);
                    }
                  });
      Thread killer =
          Thread.startVirtualThread(() -> {
            try {
              await().atMost(START).until(() -> receipts.get() > 1_000);
              Thread.sleep(after);
              process.destroyForcibly();
            } catch (InterruptedException e) {
              throw new IllegalStateException(e);
            }
          });
      long number = acknowledged;
      while (!broken.get()) {
        if (number - acknowledged - receipts.get() < 4_000) {
          number++;
          updates.onNext(update(number));
        } else {
          LockSupport.parkNanos(100_000);
        }
      }
      killer.join();
      process.waitFor();
      sent = Math.max(sent, number);
      acknowledged += receipts.get();
    }
  }

  private void sendRest() {
    AtomicLong receipts = new AtomicLong();
    try (FlowChannel channel = FlowChannel.to(new FlowAddress.UnixSocket(socket()), null)) {
      StreamObserver<Wire.FlowUpdate> updates =
          FlowCollectorGrpc.newStub(channel.channel())
              .connect(
                  new StreamObserver<>() {
                    @Override
                    public void onNext(Wire.FlowReceipt receipt) {
                      receipts.incrementAndGet();
                    }

                    @Override
                    public void onError(Throwable reason) {}

                    @Override
                    public void onCompleted() {}
                  });
      for (long number = acknowledged + 1; number <= sent; number++) {
        updates.onNext(update(number));
      }
      await().atMost(START).until(() -> receipts.get() == sent - acknowledged);
    }
  }

  private long started() {
    try (FlowChannel channel = FlowChannel.to(new FlowAddress.UnixSocket(socket()), null)) {
      return FlowsGrpc.newBlockingStub(channel.channel())
          .list(Wire.FlowListRequest.getDefaultInstance())
          .getFlowsList()
          .stream()
          .mapToLong(flow -> flow.getFlow().getNumConnectionsStarted())
          .sum();
    }
  }

  @Test
  void everyAcknowledgedUpdateIsInTheHistoryOnce() throws Exception {
    Random random = new Random(11);
    startServer();
    for (int kill = 0; kill < KILLS; kill++) {
      sendUntilKilled(Duration.ofMillis(random.nextInt(400)));
      System.out.println(
          "killed after " + acknowledged + " receipts, " + sent + " updates were sent");
      startServer();
      // What was stored and not acknowledged may be there as well.
      await()
          .atMost(START)
          .untilAsserted(() -> assertThat(started()).isBetween(acknowledged, sent));
    }
    sendRest();
    await().atMost(START).untilAsserted(() -> assertThat(started()).isEqualTo(sent));
    assertThat(acknowledged).isGreaterThan(KILLS * 1_000L);
  }
}
