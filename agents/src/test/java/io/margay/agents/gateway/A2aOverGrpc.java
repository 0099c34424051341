package io.margay.agents.gateway;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.MetadataUtils;
import io.margay.agents.gateway.a2a.grpc.A2aService;
import io.margay.agents.gateway.a2a.grpc.proto.A2AServiceGrpc;
import io.margay.agents.gateway.a2a.grpc.proto.A2AServiceGrpc.A2AServiceBlockingStub;
import io.margay.agents.gateway.a2a.grpc.proto.Message;
import io.margay.agents.gateway.a2a.grpc.proto.Part;
import io.margay.agents.gateway.a2a.grpc.proto.Role;
import io.margay.agents.gateway.a2a.grpc.proto.SendMessageRequest;
import io.margay.agents.gateway.gate.CallGate;
import io.margay.agents.gateway.grpc.GrpcServer;
import io.margay.agents.gateway.http.Upstream;
import io.margay.agents.gateway.parts.VerifiedIdentities;
import io.margay.agents.identity.World;
import io.margay.agents.identity.http.OAuthMetadata;
import io.margay.agents.identity.spiffe.X509Svids;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A door of A2A over gRPC and mutual TLS, with an agent behind it that speaks JSON-RPC. */
abstract class A2aOverGrpc {
  static final Duration PATIENCE = Duration.ofSeconds(30);
  static final String TASK = "{\"id\":\"t1\",\"status\":{\"state\":\"TASK_STATE_WORKING\"}}";
  static final String HOOK = "{\"taskId\":\"t1\",\"url\":\"https://198.51.100.1/hook\"}";
  static final SendMessageRequest HELLO =
      SendMessageRequest.newBuilder()
          .setTenant("planner")
          .setMessage(
              Message.newBuilder()
                  .setMessageId("m1")
                  .setRole(Role.ROLE_USER)
                  .addParts(Part.newBuilder().setText("hi")))
          .build();

  @TempDir Path directory;
  private final Upstream upstream = new Upstream();
  final List<String> refusals = new CopyOnWriteArrayList<>();
  final CountDownLatch goOn = new CountDownLatch(1);
  volatile Backend.Answering agent =
      (received, exchange) -> Backend.json(exchange, 200, answer(received));
  World world;
  Harness harness;
  private GrpcServer server;
  ManagedChannel channel;

  @BeforeEach
  void start() throws Exception {
    harness = new Harness((received, exchange) -> agent.answer(received, exchange));
    world = new World(directory);
    VerifiedIdentities identities =
        new VerifiedIdentities(
            world.verifier,
            world.hopTokens,
            new OAuthMetadata(URI.create(World.GATEWAY), "/token", List.of()),
            () -> world.holder("gateway"),
            (who, at, reason) -> refusals.add(at + ": " + reason));
    CallGate gate = harness.gate(harness);
    Doors doors =
        harness
            .parts(identities, identities)
            .over(gate, new Forwarder(gate, upstream, InstantSource.system()));
    server =
        GrpcServer.start(
            "the test",
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            new GrpcServer.Tls(
                () -> world.agent("gateway"),
                new X509Svids(world.authority::bundles, world.clock),
                false,
                refusals::add),
            new A2aService(doors).bindService());
    channel = GrpcClients.of(world, "buyer", server.port());
  }

  @AfterEach
  void stop() throws InterruptedException {
    goOn.countDown();
    channel.shutdownNow().awaitTermination(10, TimeUnit.SECONDS);
    server.close();
    upstream.close();
    world.close();
    harness.close();
  }

  /** What an agent answers to each method. */
  static String answer(Backend.Received received) {
    String method = method(received);
    String result =
        switch (method) {
          case "SendMessage", "SendStreamingMessage", "SubscribeToTask" ->
              "{\"task\":" + TASK + ",\"newer\":\"than this schema\"}";
          case "GetTask", "CancelTask" -> TASK;
          case "ListTasks" -> "{\"tasks\":[" + TASK + "],\"totalSize\":1}";
          case "ListTaskPushNotificationConfigs" -> "{\"configs\":[" + HOOK + "]}";
          case "DeleteTaskPushNotificationConfig" -> "null";
          case "GetExtendedAgentCard" -> "{\"name\":\"Planner\",\"skills\":[{\"id\":\"plan\"}]}";
          default -> HOOK;
        };
    return "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":" + result + "}";
  }

  static String method(Backend.Received received) {
    return json(received).path("method").asText();
  }

  static JsonNode json(Backend.Received received) {
    try {
      return Harness.JSON.readTree(received.body());
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  Metadata headers(String token, String version) {
    Metadata headers = new Metadata();
    put(headers, "authorization", token);
    put(headers, "a2a-version", version);
    return headers;
  }

  static void put(Metadata headers, String name, String value) {
    if (!value.isEmpty()) {
      headers.put(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER), value);
    }
  }

  A2AServiceBlockingStub stub(String token, String version) {
    return A2AServiceGrpc.newBlockingStub(channel)
        .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers(token, version)));
  }

  A2AServiceBlockingStub stub() {
    return stub("Bearer " + world.userToken(), "1.0");
  }

  static StatusRuntimeException refused(Runnable call) {
    return catchThrowableOfType(StatusRuntimeException.class, call::run);
  }
}
