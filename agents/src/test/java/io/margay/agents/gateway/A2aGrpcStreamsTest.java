package io.margay.agents.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Context;
import io.grpc.Status;
import io.grpc.Status.Code;
import io.margay.agents.gateway.a2a.grpc.proto.A2AServiceGrpc;
import io.margay.agents.gateway.a2a.grpc.proto.SendMessageRequest;
import io.margay.agents.gateway.a2a.grpc.proto.StreamResponse;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Iterator;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Streams over gRPC: as they come, no faster than they are read, and ended with their call. */
@Timeout(120)
class A2aGrpcStreamsTest extends A2aOverGrpc {
  private void streams(String... events) {
    agent =
        (_, exchange) -> {
          exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
          exchange.sendResponseHeaders(200, 0);
          OutputStream out = exchange.getResponseBody();
          for (String event : events) {
            out.write(event.getBytes(StandardCharsets.UTF_8));
            out.flush();
            try {
              goOn.await(60, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
          }
        };
  }

  private static String event(String result) {
    return "data: {\"jsonrpc\":\"2.0\",\"id\":1,\"result\":" + result + "}\r\n\r\n";
  }

  @Test
  void aStreamPassesEachEventAsItComes() {
    streams(
        event("{\"task\":" + TASK + "}"),
        ": quiet\n\n"
            + event("{\"statusUpdate\":{\"taskId\":\"t1\"}}")
            + "data: {\"error\":{\"code\":-32004,\"message\":\"over\"}}\n\n");
    Iterator<StreamResponse> events = stub().sendStreamingMessage(HELLO);
    assertThat(events.next().getTask().getId()).isEqualTo("t1");
    goOn.countDown();
    assertThat(events.next().getStatusUpdate().getTaskId()).isEqualTo("t1");
    assertThat(end(events).getCode()).isEqualTo(Code.UNIMPLEMENTED);
    await().atMost(PATIENCE).until(() -> harness.outcomes.contains("ok 200"));
  }

  @Test
  void aCutEndsTheStream() {
    streams(event("{\"task\":" + TASK + "}"));
    Iterator<StreamResponse> events = stub().sendStreamingMessage(HELLO);
    events.next();
    assertThat(harness.open.cut(caller -> caller.workload().endsWith("/buyer"))).isOne();
    assertThat(end(events).getCode()).isEqualTo(Code.ABORTED);
    await().atMost(PATIENCE).until(() -> harness.outcomes.contains("cut-off 200"));
  }

  @Test
  void aClientThatLeavesEndsTheCallToTheAgent() {
    streams(event("{\"task\":" + TASK + "}"));
    Context.CancellableContext leaving = Context.current().withCancellation();
    leaving.run(() -> stub().sendStreamingMessage(HELLO).next());
    leaving.cancel(null);
    await().atMost(PATIENCE).until(() -> harness.open.size() == 0);
    await().atMost(PATIENCE).until(() -> harness.outcomes.contains("cancelled 200"));
  }

  /** What a slow client does not take waits at the agent, not in the gateway's memory. */
  @Test
  void aSlowClientKeepsItsAgentWaiting() {
    int most = 2_000;
    AtomicInteger sent = new AtomicInteger();
    byte[] event =
        event("{\"message\":{\"messageId\":\"" + "x".repeat(64 << 10) + "\"}}")
            .getBytes(StandardCharsets.UTF_8);
    agent =
        (_, exchange) -> {
          exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
          exchange.sendResponseHeaders(200, 0);
          while (sent.get() < most) {
            exchange.getResponseBody().write(event);
            sent.incrementAndGet();
          }
        };
    ClientCall<SendMessageRequest, StreamResponse> call =
        channel.newCall(A2AServiceGrpc.getSendStreamingMessageMethod(), CallOptions.DEFAULT);
    call.start(new ClientCall.Listener<>() {}, headers("Bearer " + world.userToken(), "1.0"));
    call.sendMessage(HELLO);
    call.halfClose();
    call.request(1);

    AtomicReference<Integer> before = new AtomicReference<>(0);
    await()
        .atMost(Duration.ofSeconds(60))
        .pollInterval(Duration.ofMillis(500))
        .until(() -> sent.get() > 0 && before.getAndSet(sent.get()) == sent.get());
    assertThat(sent.get()).isLessThan(most);
    call.cancel("seen enough", null);
    await().atMost(PATIENCE).until(() -> harness.open.size() == 0);
  }

  private static Status end(Iterator<StreamResponse> events) {
    return refused(() -> assertThat(events.hasNext()).isTrue()).getStatus();
  }
}
