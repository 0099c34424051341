package io.margay.agents.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import com.google.rpc.ErrorInfo;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import io.margay.agents.gateway.a2a.grpc.proto.A2AServiceGrpc.A2AServiceBlockingStub;
import io.margay.agents.gateway.a2a.grpc.proto.CancelTaskRequest;
import io.margay.agents.gateway.a2a.grpc.proto.DeleteTaskPushNotificationConfigRequest;
import io.margay.agents.gateway.a2a.grpc.proto.GetExtendedAgentCardRequest;
import io.margay.agents.gateway.a2a.grpc.proto.GetTaskPushNotificationConfigRequest;
import io.margay.agents.gateway.a2a.grpc.proto.GetTaskRequest;
import io.margay.agents.gateway.a2a.grpc.proto.ListTaskPushNotificationConfigsRequest;
import io.margay.agents.gateway.a2a.grpc.proto.ListTasksRequest;
import io.margay.agents.gateway.a2a.grpc.proto.SendMessageRequest;
import io.margay.agents.gateway.a2a.grpc.proto.SubscribeToTaskRequest;
import io.margay.agents.gateway.a2a.grpc.proto.TaskPushNotificationConfig;
import io.margay.agents.gateway.a2a.grpc.proto.TaskState;
import io.margay.agents.identity.World;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Calls over gRPC: decided, recorded and refused as those over JSON-RPC. */
@Timeout(120)
class A2aGrpcTest extends A2aOverGrpc {
  private static ErrorInfo info(StatusRuntimeException error) throws Exception {
    com.google.rpc.Status status = StatusProto.fromThrowable(error);
    Any detail = status.getDetails(0);
    return detail.unpack(ErrorInfo.class);
  }

  @Test
  void everyMethodIsDecidedAndAnsweredAsItsTwinInJsonRpc() {
    A2AServiceBlockingStub a2a = stub();
    assertThat(a2a.sendMessage(HELLO).getTask().getId()).isEqualTo("t1");
    assertThat(a2a.sendStreamingMessage(HELLO).next().getTask().getId()).isEqualTo("t1");
    assertThat(a2a.getTask(GetTaskRequest.newBuilder().setTenant("planner").setId("t1").build()))
        .extracting(task -> task.getStatus().getState())
        .isEqualTo(TaskState.TASK_STATE_WORKING);
    assertThat(
            a2a.listTasks(ListTasksRequest.newBuilder().setTenant("planner").build())
                .getTotalSize())
        .isOne();
    a2a.cancelTask(CancelTaskRequest.newBuilder().setTenant("planner").setId("t1").build());
    a2a.subscribeToTask(
            SubscribeToTaskRequest.newBuilder().setTenant("planner").setId("t1").build())
        .next();
    a2a.createTaskPushNotificationConfig(
        TaskPushNotificationConfig.newBuilder()
            .setTenant("planner")
            .setTaskId("t1")
            .setUrl("https://198.51.100.1/hook")
            .build());
    a2a.getTaskPushNotificationConfig(
        GetTaskPushNotificationConfigRequest.newBuilder().setTenant("planner").build());
    assertThat(
            a2a.listTaskPushNotificationConfigs(
                    ListTaskPushNotificationConfigsRequest.newBuilder()
                        .setTenant("planner")
                        .build())
                .getConfigs(0)
                .getUrl())
        .isEqualTo("https://198.51.100.1/hook");
    a2a.deleteTaskPushNotificationConfig(
        DeleteTaskPushNotificationConfigRequest.newBuilder().setTenant("planner").build());
    assertThat(
            a2a.getExtendedAgentCard(
                    GetExtendedAgentCardRequest.newBuilder().setTenant("planner").build())
                .getName())
        .isEqualTo("Planner");

    assertThat(harness.decided)
        .extracting(call -> call.action())
        .containsExactly(
            "sendMessage",
            "sendMessage",
            "getTask",
            "listTasks",
            "cancelTask",
            "subscribe",
            "setPushConfig",
            "getPushConfig",
            "getPushConfig",
            "deletePushConfig",
            "getCard");
    assertThat(harness.decided.getFirst().caller().workload())
        .isEqualTo(World.id("buyer").toString());
    assertThat(harness.decided.getFirst().arguments().at("/message/parts/0/text").asText())
        .isEqualTo("hi");
    assertThat(harness.backend.received())
        .hasSize(11)
        .allSatisfy(received -> {
          assertThat(json(received).path("params").has("tenant")).isFalse();
          assertThat(received.header("Authorization"))
              .startsWith("Bearer ")
              .doesNotContain(world.userToken());
        });
  }

  @ParameterizedTest
  @CsvSource({
    "-32001, TASK_NOT_FOUND, NOT_FOUND",
    "-32002, TASK_NOT_CANCELABLE, FAILED_PRECONDITION",
    "-32003, PUSH_NOTIFICATION_NOT_SUPPORTED, UNIMPLEMENTED",
    "-32004, UNSUPPORTED_OPERATION, UNIMPLEMENTED",
    "-32005, CONTENT_TYPE_NOT_SUPPORTED, INVALID_ARGUMENT",
    "-32006, INVALID_AGENT_RESPONSE, INTERNAL",
    "-32007, EXTENDED_AGENT_CARD_NOT_CONFIGURED, FAILED_PRECONDITION",
    "-32008, EXTENSION_SUPPORT_REQUIRED, FAILED_PRECONDITION",
    "-32602, INVALID_PARAMS, INVALID_ARGUMENT",
    "-32603, INTERNAL_ERROR, INTERNAL"
  })
  void errorsOfTheAgentKeepTheirMeaning(int code, String reason, Code expected) throws Exception {
    agent =
        (_, exchange) ->
            Backend.json(
                exchange,
                200,
                """
                {"jsonrpc":"2.0","id":1,"error":{"code":%d,"message":"no","data":[
                {"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"%s",
                "domain":"a2a-protocol.org","metadata":{"task":"t1"}}]}}
                """
                    .formatted(code, reason));
    StatusRuntimeException error = refused(() -> stub().sendMessage(HELLO));
    assertThat(error.getStatus().getCode()).isEqualTo(expected);
    assertThat(error.getStatus().getDescription()).isEqualTo("no");
    assertThat(info(error).getReason()).isEqualTo(reason);
    assertThat(info(error).getMetadataMap()).containsEntry("task", "t1");
  }

  @Test
  void whatIsNoAnswerOfA2aIsNotPassedOn() {
    agent = (_, exchange) -> Backend.json(exchange, 500, "<h1>oh</h1>");
    StatusRuntimeException error = refused(() -> stub().sendMessage(HELLO));
    assertThat(error.getStatus().getCode()).isEqualTo(Code.INTERNAL);
    assertThat(error.getStatus().getDescription()).contains("HTTP 500");
    agent = (_, exchange) -> Backend.json(exchange, 200, "{\"result\":{\"task\":7}}");
    assertThat(refused(() -> stub().sendMessage(HELLO)).getStatus().getCode())
        .isEqualTo(Code.INTERNAL);
  }

  @Test
  void aDenialNamesThePolicyAndReachesNobody() throws Exception {
    harness.rule = _ -> Harness.deny("not your planner");
    StatusRuntimeException error = refused(() -> stub().sendMessage(HELLO));
    assertThat(error.getStatus().getCode()).isEqualTo(Code.PERMISSION_DENIED);
    assertThat(error.getStatus().getDescription()).contains("p-deny");
    assertThat(info(error).getReason()).isEqualTo("POLICY_DENIED");
    assertThat(harness.backend.received()).isEmpty();
  }

  @Test
  void aHeldMessageIsATaskThatNeedsAnAuthorization() {
    harness.rule = _ -> Harness.hold();
    assertThat(stub().sendMessage(HELLO).getTask().getStatus().getState())
        .isEqualTo(TaskState.TASK_STATE_AUTH_REQUIRED);
    assertThat(stub().sendStreamingMessage(HELLO).next().getTask().getStatus().getState())
        .isEqualTo(TaskState.TASK_STATE_AUTH_REQUIRED);
    assertThat(harness.backend.received()).isEmpty();
  }

  @Test
  void whoIsNotKnownOrDoesNotSayWhatItMeansIsRefused() {
    StatusRuntimeException stranger =
        refused(() -> stub("Bearer forged", "1.0").sendMessage(HELLO));
    assertThat(stranger.getStatus().getCode()).isEqualTo(Code.UNAUTHENTICATED);
    assertThat(refusals).singleElement().asString().startsWith("a2a/planner: ");

    String token = "Bearer " + world.userToken();
    StatusRuntimeException old = refused(() -> stub(token, "").sendMessage(HELLO));
    assertThat(old.getStatus().getCode()).isEqualTo(Code.UNIMPLEMENTED);
    assertThat(old.getStatus().getDescription()).contains("A2A-Version: 1.0");

    assertThat(tenant("").getDescription()).contains("write the name of the agent");
    assertThat(tenant("nobody").getCode()).isEqualTo(Code.NOT_FOUND);
    assertThat(tenant("planner/tasks").getCode()).isEqualTo(Code.NOT_FOUND);
    assertThat(tenant("../mcp/crm").getCode()).isEqualTo(Code.NOT_FOUND);
    assertThat(harness.backend.received()).isEmpty();
  }

  private io.grpc.Status tenant(String name) {
    SendMessageRequest request = HELLO.toBuilder().setTenant(name).build();
    return refused(() -> stub().sendMessage(request)).getStatus();
  }
}
