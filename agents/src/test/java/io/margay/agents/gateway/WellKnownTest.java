package io.margay.agents.gateway;

import static io.margay.agents.identity.World.GATEWAY;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.nimbusds.jose.jwk.JWKSet;
import io.margay.agents.gateway.a2a.AgentCards;
import io.margay.agents.identity.World;
import io.margay.agents.identity.spiffe.BundleJson;
import io.margay.agents.identity.token.SignedToken;
import io.margay.agents.identity.token.VerificationKeys;
import java.net.URI;
import java.net.http.HttpResponse;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a whole gateway tells everybody under {@code /.well-known/}. */
class WellKnownTest extends OverWholeGateway {
  @Test
  void aRefusalLeadsAClientToTheIssuerOfItsUsers() throws Exception {
    HttpResponse<String> refused = WholeGateway.send(gateway.anonymous(), gateway.lookup("crm"));
    String address = GATEWAY + "/.well-known/oauth-protected-resource/mcp/crm";
    assertThat(refused.headers().firstValue("WWW-Authenticate"))
        .contains("Bearer resource_metadata=\"" + address + "\"");

    JsonNode resource = gateway.document("oauth-protected-resource/mcp/crm");
    assertThat(resource.path("resource").asText()).isEqualTo(GATEWAY + "/mcp/crm");
    assertThat(resource.at("/authorization_servers/0").asText()).isEqualTo(World.ISSUER);
    assertThat(gateway.document("oauth-protected-resource").path("resource").asText())
        .isEqualTo(GATEWAY);
  }

  @Test
  void theTokenEndpointAndItsKeysCanBeFound() throws Exception {
    JsonNode server = gateway.document("oauth-authorization-server");
    assertThat(server.path("issuer").asText()).isEqualTo(GATEWAY);
    assertThat(server.path("token_endpoint").asText()).isEqualTo(GATEWAY + "/token");
    assertThat(server.path("jwks_uri").asText()).isEqualTo(GATEWAY + "/.well-known/jwks.json");

    JsonNode answer = gateway.exchange(gateway.of("support"), Map.of());
    VerificationKeys keys =
        VerificationKeys.of(JWKSet.parse(gateway.document("jwks.json").toString()));
    keys.verify("token", SignedToken.read("token", answer.path("access_token").asText()));
    assertThat(gateway.document("jwks.json").toString()).doesNotContain("\"d\"");
  }

  @Test
  void cardsAreSignedWithKeysOfTheirOwn() throws Exception {
    JsonNode card = card();
    JsonNode keys = gateway.document(AgentCards.KEY_SET);
    AgentCards.verify(card, VerificationKeys.of(JWKSet.parse(keys.toString())));
    assertThat(keys).isNotEqualTo(gateway.document("jwks.json"));
  }

  @Test
  void cardsNameTheGrpcPortOnceThereIsOne() throws Exception {
    assertThat(card().path("supportedInterfaces").findValuesAsText("protocolBinding"))
        .containsExactly("JSONRPC", "HTTP+JSON");
    int port = gateway.serveGrpc();
    JsonNode interfaces = card().path("supportedInterfaces");
    JsonNode added = interfaces.path(2);
    assertThat(added.path("protocolBinding").asText()).isEqualTo("GRPC");
    assertThat(added.path("tenant").asText()).isEqualTo("planner");
    URI address = URI.create(added.path("url").asText());
    assertThat(address.getHost()).isEqualTo(URI.create(interfaces.at("/0/url").asText()).getHost());
    assertThat(address.getPort()).isEqualTo(port);
  }

  private JsonNode card() throws Exception {
    HttpResponse<String> card =
        WholeGateway.send(
            gateway.of("support"), gateway.request("/a2a/planner/.well-known/agent-card.json"));
    assertThat(card.statusCode()).as(card.body()).isEqualTo(200);
    return Harness.json(card);
  }

  @Test
  void theBundleOfTheTrustDomainIsTheAuthoritys() throws Exception {
    assertThat(
            BundleJson.read("shop.example", gateway.document("spiffe-bundle").toString())
                .x509Authorities())
        .isEqualTo(
            gateway.world.authority.bundles().byDomain().get("shop.example").x509Authorities());
    HttpResponse<String> unknown =
        WholeGateway.send(gateway.anonymous(), gateway.request("/.well-known/nothing"));
    assertThat(unknown.statusCode()).isEqualTo(404);
    assertThat(unknown.body()).contains("spiffe-bundle", "jwks.json");
  }
}
