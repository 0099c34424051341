package io.margay.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.margay.console.agents.AgentRoutes;
import io.margay.console.http.Route;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The document says what is served, and what is served is as the document says. */
class OpenApiTest extends ShopTestCase {
  private static final Set<String> METHODS = Set.of("get", "post", "delete", "put", "patch");

  static JsonNode document() throws IOException {
    return new YAMLMapper()
        .readTree(Path.of(System.getProperty("margay.root"), "docs", "openapi.yaml").toFile());
  }

  @TempDir Path folder;

  /** Of a flows process and of a gateway of agents. */
  private List<Route> routes() throws Exception {
    try (LivelyAgents agents = new LivelyAgents(folder)) {
      return Stream.of(console.routes().all(), AgentRoutes.of(agents.sources(), Instant::now))
          .flatMap(List::stream)
          .toList();
    }
  }

  @Test
  void everyRouteIsInTheDocumentAndTheOtherWayRound() throws Exception {
    Set<String> written = new TreeSet<>();
    document()
        .path("paths")
        .properties()
        .forEach(path ->
            path.getValue()
                .fieldNames()
                .forEachRemaining(method -> {
                  if (METHODS.contains(method)) {
                    written.add(method.toUpperCase(Locale.ROOT) + " " + path.getKey());
                  }
                }));
    Set<String> served = new TreeSet<>();
    routes().forEach(route -> served.add(route.method() + " " + route.path()));
    assertThat(served).isEqualTo(written);
  }

  @Test
  void whatIsOpenToEverybodyIsSaidSo() throws Exception {
    JsonNode paths = document().path("paths");
    routes()
        .forEach(route -> {
          JsonNode operation =
              paths.path(route.path()).path(route.method().toLowerCase(Locale.ROOT));
          boolean open = operation.path("security").isArray();
          assertThat(open).as("%s %s", route.method(), route.path()).isEqualTo(route.open());
        });
  }

  @Test
  void theDocumentIsServed() throws Exception {
    assertThat(json("/api/v1/openapi.json")).isEqualTo(document());
  }

  private record Asked(String method, String template, String path, String body) {}

  static Stream<Asked> questions() {
    String policy = "/api/v1/policies/{kind}/{namespace}/{name}";
    String cart = "/api/v1/policies/CalicoNetworkPolicy/shop/cart";
    String text =
        ShopTestCase.yaml(
            "apiVersion: projectcalico.org/v3\nkind: NetworkPolicy\nmetadata: {name: cart,"
                + " namespace: shop}\nspec: {tier: application, selector: app == 'cart',"
                + " ingress: [{action: Deny}]}\n");
    return Stream.of(
        get("/api/v1/flows", "/api/v1/flows"),
        get("/api/v1/flows", "/api/v1/flows?limit=1"),
        get("/api/v1/flows/hints", "/api/v1/flows/hints?type=PolicyName"),
        get("/api/v1/flows/statistics", "/api/v1/flows/statistics?groupBy=PolicyRule"),
        get("/api/v1/flows/statistics", "/api/v1/flows/statistics?timeSeries=true&type=ByteCount"),
        get("/api/v1/flows/density", "/api/v1/flows/density?startTimeGte=-300"),
        get("/api/v1/flows/graph", "/api/v1/flows/graph?level=service"),
        get("/api/v1/flows/graph", "/api/v1/flows/graph?expand=shop"),
        get("/api/v1/fix", "/api/v1/fix?from=shop/web-1&to=shop/cart-1&port=81"),
        get("/api/v1/fix", "/api/v1/fix?from=shop/web-1&to=shop/cart-1&port=81&startTimeGte=-60"),
        get("/api/v1/why", "/api/v1/why?from=shop/web-1&to=shop/cart-1&port=81"),
        get("/api/v1/why", "/api/v1/why?from=shop/web-1&to=shop/cart-1&at=-1"),
        get("/api/v1/why", "/api/v1/why?from=shop/web-1&to=shop/cart-1&at=-86400"),
        get("/api/v1/tiers", "/api/v1/tiers"),
        get("/api/v1/policies/use", "/api/v1/policies/use"),
        get(policy, cart),
        get(policy, "/api/v1/policies/Tier/-/application"),
        get(policy + "/summary", cart + "/summary"),
        get("/api/v1/endpoints", "/api/v1/endpoints?search=cart"),
        get("/api/v1/endpoints/{namespace}/{name}", "/api/v1/endpoints/shop/cart-1"),
        get("/api/v1/endpoints/{namespace}/{name}", "/api/v1/endpoints/shop/cart-%2A"),
        get("/api/v1/namespaces", "/api/v1/namespaces"),
        get("/api/v1/namespaces/{name}", "/api/v1/namespaces/shop"),
        get("/api/v1/migrations", "/api/v1/migrations"),
        get("/api/v1/nodes", "/api/v1/nodes"),
        get("/api/v1/status", "/api/v1/status"),
        get("/api/v1/session", "/api/v1/session"),
        get("/flows", "/flows"),
        get("/flows-filter-hints", "/flows-filter-hints?type=DestName"),
        post("/api/v1/policies/validate", "/api/v1/policies/validate", text),
        post(
            "/api/v1/policies/validate",
            "/api/v1/policies/validate",
            ShopTestCase.yaml("kind: Nothing")),
        post("/api/v1/policies/preview", "/api/v1/policies/preview", text),
        post(
            "/api/v1/policies/preview",
            "/api/v1/policies/preview",
            text.replaceFirst("}$", ", \"traffic\": true}")),
        post(
            "/api/v1/policies/preview",
            "/api/v1/policies/preview",
            "{\"delete\": {\"kind\": \"CalicoNetworkPolicy\", \"namespace\": \"shop\", \"name\":"
                + " \"cart\"}}"),
        post("/api/v1/policies/apply", "/api/v1/policies/apply", text),
        post(policy + "/stage", cart + "/stage", "{}"),
        post(policy + "/order", cart + "/order", "{\"order\": 7.5}"),
        new Asked("DELETE", policy, cart, ""));
  }

  private static Asked get(String template, String path) {
    return new Asked("GET", template, path, "");
  }

  private static Asked post(String template, String path, String body) {
    return new Asked("POST", template, path, body);
  }

  @ParameterizedTest
  @MethodSource("questions")
  void answersAreAsTheDocumentSays(Asked asked) throws Exception {
    see(Seen.allowed(T0), Seen.denied(T0, 80));
    HttpResponse<String> answer = send(asked.method(), asked.path(), asked.body());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    check(asked, "200", answer);
  }

  static Stream<Asked> badQuestions() {
    return Stream.of(
        get("/api/v1/flows", "/api/v1/flows?filters=%7B"),
        get("/api/v1/flows", "/api/v1/flows?page=0&limit=1"),
        get("/api/v1/flows/{id}", "/api/v1/flows/7-7"),
        get("/flows", "/flows?sortBy=DestType"),
        get("/api/v1/endpoints/{namespace}/{name}", "/api/v1/endpoints/shop/nobody"),
        post("/api/v1/policies/apply", "/api/v1/policies/apply", ShopTestCase.yaml("{")),
        post("/api/v1/policies/apply", "/api/v1/policies/apply", "[]"));
  }

  @ParameterizedTest
  @MethodSource("badQuestions")
  void failuresAreAsTheDocumentSays(Asked asked) throws Exception {
    HttpResponse<String> answer = send(asked.method(), asked.path(), asked.body());
    assertThat(answer.statusCode()).as(answer.body()).isBetween(400, 499);
    check(asked, "default", answer);
  }

  private static void check(Asked asked, String status, HttpResponse<String> answer)
      throws IOException {
    JsonNode document = document();
    JsonNode schema =
        schema(document, asked.template(), asked.method().toLowerCase(Locale.ROOT), status);
    assertThat(schema.isObject()).as("%s has a schema", asked).isTrue();
    assertThat(new JsonSchema(document).problems(schema, parse(answer.body())))
        .as("%s answers %s", asked, answer.body())
        .isEmpty();
  }

  /** What a document says that an answer is. */
  static JsonNode schema(JsonNode document, String template, String method, String status) {
    JsonNode response =
        document.path("paths").path(template).path(method).path("responses").path(status);
    if (response.has("$ref")) {
      response = document.at(response.path("$ref").asText().substring(1));
    }
    return response.path("content").path("application/json").path("schema");
  }

  @Test
  void theSchemaCheckFindsWhatDoesNotFit() throws Exception {
    JsonSchema schema = new JsonSchema(document());
    JsonNode total = document().at("/components/schemas/Total");
    assertThat(schema.problems(total, parse("{\"totalPages\": 1, \"totalResults\": \"2\"}")))
        .hasSize(1);
    assertThat(schema.problems(total, parse("{\"totalPages\": 1}"))).hasSize(1);
    assertThat(schema.problems(total, parse("{\"totalPages\": 1, \"totalResults\": 2, \"x\": 1}")))
        .hasSize(1);
  }
}
