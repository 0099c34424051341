package io.margay.agents.identity.http;

import static io.margay.agents.identity.World.CRM;
import static io.margay.agents.identity.World.GATEWAY;
import static io.margay.agents.identity.World.id;
import static io.margay.agents.identity.World.refused;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import io.margay.agents.identity.Presented;
import io.margay.agents.identity.Verification;
import io.margay.agents.identity.World;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** RFC 8693 over HTTP, by an agent that has a JWT-SVID and a key of its own (DPoP). */
class TokenExchangeHandlerTest {
  private static final URI ENDPOINT = URI.create(GATEWAY + "/token");
  private static final String JWT = "urn:ietf:params:oauth:token-type:jwt";

  @TempDir private Path directory;
  private World world;
  private Server server;
  private ECKey key;
  private final List<String> refusals = new CopyOnWriteArrayList<>();

  @BeforeEach
  void begin() throws Exception {
    world = new World(directory);
    key = new ECKeyGenerator(Curve.P_256).generate();
    server = new Server();
    ServerConnector connector = new ServerConnector(server);
    connector.setHost("127.0.0.1");
    server.addConnector(connector);
    server.setHandler(
        new TokenExchangeHandler(
            new TokenExchangeHandler.Config("/token", ENDPOINT, Set.of(GATEWAY)),
            world.verifier,
            world.hopTokens,
            world.dpop,
            (_, reason) -> refusals.add(reason),
            world.clock));
    server.start();
  }

  @AfterEach
  void end() throws Exception {
    server.stop();
    world.close();
  }

  private Map<String, String> form() {
    Map<String, String> form = new LinkedHashMap<>();
    form.put("grant_type", "urn:ietf:params:oauth:grant-type:token-exchange");
    form.put("subject_token", world.userToken());
    form.put("subject_token_type", "urn:ietf:params:oauth:token-type:access_token");
    form.put("actor_token", world.authority.issueJwt(id("support"), List.of(GATEWAY)).token());
    form.put("actor_token_type", JWT);
    form.put("audience", CRM);
    form.put("scope", "read:customers");
    return form;
  }

  private String proof(String method, URI address, String token) throws Exception {
    return world.proof(key, method, address.toString(), token);
  }

  private HttpResponse<String> post(String body, String proof) throws Exception {
    int port = ((ServerConnector) server.getConnectors()[0]).getLocalPort();
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/token"))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(HttpRequest.BodyPublishers.ofString(body));
    if (!proof.isEmpty()) {
      request.header("DPoP", proof);
    }
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }
  }

  private static String encoded(Map<String, String> form) {
    return form.entrySet().stream()
        .map(one -> one.getKey() + "=" + URLEncoder.encode(one.getValue(), StandardCharsets.UTF_8))
        .collect(Collectors.joining("&"));
  }

  private JsonNode exchange(Map<String, String> form) throws Exception {
    HttpResponse<String> response = post(encoded(form), proof("POST", ENDPOINT, ""));
    assertThat(response.headers().firstValue("Cache-Control")).contains("no-store");
    return new ObjectMapper().readTree(response.body());
  }

  private Verification call(String token, String method, URI address) throws Exception {
    return world.verifier.verify(
        new Presented(
            List.of(),
            Optional.of(world.authority.issueJwt(id("support"), List.of(GATEWAY)).token()),
            Optional.of("DPoP " + token),
            Optional.of(proof(method, address, token)),
            "POST",
            URI.create(CRM),
            Set.of(GATEWAY, CRM)));
  }

  @Test
  void anAgentGetsATokenThatOnlyItsKeyCanUse() throws Exception {
    JsonNode answer = exchange(form());
    assertThat(answer.path("token_type").asText()).isEqualTo("DPoP");
    assertThat(answer.path("scope").asText()).isEqualTo("read:customers");
    assertThat(answer.path("expires_in").asInt()).isEqualTo(300);
    assertThat(world.issued).hasSize(1);
    String token = answer.path("access_token").asText();
    assertThat(call(token, "POST", URI.create(CRM))).isInstanceOf(Verification.Accepted.class);
    assertThat(refused(call(token, "GET", URI.create(CRM))).reason())
        .isEqualTo("DPoP proof: for another request (htm, htu)");
    key = new ECKeyGenerator(Curve.P_256).generate();
    assertThat(refused(call(token, "POST", URI.create(CRM))).reason()).contains("cnf");
    assertThat(refused(world.call("support", token)).reason()).contains("cnf");
  }

  @Test
  void aProofIsGoodOnce() throws Exception {
    String proof = proof("POST", ENDPOINT, "");
    assertThat(post(encoded(form()), proof).statusCode()).isEqualTo(200);
    HttpResponse<String> again = post(encoded(form()), proof);
    assertThat(again.statusCode()).isEqualTo(400);
    assertThat(again.body()).contains("invalid_dpop_proof", "was used before");
  }

  @Test
  void moreThanTheParentHasIsRefused() throws Exception {
    Map<String, String> form = form();
    form.put("scope", "read:customers delete:customers");
    assertThat(exchange(form).path("error").asText()).isEqualTo("invalid_scope");
    assertThat(refusals)
        .containsExactly("the subject token does not have all of the scope that is asked for");
    form.put("scope", "");
    assertThat(exchange(form).path("scope").asText())
        .isEqualTo("read:customers send:mail write:customers");
  }

  @Test
  void badRequestsAreNamed() throws Exception {
    assertThat(error("grant_type", "password")).isEqualTo("unsupported_grant_type");
    assertThat(error("subject_token_type", "urn:x")).isEqualTo("invalid_request");
    assertThat(error("actor_token_type", "")).isEqualTo("invalid_request");
    assertThat(error("resource", "https://other.example")).isEqualTo("invalid_request");
    assertThat(error("audience", "crm")).isEqualTo("invalid_target");
    assertThat(error("subject_token", "rubbish")).isEqualTo("invalid_grant");
    HttpResponse<String> twice =
        post(encoded(form()) + "&audience=https%3A%2F%2Fx", proof("POST", ENDPOINT, ""));
    assertThat(twice.body()).contains("a parameter is given twice");
    assertThat(world.issued).isEmpty();
  }

  private String error(String parameter, String value) throws Exception {
    Map<String, String> form = form();
    form.put(parameter, value);
    return exchange(form).path("error").asText();
  }

  @Test
  void withoutAnActorOrAKeyThereIsNoToken() throws Exception {
    Map<String, String> form = form();
    form.remove("actor_token");
    form.remove("actor_token_type");
    assertThat(post(encoded(form), proof("POST", ENDPOINT, "")).statusCode()).isEqualTo(401);
    assertThat(post(encoded(form()), "").body()).contains("a token is bound to a key");
  }

  @Test
  void aTokenThatCannotBeRecordedIsNotGiven() throws Exception {
    world.recordable = false;
    HttpResponse<String> response = post(encoded(form()), proof("POST", ENDPOINT, ""));
    assertThat(response.statusCode()).isEqualTo(503);
    assertThat(response.body()).doesNotContain("access_token");
  }
}
