package io.margay.agents.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.margay.agents.call.AgentCall;
import io.margay.agents.call.Protocol;
import io.margay.agents.call.Target;
import io.margay.agents.gateway.authzen.AuthZenDoor;
import io.margay.agents.gateway.http.Refusal;
import io.margay.agents.gateway.http.SpiffeTls;
import io.margay.agents.identity.World;
import io.margay.agents.identity.spiffe.X509Svids;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Questions of an AuthZEN enforcement point, over mutual TLS. */
class AuthZenTest {
  private static final String SUBJECT =
      """
      "subject":{"type":"agent","id":"spiffe://shop.example/agent/buyer","properties":{
        "user":{"issuer":"https://id.shop.example","subject":"alice","groups":["support"]},
        "chain":["spiffe://shop.example/agent/planner","spiffe://shop.example/agent/buyer"]}}\
      """;
  private static final String ACTION =
      "\"action\":{\"name\":\"invokeTool\",\"properties\":{\"customer\":\"c-1\"}}";
  private static final String RESOURCE = "\"resource\":{\"type\":\"tool\",\"id\":\"crm/lookup\"}";

  @TempDir private Path directory;
  private Harness harness;
  private World world;
  private X509Svids svids;
  private GatewayServer server;
  private final List<String> refusals = new CopyOnWriteArrayList<>();

  @BeforeEach
  void start() throws Exception {
    harness = new Harness((_, _) -> {});
    world = new World(directory);
    svids = new X509Svids(world.authority::bundles, world.clock);
    SslContextFactory.Server tls = new SslContextFactory.Server();
    tls.setSslContext(SpiffeTls.context(() -> world.agent("gateway"), svids));
    tls.setNeedClientAuth(true);
    EnforcementPoints points =
        new EnforcementPoints(
            Set.of(World.id("portal").toString()),
            svids,
            (agent, at, _) -> refusals.add(agent.orElseThrow() + " at " + at));
    server =
        new GatewayServer(
            new GatewayServer.Listen("127.0.0.1", 0, Optional.of(tls)),
            new Doors(
                Map.of(
                    "access",
                    new AuthZenDoor(points, harness.gate(harness), InstantSource.system()),
                    ".well-known",
                    new WellKnown(
                        Map.of(
                            AuthZenDoor.METADATA,
                            WellKnown.Document.alone(AuthZenDoor::metadata)))),
                new ForwardProxy(
                    URI.create(World.GATEWAY),
                    (_, _) -> {
                      throw new Refusal(401, "nobody calls here");
                    },
                    harness,
                    harness.gate(harness),
                    InstantSource.system())));
    server.start();
  }

  @AfterEach
  void stop() {
    server.close();
    world.close();
    harness.close();
  }

  private HttpClient client(String workload) {
    return HttpClient.newBuilder()
        .sslContext(SpiffeTls.context(() -> world.agent(workload), svids))
        .build();
  }

  private HttpResponse<String> post(String workload, String path, String body) throws Exception {
    try (HttpClient client = client(workload)) {
      return client.send(
          HttpRequest.newBuilder(server.uri().resolve(path))
              .timeout(Duration.ofSeconds(60))
              .header("Content-Type", "application/json")
              .header("X-Request-ID", "r-1")
              .POST(BodyPublishers.ofString(body))
              .build(),
          BodyHandlers.ofString());
    }
  }

  private JsonNode evaluate(String body) throws Exception {
    HttpResponse<String> response = post("portal", "/access/v1/evaluation", body);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    assertThat(response.headers().firstValue("X-Request-ID")).contains("r-1");
    return Harness.json(response);
  }

  private static String question(String... parts) {
    return "{" + String.join(",", parts) + "}";
  }

  @Test
  void aQuestionIsACallLikeAnyOther() throws Exception {
    JsonNode answer = evaluate(question(SUBJECT, ACTION, RESOURCE, "\"foo\":1"));
    assertThat(answer.path("decision").asBoolean()).isTrue();
    assertThat(answer.at("/context/policies/0").asText()).isEqualTo("p-allow");
    assertThat(answer.at("/context/tier").asText()).isEqualTo("default");
    assertThat(answer.at("/context/auditRecord").asLong()).isOne();
    AgentCall call = harness.decided.getFirst();
    assertThat(call.protocol()).isEqualTo(Protocol.MCP);
    assertThat(call.action()).isEqualTo("invokeTool");
    assertThat(call.target()).isEqualTo(new Target(Target.Kind.TOOL, "crm", "lookup"));
    assertThat(call.arguments().path("customer").asText()).isEqualTo("c-1");
    assertThat(call.caller().user().orElseThrow().groups()).containsExactly("support");
    assertThat(call.caller().depth()).isEqualTo(2);
    assertThat(harness.outcomes).containsExactly("handed-over 0");
  }

  @Test
  void aNoSaysWhy() throws Exception {
    harness.rule = call -> Harness.deny("not your customer");
    JsonNode denied = evaluate(question(SUBJECT, ACTION, RESOURCE));
    assertThat(denied.path("decision").asBoolean(true)).isFalse();
    assertThat(denied.at("/context/reason").asText()).isEqualTo("not your customer");
    assertThat(denied.at("/context/policies/0").asText()).isEqualTo("p-deny");
    harness.rule = call -> Harness.hold();
    JsonNode held = evaluate(question(SUBJECT, ACTION, RESOURCE));
    assertThat(held.path("decision").asBoolean(true)).isFalse();
    assertThat(held.at("/context/approval").asText()).isEqualTo("h1");
    harness.diskFull = true;
    JsonNode unrecorded = evaluate(question(SUBJECT, ACTION, RESOURCE));
    assertThat(unrecorded.path("decision").asBoolean(true)).isFalse();
    assertThat(unrecorded.at("/context/reason").asText()).contains("audit log");
  }

  @Test
  void questionsInOneRequestShareWhatTheyLeaveOut() throws Exception {
    harness.rule =
        call -> call.target().name().equals("lookup") ? Harness.permit() : Harness.deny("no");
    String others =
        """
        "evaluations":[{},{"resource":{"type":"tool","id":"crm/delete"}},
          {"resource":{"type":"spoon","id":"x"}},{}]\
        """;
    JsonNode all =
        Harness.json(
            post("portal", "/access/v1/evaluations", question(SUBJECT, ACTION, RESOURCE, others)));
    assertThat(all.path("evaluations").findValuesAsText("decision"))
        .containsExactly("true", "false", "false", "true");
    assertThat(all.at("/evaluations/2/context/error/status").asInt()).isEqualTo(400);
    assertThat(harness.decided).hasSize(3);
  }

  @ParameterizedTest
  @CsvSource({"execute_all, 3", "deny_on_first_deny, 2", "permit_on_first_permit, 1"})
  void theRestMayBeLeftOut(String semantic, int answers) throws Exception {
    harness.rule =
        call -> call.target().name().equals("lookup") ? Harness.permit() : Harness.deny("no");
    String others =
        "\"evaluations\":[{},{\"resource\":{\"type\":\"tool\",\"id\":\"crm/delete\"}},{}]";
    String options = "\"options\":{\"evaluations_semantic\":\"" + semantic + "\"}";
    JsonNode all =
        Harness.json(
            post(
                "portal",
                "/access/v1/evaluations",
                question(SUBJECT, ACTION, RESOURCE, others, options)));
    assertThat(all.path("evaluations")).hasSize(answers);
    assertThat(harness.decided).hasSize(answers);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{} | subject.type: missing",
        "{\"subject\":{\"type\":\"user\",\"id\":\"a\"}} | write \"agent\"",
        "[] | not an object",
        "{\"a\":1,\"a\":2} | not JSON",
        "{\"evaluations\":{\"x\":1}} | not a list",
        "{\"evaluations\":[{}],\"options\":{\"evaluations_semantic\":\"x\"}} | is not known"
      })
  void whatCannotBeReadIsRefused(String body, String problem) throws Exception {
    HttpResponse<String> response = post("portal", "/access/v1/evaluations", body);
    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(response.body()).contains(problem);
    assertThat(harness.decided).isEmpty();
  }

  @Test
  void onlyEnforcementPointsMayAsk() throws Exception {
    HttpResponse<String> response =
        post("buyer", "/access/v1/evaluation", question(SUBJECT, ACTION, RESOURCE));
    assertThat(response.statusCode()).isEqualTo(403);
    assertThat(response.body()).contains("--enforcement-point");
    assertThat(harness.decided).isEmpty();
    assertThat(refusals).containsExactly(World.id("buyer") + " at access/evaluation");
  }

  @Test
  void theAddressesCanBeFound() throws Exception {
    try (HttpClient client = client("buyer")) {
      HttpResponse<String> response =
          client.send(
              HttpRequest.newBuilder(server.uri().resolve("/.well-known/authzen-configuration"))
                  .timeout(Duration.ofSeconds(60))
                  .build(),
              BodyHandlers.ofString());
      JsonNode metadata = Harness.json(response);
      assertThat(server.uri().toString())
          .isEqualTo(metadata.path("policy_decision_point").asText() + "/");
      assertThat(metadata.path("access_evaluation_endpoint").asText())
          .isEqualTo(server.uri() + "access/v1/evaluation");
    }
  }
}
