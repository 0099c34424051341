package io.margay.agents.gateway;

import static io.margay.agents.gateway.Harness.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.nimbusds.jose.jwk.JWKSet;
import io.margay.agents.gateway.a2a.AgentCards;
import io.margay.agents.identity.token.KeyRotation;
import io.margay.agents.identity.token.RefusedTokenException;
import io.margay.agents.identity.token.RotatingKeys;
import io.margay.agents.identity.token.VerificationKeys;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Messages between agents through a running gateway, in both bindings. */
class A2aDoorTest {
  private static final String MESSAGE =
      "\"message\":{\"messageId\":\"m1\",\"role\":\"ROLE_USER\",\"parts\":[{\"text\":\"hi\"}]}";

  private Harness harness;

  @BeforeEach
  void start() throws Exception {
    harness =
        new Harness((received, exchange) ->
            Backend.json(exchange, 200, "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"ok\":1}}"));
  }

  @AfterEach
  void stop() {
    harness.close();
  }

  private HttpResponse<String> rpc(String method, String params) throws Exception {
    String body =
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"%s\",\"params\":{%s}}"
            .formatted(method, params);
    HttpRequest request =
        harness
            .request("/a2a/planner")
            .header("A2A-Version", "1.0")
            .POST(BodyPublishers.ofString(body))
            .build();
    return harness.send(request);
  }

  private HttpResponse<String> rest(String method, String path, String body) throws Exception {
    HttpRequest request =
        harness
            .request("/a2a/planner" + path)
            .header("A2A-Version", "1.0")
            .method(method, BodyPublishers.ofString(body))
            .build();
    return harness.send(request);
  }

  @ParameterizedTest
  @CsvSource({
    "SendMessage, sendMessage",
    "SendStreamingMessage, sendMessage",
    "GetTask, getTask",
    "ListTasks, listTasks",
    "CancelTask, cancelTask",
    "SubscribeToTask, subscribe",
    "GetTaskPushNotificationConfig, getPushConfig",
    "ListTaskPushNotificationConfigs, getPushConfig",
    "DeleteTaskPushNotificationConfig, deletePushConfig",
    "GetExtendedAgentCard, getCard"
  })
  void everyOperationIsAnAction(String method, String action) throws Exception {
    assertThat(json(rpc(method, "\"id\":\"t1\"," + MESSAGE)).at("/result/ok").asInt()).isOne();
    assertThat(harness.decided.getFirst().action()).isEqualTo(action);
    assertThat(harness.backend.received().getFirst().header("Authorization"))
        .isEqualTo("Bearer token-for-/planner");
  }

  @ParameterizedTest
  @CsvSource({
    "POST, /message:send, sendMessage",
    "POST, /message:stream, sendMessage",
    "GET, /tasks?pageSize=5, listTasks",
    "GET, /tasks/t1, getTask",
    "POST, /tasks/t1:cancel, cancelTask",
    "POST, /tasks/t1:subscribe, subscribe",
    "GET, /tasks/t1/pushNotificationConfigs, getPushConfig",
    "DELETE, /tasks/t1/pushNotificationConfigs/c1, deletePushConfig",
    "GET, /extendedAgentCard, getCard"
  })
  void soIsEveryRestRequest(String method, String path, String action) throws Exception {
    assertThat(rest(method, path, "").statusCode()).isEqualTo(200);
    assertThat(harness.decided.getFirst().action()).isEqualTo(action);
    assertThat(harness.backend.received().getFirst().path()).isEqualTo("/a2a" + path);
  }

  @ParameterizedTest
  @CsvSource({
    "POST, /tasks",
    "DELETE, /tasks/t1",
    "GET, /tasks/t1:cancel",
    "GET, /other",
    "PUT, /tasks/t1/pushNotificationConfigs/c1"
  })
  void whatIsNoOperationIsNotFound(String method, String path) throws Exception {
    assertThat(rest(method, path, "").statusCode()).isEqualTo(404);
    harness.assertRefusedByProtocol(1);
  }

  @Test
  void anAmbiguousPathIsRefusedBeforeAnybodyReadsIt() throws Exception {
    assertThat(rest("GET", "/tasks//x", "").statusCode()).isEqualTo(400);
    harness.assertRefusedByProtocol(0);
  }

  @Test
  void clientsOfTheOldVersionGetAClearAnswer() throws Exception {
    HttpRequest request =
        harness
            .request("/a2a/planner")
            .POST(
                BodyPublishers.ofString(
                    "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"message/send\"}"))
            .build();
    JsonNode error = json(harness.send(request)).path("error");
    assertThat(error.path("code").asInt()).isEqualTo(-32009);
    assertThat(error.path("message").asText()).contains("0.3").contains("A2A-Version: 1.0");
    assertThat(json(rpc("message/send", "")).at("/error/message").asText()).contains("0.3");
  }

  @Test
  void aDenialNamesThePolicyInBothBindings() throws Exception {
    harness.rule = call -> Harness.deny("not your planner");
    JsonNode error = json(rpc("SendMessage", MESSAGE)).path("error");
    assertThat(error.at("/data/0/reason").asText()).isEqualTo("POLICY_DENIED");
    assertThat(error.path("message").asText()).contains("p-deny");
    HttpResponse<String> response = rest("POST", "/message:send", "{" + MESSAGE + "}");
    assertThat(response.statusCode()).isEqualTo(403);
    assertThat(json(response).at("/error/status").asText()).isEqualTo("PERMISSION_DENIED");
    assertThat(harness.backend.received()).isEmpty();
  }

  @Test
  void aTaskThatMayNotBeSeenLooksLikeNone() throws Exception {
    harness.rule = call -> Harness.deny("not yours");
    assertThat(json(rpc("GetTask", "\"id\":\"t1\"")).at("/error/code").asInt()).isEqualTo(-32001);
    assertThat(rest("GET", "/tasks/t1", "").statusCode()).isEqualTo(404);
  }

  @Test
  void aHeldMessageIsATaskThatNeedsAnAuthorization() throws Exception {
    harness.rule = call -> Harness.hold();
    JsonNode task = json(rpc("SendMessage", MESSAGE)).at("/result/task");
    assertThat(task.at("/status/state").asText()).isEqualTo("TASK_STATE_AUTH_REQUIRED");
    String id = task.path("id").asText();
    JsonNode asked = json(rpc("GetTask", "\"id\":\"" + id + "\"")).path("result");
    assertThat(asked.at("/status/state").asText()).isEqualTo("TASK_STATE_AUTH_REQUIRED");
    assertThat(harness.backend.received()).isEmpty();
    JsonNode other = json(rpc("GetTask", "\"id\":\"margay-approval-other\""));
    assertThat(other.at("/error/code").asInt()).isEqualTo(-32001);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://198.51.100.1/hook",
        "https://127.0.0.1/hook",
        "https://localhost/hook",
        "https://169.254.169.254/latest",
        "https://10.0.0.1/",
        "https://[::1]/",
        "https://[fd00::1]/",
        "https://[::ffff:10.0.0.1]/",
        "https://100.64.0.1/",
        "https://user@198.51.100.1/",
        "file:///etc/passwd",
        "not a url"
      })
  void pushNotificationsDoNotLeadInside(String url) throws Exception {
    String params = "\"taskId\":\"t1\",\"url\":\"" + url + "\"";
    assertThat(json(rpc("CreateTaskPushNotificationConfig", params)).at("/error/code").asInt())
        .isEqualTo(-32602);
    String inMessage =
        MESSAGE + ",\"configuration\":{\"taskPushNotificationConfig\":{\"url\":\"" + url + "\"}}";
    assertThat(json(rpc("SendMessage", inMessage)).at("/error/code").asInt()).isEqualTo(-32602);
    assertThat(harness.backend.received()).isEmpty();
  }

  @Test
  void publicAddressesMayBePostedTo() throws Exception {
    String params = "\"taskId\":\"t1\",\"url\":\"https://198.51.100.1/hook\"";
    assertThat(json(rpc("CreateTaskPushNotificationConfig", params)).at("/result/ok").asInt())
        .isOne();
  }

  @Test
  void theCardLeadsToTheGateway() throws Exception {
    JsonNode card = json(rest("GET", "/.well-known/agent-card.json", ""));
    assertThat(card.path("name").asText()).isEqualTo("Planner");
    assertThat(card.at("/supportedInterfaces/0/url").asText()).endsWith("/a2a/planner");
    assertThat(harness.backend.received()).isEmpty();
    harness.rule = call -> Harness.deny("no");
    assertThat(rest("GET", "/.well-known/agent-card.json", "").statusCode()).isEqualTo(403);
  }

  @Test
  void aCardThatSaysTheSameHasTheSameTag() throws Exception {
    HttpResponse<String> first = rest("GET", "/.well-known/agent-card.json", "");
    HttpResponse<String> second = rest("GET", "/.well-known/agent-card.json", "");
    assertThat(first.headers().firstValue("ETag"))
        .isPresent()
        .isEqualTo(second.headers().firstValue("ETag"));
    assertThat(first.headers().firstValue("Cache-Control")).contains("private, max-age=60");
  }

  @Test
  void theAddressOfJsonRpcMayEndWithASlash() throws Exception {
    String get = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"GetTask\",\"params\":{\"id\":\"t1\"}}";
    assertThat(json(rest("POST", "/", get)).at("/result/ok").asInt()).isOne();
  }

  @Test
  void theCardIsSignedByTheGateway() throws Exception {
    JsonNode card = json(rest("GET", "/.well-known/agent-card.json", ""));
    AgentCards.verify(card, harness.cardKeys.verificationKeys());
    String header =
        new String(
            Base64.getUrlDecoder().decode(card.at("/signatures/0/protected").asText()),
            StandardCharsets.UTF_8);
    assertThat(Harness.JSON.readTree(header).path("alg").asText()).isEqualTo("ES256");
    assertThat(Harness.JSON.readTree(header).path("jku").asText())
        .isEqualTo("https://gateway.test/keys");

    ObjectNode changed = card.deepCopy();
    changed.put("name", "Somebody else");
    assertThatThrownBy(() -> AgentCards.verify(changed, harness.cardKeys.verificationKeys()))
        .isInstanceOf(RefusedTokenException.class);
    ObjectNode unsigned = card.deepCopy();
    unsigned.remove("signatures");
    assertThatThrownBy(() -> AgentCards.verify(unsigned, harness.cardKeys.verificationKeys()))
        .hasMessageContaining("is not signed");
    RotatingKeys others =
        RotatingKeys.inMemory(
            new KeyRotation.Timing(Duration.ofDays(1), Duration.ofHours(1)),
            InstantSource.system());
    assertThatThrownBy(() -> AgentCards.verify(card, others.verificationKeys()))
        .isInstanceOf(RefusedTokenException.class);
  }

  /** A card signed with Python's cryptography package, over its canonical JSON. */
  @Test
  void cardsThatOthersSignedAreVerified() throws Exception {
    JsonNode vector =
        Harness.JSON.readTree(A2aDoorTest.class.getResourceAsStream("signed-card.json"));
    VerificationKeys keys = VerificationKeys.of(JWKSet.parse(vector.path("keys").toString()));
    AgentCards.verify(vector.path("card"), keys);
    ObjectNode changed = vector.path("card").deepCopy();
    changed.put("version", "2");
    assertThatThrownBy(() -> AgentCards.verify(changed, keys))
        .isInstanceOf(RefusedTokenException.class);
  }
}
