package io.margay.agents.gateway;

import static io.margay.agents.identity.World.GATEWAY;
import static io.margay.agents.identity.World.id;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import io.margay.agents.audit.AuditEvent;
import io.margay.agents.audit.AuditKind;
import io.margay.agents.identity.World;
import io.margay.agents.identity.token.SignedToken;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who gets through a whole gateway, and what is recorded of those who do not. */
class CallersTest extends OverWholeGateway {
  @Test
  void withoutACertificateNoCallGetsInAndEachIsRecorded() throws Exception {
    List<String> calls =
        List.of(
            "POST /mcp/crm",
            "GET /mcp/crm",
            "DELETE /mcp/crm",
            "POST /mcp/nothing",
            "POST /mcp/a%20b",
            "POST /a2a/planner",
            "POST /a2a/planner/message:send",
            "GET /a2a/planner/.well-known/agent-card.json",
            "POST /llm/models/v1/chat/completions",
            "GET /llm/models/v1/models",
            "POST /access/v1/evaluation",
            "POST /access/v1/evaluations");
    for (String call : calls) {
      String[] parts = call.split(" ");
      HttpResponse<String> response =
          WholeGateway.send(
              gateway.anonymous(),
              gateway
                  .request(parts[1])
                  .header("Authorization", "Bearer " + gateway.world.userToken())
                  .method(parts[0], BodyPublishers.ofString(WholeGateway.LOOKUP)));
      assertThat(response.statusCode()).as(call).isEqualTo(401);
    }
    assertThat(gateway.exchange(gateway.anonymous(), Map.of()).path("error").asText())
        .isEqualTo("invalid_client");

    assertThat(gateway.refusals(calls.size() + 1))
        .allSatisfy(event -> {
          assertThat(event.caller()).isEmpty();
          assertThat(event.details()).containsKeys("at", "reason");
        })
        .extracting(event -> event.details().get("at"))
        .contains("mcp/crm", "a2a/planner", "llm/models", "access/evaluation", "token");
    assertThat(gateway.events(AuditKind.DECISION)).isEmpty();
    assertThat(gateway.backend.received()).isEmpty();
  }

  @Test
  void aCertificateThatNobodyTrustsIsRefusedInTheHandshakeAndRecorded(@TempDir Path elsewhere)
      throws Exception {
    try (World forger = new World(elsewhere)) {
      SSLContext forged = gateway.forged(forger, "support");
      assertThatThrownBy(() -> WholeGateway.send(forged, gateway.lookup("crm")))
          .isInstanceOf(IOException.class);
      assertThat(gateway.refusals(1).getFirst().details()).containsEntry("at", "handshake");

      String token = forger.authority.issueJwt(id("support"), List.of(GATEWAY)).token();
      HttpResponse<String> response =
          WholeGateway.send(
              gateway.anonymous(), gateway.lookup("crm").header("X-Workload-Token", token));
      assertThat(response.statusCode()).isEqualTo(401);
      assertThat(gateway.refusals(2).getLast().caller()).isEmpty();
    }
    assertThat(gateway.backend.received()).isEmpty();
  }

  @Test
  void whoIsKnownAndShowsABadTokenIsNamedInTheRecord() throws Exception {
    HttpResponse<String> response =
        WholeGateway.send(
            gateway.of("support"), gateway.lookup("crm").header("Authorization", "Bearer rubbish"));
    assertThat(response.statusCode()).isEqualTo(401);
    AuditEvent event = gateway.refusals(1).getFirst();
    assertThat(event.caller().orElseThrow().workload()).isEqualTo(id("support").toString());
    assertThat(event.owner()).isEqualTo("dana@shop.example");
    assertThat(event.details()).containsEntry("at", "mcp/crm");
  }

  @Test
  void everyTokenForTheNextHopIsRecordedBeforeItLeaves() throws Exception {
    HttpResponse<String> response =
        WholeGateway.send(
            gateway.of("support"),
            gateway.lookup("crm").header("Authorization", "Bearer " + gateway.world.userToken()));
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    String sent = gateway.backend.received().getFirst().header("Authorization");
    SignedToken token = SignedToken.read("token", sent.substring("Bearer ".length()));

    AuditEvent issued = gateway.events(AuditKind.TOKEN).getFirst();
    assertThat(issued.status()).isEqualTo("issued");
    assertThat(issued.owner()).isEqualTo("dana@shop.example");
    assertThat(issued.caller().orElseThrow().user().orElseThrow().subject()).isEqualTo("alice");
    assertThat(issued.details())
        .containsEntry("token", token.claims().string("jti"))
        .containsEntry("audience", gateway.backend.uri() + "crm")
        .containsEntry("scope", "read:customers send:mail write:customers")
        .containsKey("expires");
  }

  @Test
  void aTokenForOneTargetOpensNoOther() throws Exception {
    JsonNode answer =
        gateway.exchange(gateway.of("support"), Map.of("audience", GATEWAY + "/mcp/crm"));
    String given = answer.path("access_token").asText();
    String token = "Bearer " + given;
    HttpResponse<String> there =
        WholeGateway.send(
            gateway.of("support"), gateway.lookup("crm").header("Authorization", token));
    assertThat(there.statusCode()).as(there.body()).isEqualTo(200);

    HttpResponse<String> elsewhere =
        WholeGateway.send(
            gateway.of("support"), gateway.lookup("ledger").header("Authorization", token));
    assertThat(elsewhere.statusCode()).isEqualTo(401);
    assertThat(gateway.refusals(1).getFirst().details())
        .containsEntry("at", "mcp/ledger")
        .containsEntry("reason", "hop token: for another audience (aud)");
    assertThat(gateway.backend.received()).hasSize(1);

    JsonNode another = gateway.exchange(gateway.of("support"), Map.of("subject_token", given));
    assertThat(another.path("error").asText()).isEqualTo("invalid_grant");
  }

  @Test
  void aProofIsForTheAddressUnderTheGatewaysNameWhateverTheConnection() throws Exception {
    ECKey key = new ECKeyGenerator(Curve.P_256).generate();
    Map<String, String> form = new LinkedHashMap<>();
    form.put("audience", GATEWAY + "/mcp/crm");
    form.put("actor_token", workloadToken());
    form.put("actor_token_type", "urn:ietf:params:oauth:token-type:jwt");
    HttpRequest.Builder asked =
        gateway
            .token(form)
            .header("DPoP", gateway.world.proof(key, "POST", GATEWAY + "/token", ""));
    JsonNode answer = Harness.json(WholeGateway.send(gateway.anonymous(), asked));
    assertThat(answer.path("token_type").asText()).as(answer::toString).isEqualTo("DPoP");
    String token = answer.path("access_token").asText();

    assertThat(withProof(token, gateway.world.proof(key, "POST", GATEWAY + "/mcp/crm", token)))
        .isEqualTo(200);
    String connection = gateway.uri().resolve("/mcp/crm").toString();
    assertThat(withProof(token, gateway.world.proof(key, "POST", connection, token)))
        .isEqualTo(401);
    assertThat(withProof(token, gateway.world.proof(key, "POST", GATEWAY + "/mcp/ledger", token)))
        .isEqualTo(401);
    assertThat(gateway.refusals(2))
        .extracting(event -> event.details().get("reason"))
        .containsOnly("DPoP proof: for another request (htm, htu)");
  }

  private String workloadToken() {
    return gateway.world.authority.issueJwt(id("support"), List.of(GATEWAY)).token();
  }

  private int withProof(String token, String proof) throws Exception {
    return WholeGateway.send(
            gateway.anonymous(),
            gateway
                .lookup("crm")
                .header("X-Workload-Token", workloadToken())
                .header("Authorization", "DPoP " + token)
                .header("DPoP", proof))
        .statusCode();
  }
}
