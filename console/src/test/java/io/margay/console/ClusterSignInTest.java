package io.margay.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.margay.console.access.Permissions;
import io.margay.console.kubernetes.ClusterAuthenticator;
import io.margay.console.kubernetes.ClusterAuthorizer;
import io.margay.console.kubernetes.ProviderLogin;
import io.margay.console.signin.SignInMethods;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Users of a cluster see and change what their roles say, and nothing else. */
class ClusterSignInTest extends ShopTestCase {
  private static final URI CALLBACK = URI.create("https://console.example/sign-in/oidc/callback");

  private FakeCluster cluster;
  private KubernetesClient client8;

  @Override
  SignInMethods signIn() throws IOException {
    cluster = new FakeCluster();
    Config config =
        new ConfigBuilder(Config.empty())
            .withMasterUrl(cluster.uri("/").toString())
            .withRequestRetryBackoffLimit(0)
            .build();
    client8 = new KubernetesClientBuilder().withConfig(config).build();
    ClusterAuthenticator tokens = new ClusterAuthenticator(client8, now::get);
    return new SignInMethods(
        Permissions.NONE,
        tokens,
        true,
        Optional.empty(),
        Optional.of(
            new ProviderLogin(
                new ProviderLogin.Config(cluster.uri("/idp"), "margay", "", CALLBACK), tokens)),
        Optional.empty(),
        new ClusterAuthorizer(client8, () -> Set.of("shop", "bank"), now::get));
  }

  @BeforeEach
  void grant() {
    cluster.usersByToken.put("ann-token", "ann");
    cluster.usersByToken.put("root-token", "root");
    for (String resource : new String[] {"pods", "networkpolicies"}) {
      cluster.grants.add("ann list " + resource + " shop");
      cluster.grants.add("root list " + resource + " *");
    }
    cluster.grants.add("root list globalnetworkpolicies *");
  }

  @AfterEach
  void closeCluster() {
    client8.close();
    cluster.close();
  }

  private HttpResponse<String> as(String user, String path) throws Exception {
    return send("GET", path, "", "Authorization", "Bearer " + user + "-token");
  }

  private JsonNode seenBy(String user, String path) throws Exception {
    HttpResponse<String> answer = as(user, path);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return parse(answer.body());
  }

  @Test
  void nobodyIsLetInWithoutATokenThatTheClusterKnows() throws Exception {
    assertThat(get("/api/v1/flows").statusCode()).isEqualTo(401);
    assertThat(as("mallory", "/api/v1/flows").statusCode()).isEqualTo(401);
    cluster.broken = true;
    assertThat(as("ann", "/api/v1/flows").statusCode()).as("no answer is no yes").isEqualTo(503);
  }

  @Test
  void flowsAreShownToThoseWhoMayListPodsAndPoliciesOfTheJudgedEnd() throws Exception {
    see(Seen.allowed(T0), Seen.denied(T0, 80));
    assertThat(seenBy("root", "/api/v1/flows").path("items")).hasSize(2);
    assertThat(seenBy("ann", "/api/v1/flows").path("items")).hasSize(2);
    assertThat(seenBy("ann", "/flows").at("/total/totalResults").asInt()).isEqualTo(2);
    assertThat(seenBy("ann", "/api/v1/flows?limit=1").path("items")).hasSize(1);
    cluster.grants.remove("ann list networkpolicies shop");
    now.set(T0.plusSeconds(31));
    for (String path :
        new String[] {"/api/v1/flows", "/flows", "/api/v1/flows?limit=9", "/api/v1/flows/graph"}) {
      String answer = seenBy("ann", path).toString();
      assertThat(answer).as(path).doesNotContain("web-").doesNotContain("cart");
    }
    assertThat(seenBy("ann", "/api/v1/flows/hints?type=DestName").path("items")).isEmpty();
    assertThat(seenBy("ann", "/api/v1/flows/statistics").path("items")).isEmpty();
    assertThat(seenBy("ann", "/api/v1/flows/density").path("steps")).isEmpty();
    String id = seenBy("root", "/api/v1/flows").at("/items/0/id").asText();
    assertThat(as("ann", "/api/v1/flows/" + id).statusCode()).isEqualTo(404);
  }

  @Test
  void whatIsOfAllNamespacesIsForThoseWhoSeeAll() throws Exception {
    for (String path : new String[] {"/api/v1/status", "/metrics", "/api/v1/nodes"}) {
      assertThat(as("ann", path).statusCode()).as(path).isEqualTo(403);
      assertThat(as("root", path).statusCode()).as(path).isEqualTo(200);
    }
    assertThat(as("ann", "/api/v1/endpoints/bank/vault-1").statusCode()).isEqualTo(404);
    assertThat(as("ann", "/api/v1/namespaces/bank").statusCode()).isEqualTo(404);
    assertThat(seenBy("ann", "/api/v1/endpoints").toString()).doesNotContain("vault");
    assertThat(seenBy("ann", "/api/v1/tiers").toString())
        .contains("cart")
        .doesNotContain("quarantine");
    assertThat(as("ann", "/api/v1/why?from=shop/web-1&to=bank/vault-1&port=1").statusCode())
        .isEqualTo(403);
    assertThat(as("ann", "/api/v1/why?from=shop/web-1&to=shop/cart-1&port=1").statusCode())
        .isEqualTo(200);
    JsonNode effect =
        parse(
                as("ann", "/api/v1/fix?from=shop/web-1&to=shop/cart-1&port=1&startTimeGte=-60")
                    .body())
            .path("effect");
    assertThat(effect.path("flows").isObject()).isTrue();
    assertThat(effect.path("endpoints").isNull()).as("of all namespaces").isTrue();
  }

  @Test
  void aPolicyIsChangedByThoseWhoMayChangeItAndItsTier() throws Exception {
    String path = "/api/v1/policies/CalicoNetworkPolicy/shop/cart";
    String[] bearer = {"Authorization", "Bearer ann-token"};
    String[] grants = {
      "ann delete networkpolicies shop", "ann get tiers ", "ann delete tier.networkpolicies shop"
    };
    for (String grant : grants) {
      HttpResponse<String> refused = send("DELETE", path, "", bearer);
      assertThat(refused.statusCode()).as("before " + grant).isEqualTo(403);
      assertThat(refused.body()).contains("ann may not delete");
      cluster.grants.add(grant);
      now.set(now.get().plusSeconds(31));
    }
    assertThat(send("DELETE", path, "", bearer).statusCode()).isEqualTo(200);
  }

  @Test
  void answersOfTheClusterAreKeptForAShortTimeOnly() throws Exception {
    seenBy("ann", "/api/v1/tiers");
    int asked = cluster.accessReviews.get();
    seenBy("ann", "/api/v1/tiers");
    assertThat(cluster.accessReviews.get()).isEqualTo(asked);
    cluster.usersByToken.clear();
    now.set(T0.plusSeconds(31));
    assertThat(as("ann", "/api/v1/tiers").statusCode()).isEqualTo(401);
  }

  private Map<String, String> begin() throws Exception {
    HttpResponse<String> begun = send("GET", "/sign-in/oidc?to=/policies", "");
    assertThat(begun.statusCode()).isEqualTo(303);
    URI there = URI.create(begun.headers().firstValue("Location").orElseThrow());
    assertThat(there.toString()).startsWith(cluster.uri("/idp/authorize").toString());
    Map<String, String> fields = new HashMap<>();
    for (String field : there.getRawQuery().split("&")) {
      fields.put(field.split("=", 2)[0], field.split("=", 2)[1]);
    }
    String cookie = begun.headers().firstValue("Set-Cookie").orElseThrow();
    assertThat(cookie).contains("HttpOnly").contains("SameSite=Lax");
    fields.put("cookie", cookie.substring(0, cookie.indexOf(';')));
    cluster.nonce = fields.get("nonce");
    cluster.challenge = fields.get("code_challenge");
    return fields;
  }

  private HttpResponse<String> comeBack(Map<String, String> fields, String code) throws Exception {
    return send(
        "GET",
        "/sign-in/oidc/callback?code=" + code + "&state=" + fields.get("state"),
        "",
        "Cookie",
        fields.get("cookie"));
  }

  private static void assertRefused(HttpResponse<String> answer) {
    assertThat(answer.headers().firstValue("Location").orElseThrow())
        .startsWith("/sign-in?reason=");
    assertThat(answer.headers().allValues("Set-Cookie"))
        .noneMatch(cookie -> cookie.startsWith("margay_session="));
  }

  @Test
  void anIdentityProviderSignsIn() throws Exception {
    Map<String, String> fields = begin();
    HttpResponse<String> back = comeBack(fields, "good");
    assertThat(back.headers().firstValue("Location")).contains("/policies");
    String session =
        back.headers().allValues("Set-Cookie").stream()
            .filter(cookie -> cookie.startsWith("margay_session="))
            .findFirst()
            .orElseThrow();
    String cookie = session.substring(0, session.indexOf(';'));
    JsonNode who = parse(send("GET", "/api/v1/session", "", "Cookie", cookie).body());
    assertThat(who.path("user").asText()).isEqualTo("ann");
    assertThat(who.at("/permissions/namespaces/0").asText()).isEqualTo("shop");
    assertThat(who.at("/permissions/all_namespaces").asBoolean()).isFalse();
  }

  @Test
  void answersThatWereNotAskedForAreRefused() throws Exception {
    assertRefused(comeBack(begin(), "bad"));
    Map<String, String> otherState = begin();
    otherState.put("state", "forged");
    assertRefused(comeBack(otherState, "good"));
    Map<String, String> noCookie = begin();
    noCookie.put("cookie", "a=b");
    assertRefused(comeBack(noCookie, "good"));
    Map<String, String> otherNonce = begin();
    cluster.nonce = "replayed";
    assertRefused(comeBack(otherNonce, "good"));
    Map<String, String> otherAudience = begin();
    cluster.audience = "somebody-else";
    assertRefused(comeBack(otherAudience, "good"));
    cluster.audience = "margay";
    Map<String, String> otherVerifier = begin();
    cluster.challenge = "x";
    assertRefused(comeBack(otherVerifier, "good"));
  }
}
