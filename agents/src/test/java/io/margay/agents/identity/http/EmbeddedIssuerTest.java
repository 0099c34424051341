package io.margay.agents.identity.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.margay.agents.identity.TurnedClock;
import io.margay.agents.identity.token.VerifiedToken;
import io.margay.agents.identity.user.TrustedIssuer;
import io.margay.agents.identity.user.UserTokens;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The demo's identity provider, found as any other is: by its discovery document. */
class EmbeddedIssuerTest {
  private static final String GATEWAY = "https://gateway.shop.example";

  private final TurnedClock clock = new TurnedClock();

  private EmbeddedIssuer issuer() throws Exception {
    return EmbeddedIssuer.start(
        0,
        Map.of(
            "alice",
            new EmbeddedIssuer.Person("s3cret", List.of("support"), Set.of("read", "write"))),
        GATEWAY,
        clock);
  }

  @Test
  void itsTokensAreFoundGood() throws Exception {
    try (EmbeddedIssuer issuer = issuer();
        UserTokens tokens = tokens(issuer)) {
      String body = "grant_type=client_credentials&client_id=alice&client_secret=s3cret&scope=read";
      HttpResponse<String> response = post(issuer, body);
      assertThat(response.statusCode()).isEqualTo(200);
      String token = new ObjectMapper().readTree(response.body()).path("access_token").asText();
      VerifiedToken verified = tokens.verify(token);
      assertThat(verified.user().orElseThrow().subject()).isEqualTo("alice");
      assertThat(verified.user().orElseThrow().groups()).containsExactly("support");
      assertThat(verified.scope()).containsExactly("read");
    }
  }

  @Test
  void strangersGetNone() throws Exception {
    try (EmbeddedIssuer issuer = issuer()) {
      assertThat(
              post(issuer, "grant_type=client_credentials&client_id=alice&client_secret=x")
                  .statusCode())
          .isEqualTo(401);
      assertThat(
              post(
                      issuer,
                      "grant_type=client_credentials&client_id=alice&client_secret=s3cret"
                          + "&scope=admin")
                  .body())
          .contains("invalid_scope");
    }
  }

  @Test
  void anIssuerThatIsAwayIsNoReasonToTrust() throws Exception {
    EmbeddedIssuer issuer = issuer();
    String token = issuer.token("alice", Set.of("read"));
    try (UserTokens tokens = tokens(issuer)) {
      issuer.close();
      assertThatThrownBy(() -> tokens.verify(token))
          .hasMessage("user token: the keys of its issuer cannot be read now");
    }
  }

  @Test
  void keysOverPlainHttpAreFromThisMachineOnly() {
    assertThatThrownBy(() -> TrustedIssuer.discovered("http://id.example", GATEWAY))
        .hasMessage("issuer http://id.example: address http://id.example is not https");
    assertThatThrownBy(() -> TrustedIssuer.discovered("http://127.0.0.1.evil.example", GATEWAY))
        .hasMessageContaining("is not https");
  }

  private UserTokens tokens(EmbeddedIssuer issuer) {
    return new UserTokens(
        List.of(TrustedIssuer.discovered(issuer.issuer(), GATEWAY)),
        UserTokens.Limits.DEFAULT,
        clock);
  }

  private static HttpResponse<String> post(EmbeddedIssuer issuer, String body) throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(
          HttpRequest.newBuilder(URI.create(issuer.issuer() + "/token"))
              .header("Content-Type", "application/x-www-form-urlencoded")
              .POST(HttpRequest.BodyPublishers.ofString(body))
              .build(),
          HttpResponse.BodyHandlers.ofString());
    }
  }
}
