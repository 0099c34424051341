package io.margay.agents.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.margay.agents.call.AgentCall;
import io.margay.agents.call.Target;
import io.margay.agents.gateway.envoy.proto.AttributeContext;
import io.margay.agents.gateway.envoy.proto.AttributeContext.HttpRequest;
import io.margay.agents.gateway.envoy.proto.AuthorizationGrpc;
import io.margay.agents.gateway.envoy.proto.CheckRequest;
import io.margay.agents.gateway.envoy.proto.CheckResponse;
import io.margay.agents.gateway.envoy.proto.DeniedHttpResponse;
import io.margay.agents.gateway.envoy.proto.HeaderValueOption;
import io.margay.agents.gateway.llm.Account;
import io.margay.agents.identity.World;
import io.margay.agents.identity.spiffe.SpiffeAuthority.IssuedX509;
import io.margay.agents.identity.token.SignedToken;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.cert.CertificateEncodingException;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The questions of an Envoy, over gRPC and mutual TLS, with requests as its filter sends them. */
class EnvoyTest {
  private static final String LOOKUP =
      """
      {"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"lookup",\
      "arguments":{"customer":"c-1"}}}\
      """;
  private static final String MESSAGE =
      "{\"message\":{\"messageId\":\"m1\",\"role\":\"ROLE_USER\",\"parts\":[{\"text\":\"hi\"}]}}";
  private static final String CHAT =
      "{\"model\":\"small\",\"stream\":true,\"max_tokens\":50,\"messages\":[]}";

  @TempDir private Path directory;
  private AuthorizationDesk desk;
  private Harness harness;
  private World world;
  private ManagedChannel envoy;

  @BeforeEach
  void start() throws Exception {
    harness = new Harness((_, _) -> {});
    world = new World(directory);
    desk = new AuthorizationDesk(world, harness);
    envoy = GrpcClients.of(world, "envoy", desk.port());
  }

  @AfterEach
  void stop() throws InterruptedException {
    envoy.shutdownNow().awaitTermination(10, TimeUnit.SECONDS);
    desk.close();
  }

  /** As Envoy makes one: headers in lower case with its pseudo headers, and its own two. */
  private HttpRequest.Builder http(String method, String path, String body) {
    Map<String, String> headers = new TreeMap<>();
    headers.put(":authority", "tools.example");
    headers.put(":method", method);
    headers.put(":path", path);
    headers.put(":scheme", "https");
    headers.put("accept", "application/json, text/event-stream");
    headers.put("authorization", "Bearer " + world.userToken());
    headers.put("x-forwarded-proto", "https");
    headers.put("x-request-id", "c0ffee00-0000-4000-8000-000000000001");
    if (!body.isEmpty()) {
      headers.put("content-type", "application/json");
      headers.put("content-length", Integer.toString(body.length()));
      headers.put("x-envoy-auth-partial-body", "false");
    }
    return HttpRequest.newBuilder()
        .setId("1234567890")
        .setMethod(method)
        .putAllHeaders(headers)
        .setPath(path)
        .setHost("tools.example")
        .setScheme("https")
        .setProtocol("HTTP/2")
        .setSize(body.length())
        .setRawBody(ByteString.copyFromUtf8(body));
  }

  private CheckRequest of(HttpRequest.Builder http, Map<String, String> route) throws Exception {
    return CheckRequest.newBuilder()
        .setAttributes(
            AttributeContext.newBuilder()
                .setSource(
                    AttributeContext.Peer.newBuilder()
                        .setPrincipal(World.id("buyer").toString())
                        .setCertificate(escapedPem(world.agent("buyer"))))
                .setRequest(AttributeContext.Request.newBuilder().setHttp(http))
                .putAllContextExtensions(route))
        .build();
  }

  private static String escapedPem(IssuedX509 svid) throws CertificateEncodingException {
    String base64 =
        Base64.getMimeEncoder(64, new byte[] {'\n'})
            .encodeToString(svid.chain().getFirst().getEncoded());
    String pem = "-----BEGIN CERTIFICATE-----\n" + base64 + "\n-----END CERTIFICATE-----\n";
    return URLEncoder.encode(pem, StandardCharsets.US_ASCII).replace("+", "%20");
  }

  private CheckResponse ask(HttpRequest.Builder http) throws Exception {
    return ask(of(http, Map.of()));
  }

  private CheckResponse ask(CheckRequest request) {
    return AuthorizationGrpc.newBlockingStub(envoy)
        .withDeadlineAfter(Duration.ofSeconds(60))
        .check(request);
  }

  private static Map<String, String> headers(Iterable<HeaderValueOption> options) {
    Map<String, String> headers = new TreeMap<>();
    for (HeaderValueOption option : options) {
      // Without this word Envoy would add to what the client sent.
      assertThat(option.hasAppend()).isTrue();
      assertThat(option.getAppend().getValue()).isFalse();
      headers.put(option.getHeader().getKey(), option.getHeader().getValue());
    }
    return headers;
  }

  private static DeniedHttpResponse denied(CheckResponse response, int status) {
    assertThat(response.getStatus().getCode()).isEqualTo(Status.Code.PERMISSION_DENIED.value());
    assertThat(response.hasDeniedResponse()).isTrue();
    assertThat(response.getDeniedResponse().getStatus().getCode()).isEqualTo(status);
    return response.getDeniedResponse();
  }

  @Test
  void aPermittedToolCallGoesOnWithATokenForEnvoy() throws Exception {
    CheckResponse response = ask(http("POST", "/mcp/crm", LOOKUP));
    assertThat(response.getStatus().getCode()).isZero();
    Map<String, String> headers = headers(response.getOkResponse().getHeadersList());
    var claims =
        SignedToken.read("token", headers.get("authorization").substring("Bearer ".length()))
            .claims();
    assertThat(claims.string("sub")).isEqualTo("alice");
    assertThat(claims.asMap().toString())
        .contains(thumbprint("envoy"))
        .doesNotContain(thumbprint("buyer"));
    assertThat(headers.get("traceparent")).contains(harness.decided.getFirst().trace().traceId());
    assertThat(response.getOkResponse().getHeadersToRemoveList())
        .containsExactlyInAnyOrder("dpop", "x-workload-token");

    AgentCall call = harness.decided.getFirst();
    assertThat(call.caller().workload()).isEqualTo(World.id("buyer").toString());
    assertThat(call.caller().user().orElseThrow().subject()).isEqualTo("alice");
    assertThat(call.target()).isEqualTo(new Target(Target.Kind.TOOL, "crm", "lookup"));
    assertThat(call.arguments().path("customer").asText()).isEqualTo("c-1");
    assertThat(harness.outcomes).containsExactly("handed-over 0");
  }

  private String thumbprint(String agent) {
    return world.holder(agent).toString().replaceAll(".*=|]", "");
  }

  @Test
  void aDenialIsAnswerOfTheProtocolThatTheClientSpeaks() throws Exception {
    harness.rule = call -> Harness.deny("not your customer");
    DeniedHttpResponse mcp = denied(ask(http("POST", "/mcp/crm", LOOKUP)), 200);
    JsonNode error = Harness.JSON.readTree(mcp.getBody());
    assertThat(error.at("/error/code").asInt()).isEqualTo(-32003);
    assertThat(error.path("id").asInt()).isEqualTo(7);
    assertThat(error.at("/error/data/policies/0").asText()).isEqualTo("p-deny");
    assertThat(headers(mcp.getHeadersList())).containsEntry("content-type", "application/json");

    HttpRequest.Builder rest = http("POST", "/a2a/planner/message:send", MESSAGE);
    DeniedHttpResponse a2a = denied(ask(rest.putHeaders("a2a-version", "1.0")), 403);
    assertThat(Harness.JSON.readTree(a2a.getBody()).at("/error/details/0/reason").asText())
        .isEqualTo("POLICY_DENIED");

    DeniedHttpResponse llm =
        denied(ask(http("POST", "/llm/models/v1/chat/completions", CHAT)), 403);
    assertThat(Harness.JSON.readTree(llm.getBody()).at("/error/message").asText())
        .contains("p-deny");
    assertThat(harness.outcomes).isEmpty();
  }

  @Test
  void withoutTheWholeBodyNothingIsDecided() throws Exception {
    HttpRequest.Builder none =
        http("POST", "/mcp/crm", LOOKUP).removeHeaders("x-envoy-auth-partial-body").clearRawBody();
    assertThat(denied(ask(none), 403).getBody()).contains("with_request_body");

    HttpRequest.Builder part =
        http("POST", "/mcp/crm", LOOKUP).putHeaders("x-envoy-auth-partial-body", "true");
    assertThat(denied(ask(part), 413).getBody()).contains("max_request_bytes");

    HttpRequest.Builder text = http("POST", "/mcp/crm", LOOKUP).clearRawBody().setBody(LOOKUP);
    assertThat(denied(ask(text), 403).getBody()).contains("pack_as_bytes");

    // A message with parameters that we do not see is not one without any.
    HttpRequest.Builder rest =
        http("POST", "/a2a/planner/message:send", "").putHeaders("a2a-version", "1.0");
    assertThat(denied(ask(rest), 403).getBody()).contains("with_request_body");
    assertThat(harness.decided).isEmpty();
  }

  @Test
  void headersHaveToAgreeWithTheBody() throws Exception {
    HttpRequest.Builder other =
        http(
                "POST",
                "/mcp/crm",
                LOOKUP.replace(
                    "\"arguments\"",
                    "\"_meta\":{\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\","
                        + "\"io.modelcontextprotocol/clientCapabilities\":{}},\"arguments\""))
            .putHeaders("mcp-protocol-version", "2026-07-28")
            .putHeaders("mcp-method", "tools/call")
            .putHeaders("mcp-name", "delete");
    assertThat(denied(ask(other), 400).getBody()).contains("-32020");
    harness.assertRefusedByProtocol(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/mcp/crm/../other", "/mcp//crm", "/mcp/crm%2f", "mcp/crm", "/mcp/;x/crm"})
  void aPathHasOneMeaning(String path) throws Exception {
    assertThat(ask(http("POST", path, LOOKUP)).getStatus().getCode()).isNotZero();
    assertThat(harness.decided).isEmpty();
  }

  @Test
  void aRouteSaysWhereItLeads() throws Exception {
    Map<String, String> route = Map.of("margay.server", "a2a/planner", "margay.base", "/plan");
    HttpRequest.Builder message =
        http("POST", "/plan/message:send", MESSAGE).putHeaders("a2a-version", "1.0");
    assertThat(ask(of(message, route)).hasOkResponse()).isTrue();
    assertThat(harness.decided.getFirst().target().server()).isEqualTo("planner");

    DeniedHttpResponse card =
        denied(ask(of(http("GET", "/plan/.well-known/agent-card.json", ""), route)), 200);
    assertThat(Harness.JSON.readTree(card.getBody()).at("/supportedInterfaces/0/url").asText())
        .isEqualTo("https://tools.example/plan");
    assertThat(denied(ask(of(http("GET", "/planner/tasks", ""), route)), 404).getBody())
        .contains("not below");
  }

  @Test
  void aModelCallCostsWhatItReserves() throws Exception {
    harness.budgetList.add(new Account("hourly", "buyer", 100, 1_000_000, Duration.ofHours(1)));
    HttpRequest.Builder chat = http("POST", "/llm/models/v1/chat/completions", CHAT);
    assertThat(headers(ask(chat).getOkResponse().getHeadersList()))
        .containsEntry("authorization", "Bearer key-of-the-provider");
    assertThat(denied(ask(chat), 429).getHeadersList()).isNotEmpty();
  }

  @Test
  void aHeldCallIsToldAtOnce() throws Exception {
    harness.rule = call -> Harness.hold();
    DeniedHttpResponse held = denied(ask(http("POST", "/mcp/crm", LOOKUP)), 200);
    assertThat(held.getBody()).contains("waits for approval h1").doesNotContain("requestState");
  }

  @Test
  void aSessionBelongsToItsFirstUser() throws Exception {
    HttpRequest.Builder first =
        http("POST", "/mcp/crm", LOOKUP).putHeaders("mcp-session-id", "s-1");
    assertThat(ask(first).hasOkResponse()).isTrue();
    assertThat(ask(first).hasOkResponse()).isTrue();
    CheckRequest.Builder other = of(first, Map.of()).toBuilder();
    other
        .getAttributesBuilder()
        .getSourceBuilder()
        .setCertificate(escapedPem(world.agent("thief")));
    assertThat(denied(ask(other.build()), 404).getBody()).contains("no such session of yours");
  }

  @Test
  void withoutARecordNothingGoesOn() throws Exception {
    harness.diskFull = true;
    assertThat(denied(ask(http("POST", "/mcp/crm", LOOKUP)), 503).getBody()).contains("audit log");
  }

  @Test
  void aClientNeedsACertificateThatWeTrust() throws Exception {
    CheckRequest.Builder request = of(http("POST", "/mcp/crm", LOOKUP), Map.of()).toBuilder();
    request.getAttributesBuilder().getSourceBuilder().clearCertificate();
    assertThat(denied(ask(request.build()), 401).getBody()).contains("no client certificate");
    request.getAttributesBuilder().getSourceBuilder().setCertificate("%00");
    assertThat(denied(ask(request.build()), 401).getBody()).contains("cannot be read");
    assertThat(harness.decided).isEmpty();
    assertThat(desk.refusals)
        .containsExactly(
            "stranger at mcp/crm: no client certificate and no JWT-SVID says which agent calls",
            "stranger at envoy: the client's certificate, as Envoy sent it, cannot be read");
  }

  @Test
  void whoIsNoEnforcementPointMayNotAsk() throws Exception {
    ManagedChannel buyer = GrpcClients.of(world, "buyer", desk.port());
    try {
      CheckRequest request = of(http("POST", "/mcp/crm", LOOKUP), Map.of());
      assertThatThrownBy(() ->
              AuthorizationGrpc.newBlockingStub(buyer)
                  .withDeadlineAfter(Duration.ofSeconds(60))
                  .check(request))
          .isInstanceOf(StatusRuntimeException.class)
          .hasMessageContaining("PERMISSION_DENIED")
          .hasMessageContaining("--enforcement-point");
      assertThat(harness.decided).isEmpty();
      assertThat(desk.refusals)
          .singleElement(InstanceOfAssertFactories.STRING)
          .startsWith(World.id("buyer") + " at envoy: ");
    } finally {
      buyer.shutdownNow().awaitTermination(10, TimeUnit.SECONDS);
    }
  }
}
