package io.margay.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.margay.model.resource.Kind;
import io.margay.model.resource.ResourceKey;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;

/** Policies are changed, tried out and proposed over HTTP. */
class PolicyEditTest extends ShopTestCase {
  private static final String APPLY = "/api/v1/policies/apply";
  private static final String CART = "/api/v1/policies/CalicoNetworkPolicy/shop/cart";
  private static final String STAGED = "/api/v1/policies/StagedNetworkPolicy/shop/cart";

  private static String cart(String action) {
    return """
    apiVersion: projectcalico.org/v3
    kind: NetworkPolicy
    metadata: {name: cart, namespace: shop}
    spec:
      tier: application
      order: 10
      selector: app == 'cart'
      types: [Ingress]
      ingress:
        - action: %s
          protocol: TCP
          source: {selector: app == 'web'}
          destination: {ports: [7070]}
    """
        .formatted(action);
  }

  private static String body(String text, String version) {
    return JSON.createObjectNode().put("yaml", text).put("resource_version", version).toString();
  }

  @Test
  void whoEditsAnOldVersionIsToldSo() throws Exception {
    String first = json(CART).path("resource_version").asText();
    JsonNode stored = post(APPLY, body(cart("Deny"), first));
    assertThat(stored.path("yaml").asText()).contains("action: Deny");
    HttpResponse<String> late = send("POST", APPLY, body(cart("Allow"), first));
    assertThat(late.statusCode()).isEqualTo(409);
    assertThat(parse(late.body()).at("/problems/0/resource").asText()).contains("shop/cart");
    HttpResponse<String> again = send("POST", APPLY, body(cart("Allow"), ""));
    assertThat(again.statusCode()).as("it is not new").isEqualTo(409);
    assertThat(json(CART).path("yaml").asText()).contains("action: Deny");
  }

  @Test
  void everythingThatIsWrongIsToldAndNothingIsStored() throws Exception {
    String bad = cart("Alow").replace("order: 10", "order: soon");
    HttpResponse<String> refused = send("POST", APPLY, yaml(bad));
    assertThat(refused.statusCode()).isEqualTo(422);
    JsonNode problems = parse(refused.body()).path("problems");
    assertThat(problems).hasSizeGreaterThanOrEqualTo(2);
    assertThat(problems.toString()).contains("spec.order").contains("soon").contains("Alow");
    assertThat(json(CART).path("yaml").asText()).contains("action: Allow");
    JsonNode validation = post("/api/v1/policies/validate", yaml(bad));
    assertThat(validation.path("valid").asBoolean()).isFalse();
    assertThat(validation.path("problems")).isEqualTo(problems);
    for (String other :
        new String[] {
          "kind: Pod\napiVersion: v1\nmetadata: {name: x, namespace: shop}\n",
          cart("Allow") + "---\n" + cart("Deny"),
          ""
        }) {
      assertThat(send("POST", APPLY, yaml(other)).statusCode()).isEqualTo(422);
    }
    assertThat(send("POST", APPLY, "{\"yam\": \"\"}").body()).contains("\\\"yam\\\" is not one of");
    assertThat(send("POST", APPLY, yaml("x".repeat(1_100_000))).statusCode()).isEqualTo(413);
  }

  @Test
  void aPolicyIsStagedAndEnforced() throws Exception {
    String edited = JSON.createObjectNode().put("yaml", cart("Deny")).toString();
    JsonNode staged = post(CART + "/stage", edited);
    assertThat(staged.path("kind").asText()).isEqualTo("StagedNetworkPolicy");
    assertThat(staged.path("yaml").asText()).contains("stagedAction: Set").contains("Deny");
    assertThat(json(CART).path("yaml").asText()).contains("action: Allow");
    assertThat(json("/api/v1/tiers").toString()).contains("\"staged\":true");

    JsonNode enforced = post(STAGED + "/enforce", "{}");
    assertThat(enforced.path("kind").asText()).isEqualTo("CalicoNetworkPolicy");
    assertThat(enforced.path("yaml").asText()).contains("action: Deny").doesNotContain("staged");
    assertThat(get(STAGED).statusCode()).isEqualTo(404);
  }

  @Test
  void aDeletionIsStagedAndEnforced() throws Exception {
    JsonNode staged = post(CART + "/stage", "{\"delete\": true}");
    assertThat(staged.path("yaml").asText()).contains("stagedAction: Delete");
    assertThat(get(CART).statusCode()).isEqualTo(200);
    post(STAGED + "/enforce", "{}");
    assertThat(get(CART).statusCode()).isEqualTo(404);
    assertThat(get(STAGED).statusCode()).isEqualTo(404);
  }

  @Test
  void aPolicyIsMovedBetweenItsNeighbours() throws Exception {
    given(
        Kind.GLOBAL_NETWORK_POLICY,
        "{metadata: {name: last}, spec: {tier: application, selector: all()}}");
    JsonNode moved =
        post(
            "/api/v1/policies/GlobalNetworkPolicy/-/last/order",
            "{\"before\": {\"kind\": \"CalicoNetworkPolicy\", \"namespace\": \"shop\", \"name\":"
                + " \"cart\"}}");
    assertThat(moved.path("yaml").asText()).contains("order: 7");
    JsonNode order = json("/api/v1/tiers").at("/tiers");
    assertThat(order.toString()).containsSubsequence("\"quarantine\"", "\"last\"", "\"cart\"");
    JsonNode end = post(CART + "/order", "{\"before\": null}");
    assertThat(end.path("yaml").asText()).contains("order: 107");
    HttpResponse<String> notThere =
        send(
            "POST",
            CART + "/order",
            "{\"before\": {\"kind\": \"GlobalNetworkPolicy\", \"name\": \"nobody\"}}");
    assertThat(notThere.statusCode()).isEqualTo(422);
    assertThat(send("POST", CART + "/order", "{}").statusCode()).isEqualTo(400);
  }

  @Test
  void aPreviewTellsWhoseVerdictTurns() throws Exception {
    see(Seen.allowed(T0), Seen.denied(T0, 7070));
    JsonNode preview = post("/api/v1/policies/preview", yaml(cart("Deny")));
    assertThat(preview.at("/flows/considered").asInt()).isEqualTo(2);
    assertThat(preview.at("/flows/newly_denied").asInt()).isEqualTo(1);
    assertThat(preview.at("/flows/unchanged").asInt()).isEqualTo(1);
    assertThat(preview.at("/flows/items/0/before").asText()).isEqualTo("Allow");
    assertThat(preview.at("/flows/items/0/after").asText()).isEqualTo("Deny");
    assertThat(preview.at("/flows/items/0/flow/source_name").asText()).isEqualTo("web-*");
    assertThat(json(CART).path("yaml").asText()).as("nothing is stored").contains("Allow");

    JsonNode deleted =
        post(
            "/api/v1/policies/preview",
            "{\"delete\": {\"kind\": \"CalicoNetworkPolicy\", \"namespace\": \"shop\", \"name\":"
                + " \"cart\"}}");
    assertThat(deleted.at("/flows/newly_allowed").asInt()).isEqualTo(1);
    assertThat(deleted.at("/endpoints/lost/0").asText()).isEqualTo("shop/cart-1");
  }

  @Test
  void aPreviewIsUncertainWhereRecordsKeepNoAddress() throws Exception {
    see(Seen.denied(T0, 7070));
    JsonNode preview =
        post(
            "/api/v1/policies/preview",
            yaml(cart("Allow").replace("{selector: app == 'web'}", "{nets: [203.0.113.0/24]}")));
    assertThat(preview.at("/flows/uncertain").asInt()).isEqualTo(1);
    assertThat(preview.at("/flows/items/0/reason").asText()).contains("outside address");
    JsonNode all =
        post(
            "/api/v1/policies/preview",
            yaml(cart("Allow").replace("{selector: app == 'web'}", "{nets: [0.0.0.0/0]}")));
    assertThat(all.at("/flows/newly_allowed").asInt()).isEqualTo(1);
  }

  @Test
  void aFixIsReadyToBeStagedAndEnforced() throws Exception {
    String question = "from=shop/web-1&to=shop/cart-1&port=9999";
    assertThat(json("/api/v1/why?" + question).path("action").asText()).isEqualTo("Deny");
    JsonNode fix = json("/api/v1/fix?" + question);
    JsonNode change = fix.at("/changes/0");
    assertThat(change.at("/policy/name").asText()).isEqualTo("cart");
    assertThat(change.path("before_yaml").asText()).doesNotContain("9999");
    assertThat(change.path("after_yaml").asText()).contains("9999").contains("7070");
    JsonNode staged = post(APPLY, yaml(change.path("staged_yaml").asText()));
    assertThat(staged.path("staged").asBoolean()).isTrue();
    assertThat(json("/api/v1/why?" + question).path("pending_action").asText()).isEqualTo("Allow");
    assertThat(json("/api/v1/why?" + question).path("action").asText()).isEqualTo("Deny");
    post(STAGED + "/enforce", "{}");
    assertThat(json("/api/v1/why?" + question).path("action").asText()).isEqualTo("Allow");
    assertThat(store.get(new ResourceKey(Kind.STAGED_NETWORK_POLICY, "shop", "cart"))).isEmpty();
  }

  @Test
  void aFixTellsWhatElseItWouldTurn() throws Exception {
    see(Seen.denied(T0, 9999));
    String question = "from=shop/web-1&to=shop/cart-1&port=9999";
    assertThat(json("/api/v1/fix?" + question).path("effect").isNull()).isTrue();
    JsonNode effect = json("/api/v1/fix?" + question + "&startTimeGte=-60").path("effect");
    assertThat(effect.path("truncated").asBoolean()).isFalse();
    assertThat(effect.at("/flows/conversations").asInt()).isEqualTo(1);
    assertThat(effect.at("/endpoints/denied_to_allowed").asInt()).isPositive();
    assertThat(effect.at("/endpoints/allowed_to_denied").asInt()).isZero();
    JsonNode turned = effect.at("/endpoints/items/0");
    assertThat(turned.path("change").asText()).isEqualTo("denied -> allowed");
    assertThat(turned.path("to").path(0).asText()).startsWith("shop/cart");
    assertThat(turned.path("traffic").asText()).isEqualTo("tcp/9999");
    assertThat(turned.at("/after/name").asText()).isEqualTo("cart");
  }

  @Test
  void aPreviewOfAllTrafficNamesWhatNobodyRecorded() throws Exception {
    String change = yaml(cart("Deny"));
    assertThat(post("/api/v1/policies/preview", change).path("traffic").isNull()).isTrue();
    JsonNode traffic =
        post("/api/v1/policies/preview", change.replaceFirst("}$", ", \"traffic\": true}"))
            .path("traffic");
    assertThat(traffic.path("allowed_to_denied").asInt()).isEqualTo(1);
    assertThat(traffic.at("/items/0/from/0").asText()).startsWith("shop/web");
    assertThat(traffic.at("/items/0/traffic").asText()).isEqualTo("tcp/7070");
  }

  @Test
  void aFixForARecordedFlowNeedsEndsThatAreThere() throws Exception {
    see(Seen.allowed(T0), Seen.denied(T0, 80));
    for (JsonNode flow : json("/api/v1/flows").path("items")) {
      String id = flow.path("id").asText();
      assertThat(json("/api/v1/flows/" + id).path("dest_port")).isEqualTo(flow.path("dest_port"));
      HttpResponse<String> fix = get("/api/v1/flows/" + id + "/fix");
      if (flow.path("source_type").asText().equals("Network")) {
        assertThat(fix.statusCode()).isEqualTo(422);
        assertThat(fix.body()).contains("PUBLIC NETWORK");
      } else {
        assertThat(fix.statusCode()).isEqualTo(200);
      }
    }
  }
}
