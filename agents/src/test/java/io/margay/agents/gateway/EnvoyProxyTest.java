package io.margay.agents.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.margay.agents.call.Target;
import io.margay.agents.gateway.http.SpiffeTls;
import io.margay.agents.identity.World;
import io.margay.agents.identity.spiffe.X509Svids;
import io.margay.agents.identity.token.SignedToken;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A real Envoy asks, with the settings that the documentation tells its users. */
@Timeout(300)
class EnvoyProxyTest {
  private static final String LOOKUP =
      """
      {"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"lookup",\
      "arguments":{"customer":"c-1"}}}\
      """;
  private static final String ANSWER = "{\"jsonrpc\":\"2.0\",\"id\":7,\"result\":{}}";

  @TempDir private Path directory;
  private AuthorizationDesk desk;
  private EnvoyProxy envoy;
  private HttpClient buyer;

  @BeforeEach
  void start() throws Exception {
    Path program;
    try {
      program = EnvoyProxy.install(Path.of("target", "envoy").toAbsolutePath());
    } catch (IOException e) {
      String reason = "SKIPPED EnvoyProxyTest: " + e.getMessage();
      System.err.println(reason);
      Assumptions.abort(reason);
      return;
    }
    World world = new World(directory);
    // Envoy looks at the machine's clock.
    world.clock.turn(Duration.between(world.clock.instant(), Instant.now()));
    desk =
        new AuthorizationDesk(
            world, new Harness((_, exchange) -> Backend.json(exchange, 200, ANSWER)));
    envoy = EnvoyProxy.start(program, directory, desk);
    buyer =
        HttpClient.newBuilder()
            .sslContext(
                SpiffeTls.context(
                    () -> world.agent("buyer"),
                    new X509Svids(world.authority::bundles, world.clock)))
            .build();
  }

  @AfterEach
  void stop() throws InterruptedException {
    if (desk != null) {
      buyer.close();
      envoy.close();
      desk.close();
    }
  }

  private HttpResponse<String> post(Version version, String path, String body, String... headers)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(envoy.uri(path))
            .version(version)
            .timeout(Duration.ofMinutes(1))
            .header("Content-Type", "application/json")
            .header("Accept", "application/json, text/event-stream")
            .header("Authorization", "Bearer " + desk.world.userToken())
            .POST(BodyPublishers.ofString(body));
    return buyer.send(
        (headers.length == 0 ? request : request.headers(headers)).build(),
        BodyHandlers.ofString());
  }

  @ParameterizedTest
  @EnumSource(names = {"HTTP_1_1", "HTTP_2"})
  void aPermittedCallReachesTheBackendWithATokenForEnvoyAlone(Version version) throws Exception {
    HttpResponse<String> response = post(version, "/mcp/crm", LOOKUP);
    assertThat(response.version()).isEqualTo(version);
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body()).isEqualTo(ANSWER);

    Backend.Received received = desk.harness.backend.received().getFirst();
    assertThat(received.body()).isEqualTo(LOOKUP);
    assertThat(received.headers().get("Authorization")).hasSize(1);
    var claims =
        SignedToken.read("token", received.header("Authorization").substring("Bearer ".length()))
            .claims();
    assertThat(claims.string("sub")).isEqualTo("alice");
    assertThat(claims.asMap().toString())
        .contains(desk.world.holder("envoy").toString().replaceAll(".*=|]", ""));
    assertThat(desk.harness.decided.getFirst().caller().workload())
        .isEqualTo(World.id("buyer").toString());
    assertThat(desk.harness.decided.getFirst().target())
        .isEqualTo(new Target(Target.Kind.TOOL, "crm", "lookup"));
    assertThat(desk.harness.outcomes).containsExactly("handed-over 0");
  }

  @Test
  void aDeniedCallGetsTheProtocolsErrorAndGoesNowhere() throws Exception {
    desk.harness.rule = call -> Harness.deny("not your customer");
    HttpResponse<String> response = post(Version.HTTP_2, "/mcp/crm", LOOKUP);
    JsonNode error = Harness.JSON.readTree(response.body());
    assertThat(error.at("/error/code").asInt()).isEqualTo(-32003);
    assertThat(error.at("/error/data/policies/0").asText()).isEqualTo("p-deny");
    assertThat(response.headers().firstValue("content-type")).contains("application/json");
    assertThat(desk.harness.backend.received()).isEmpty();
  }

  @Test
  void aRouteSaysWhereItLeads() throws Exception {
    String message =
        "{\"message\":{\"messageId\":\"m1\",\"role\":\"ROLE_USER\",\"parts\":[{\"text\":\"hi\"}]}}";
    assertThat(
            post(Version.HTTP_2, "/plan/message:send", message, "A2A-Version", "1.0").statusCode())
        .isEqualTo(200);
    assertThat(desk.harness.decided.getFirst().target().server()).isEqualTo("planner");
  }

  @Test
  void aBodyThatEnvoyDoesNotReadWholeIsNotSentOn() throws Exception {
    String large = LOOKUP.replace("c-1", "c".repeat(100_000));
    assertThat(post(Version.HTTP_2, "/mcp/crm", large).statusCode()).isEqualTo(413);
    assertThat(desk.harness.decided).isEmpty();
    assertThat(desk.harness.backend.received()).isEmpty();
  }

  @Test
  void withoutAnAnswerNothingGoesOn() throws Exception {
    assertThat(post(Version.HTTP_2, "/mcp/crm", LOOKUP).statusCode()).isEqualTo(200);
    desk.stopAnswering();
    assertThat(post(Version.HTTP_2, "/mcp/crm", LOOKUP).statusCode()).isEqualTo(403);
    assertThat(desk.harness.backend.received()).hasSize(1);
  }

  @Test
  void withoutARecordNothingGoesOn() throws Exception {
    desk.harness.diskFull = true;
    HttpResponse<String> response = post(Version.HTTP_2, "/mcp/crm", LOOKUP);
    assertThat(response.statusCode()).isEqualTo(503);
    assertThat(response.body()).contains("audit log");
    assertThat(desk.harness.backend.received()).isEmpty();
  }
}
