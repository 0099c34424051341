package io.margay.store.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.margay.store.apiserver.ApiClient.Answer;
import java.io.InputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Get, list and watch over HTTP. */
final class ReadsTest extends ApiServerTestBase {
  private static final String TABLE = "application/json;as=Table;v=v1;g=meta.k8s.io";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          labelSelector=app=web                      | a b
          labelSelector=app==web,env!=test           | a
          labelSelector=env notin (prod,test)        | c
          labelSelector=app in (web, db),env         | a b d
          labelSelector=!app                         | c
          labelSelector=app!=web                     | c d
          fieldSelector=metadata.name=a              | a
          fieldSelector=metadata.name!=a             | b c d
          fieldSelector=metadata.namespace=none      | ``
          labelSelector=app=web&fieldSelector=metadata.name=b | b
          """)
  void selects(String query, String expected) throws Exception {
    createSet("a", "'app':'web','env':'prod'");
    createSet("b", "'app':'web','env':'test'");
    createSet("c", "");
    createSet("d", "'app':'db','env':'prod'");
    assertThat(names(client.get(SETS + "?" + encoded(query)))).isEqualTo(expected);
  }

  @Test
  void selectsByTier() throws Exception {
    client.post(POLICIES, policy("a", "'tier':'default'"));
    client.post(POLICIES, policy("b", "'tier':'kube-admin'"));
    String query = "?fieldSelector=spec.tier%3Dkube-admin";
    assertThat(names(client.get(POLICIES + query))).isEqualTo("b");
    assertThat(names(client.get("/apis/projectcalico.org/v3/networkpolicies" + query)))
        .isEqualTo("b");
  }

  @Test
  void pagesShowOneMoment() throws Exception {
    for (int i = 0; i < 5; i++) {
      createSet("n" + i, "");
    }
    Answer first = client.get(SETS + "?limit=2");
    assertThat(names(first)).isEqualTo("n0 n1");
    assertThat(first.at("/metadata/remainingItemCount")).isEqualTo("3");
    client.delete(SETS + "/n3");
    createSet("n9", "");
    Answer second = client.get(SETS + "?limit=2&continue=" + first.at("/metadata/continue"));
    assertThat(names(second)).isEqualTo("n2 n3");
    assertThat(second.at("/metadata/resourceVersion"))
        .isEqualTo(first.at("/metadata/resourceVersion"));
    Answer third = client.get(SETS + "?limit=2&continue=" + second.at("/metadata/continue"));
    assertThat(names(third)).isEqualTo("n4");
    assertThat(third.at("/metadata/continue")).isEmpty();
  }

  @Test
  void aForgottenListIsToldSo() throws Exception {
    createSet("a", "");
    createSet("b", "");
    String token = client.get(SETS + "?limit=1").at("/metadata/continue");
    for (int i = 0; i < 40; i++) {
      client.get(SETS + "?limit=1");
    }
    Answer late = client.get(SETS + "?limit=1&continue=" + token);
    assertThat(late.status()).isEqualTo(410);
    assertThat(late.at("/reason")).isEqualTo("Expired");
  }

  @Test
  void tablesShowWhatPeopleExpect() throws Exception {
    client.post(POLICIES, policy("a", "'order':10.5,'selector':'has(app)'"));
    Answer table = client.get(POLICIES, "Accept", TABLE + ",application/json");
    assertThat(table.at("/kind")).isEqualTo("Table");
    assertThat(table.response().headers().firstValue("Content-Type")).hasValue(TABLE);
    List<String> header = new ArrayList<>();
    table
        .body()
        .at("/columnDefinitions")
        .forEach(c -> header.add(c.path("name").asText() + c.path("priority").asInt()));
    assertThat(header).containsExactly("Name0", "Tier0", "Order0", "Age0", "Selector1", "Types1");
    List<String> cells = new ArrayList<>();
    table.body().at("/rows/0/cells").forEach(c -> cells.add(c.asText()));
    assertThat(cells).startsWith("a", "default", "10.5").endsWith("has(app)", "Ingress");
    assertThat(table.at("/rows/0/object/kind")).isEqualTo("PartialObjectMetadata");
  }

  @Test
  void metadataAlone() throws Exception {
    createSet("a", "");
    Answer partial =
        client.get(
            SETS, "Accept", "application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io");
    assertThat(partial.at("/kind")).isEqualTo("PartialObjectMetadataList");
    assertThat(partial.at("/items/0/metadata/name")).isEqualTo("a");
    assertThat(partial.body().at("/items/0").has("spec")).isFalse();
  }

  @Test
  void watchesFromAList() throws Exception {
    createSet("a", "");
    String version = client.get(SETS).at("/metadata/resourceVersion");
    createSet("b", "");
    try (Stream<JsonNode> frames =
        client.watch(SETS + "?watch=1&timeoutSeconds=20&resourceVersion=" + version)) {
      Iterator<JsonNode> next = frames.iterator();
      assertThat(event(next.next())).isEqualTo("ADDED b");
      client.patch(
          SETS + "/a", "application/merge-patch+json", "{'metadata':{'labels':{'x':'y'}}}");
      client.delete(SETS + "/b");
      assertThat(event(next.next())).isEqualTo("MODIFIED a");
      assertThat(event(next.next())).isEqualTo("DELETED b");
    }
  }

  @Test
  void aWatchWithASelectorSeesObjectsComeAndGo() throws Exception {
    createSet("a", "'on':'yes'");
    createSet("b", "");
    try (Stream<JsonNode> frames =
        client.watch(SETS + "?watch=1&timeoutSeconds=20&labelSelector=on")) {
      Iterator<JsonNode> next = frames.iterator();
      assertThat(event(next.next())).isEqualTo("ADDED a");
      String label = "{'metadata':{'labels':{'on':%s}}}";
      client.patch(SETS + "/b", "application/merge-patch+json", label.formatted("'yes'"));
      client.patch(SETS + "/a", "application/merge-patch+json", label.formatted("null"));
      assertThat(event(next.next())).isEqualTo("ADDED b");
      assertThat(event(next.next())).isEqualTo("DELETED a");
    }
  }

  @Test
  void initialEventsEndWithABookmark() throws Exception {
    createSet("a", "");
    String query =
        "?watch=1&timeoutSeconds=1&sendInitialEvents=true&allowWatchBookmarks=true"
            + "&resourceVersionMatch=NotOlderThan";
    try (Stream<JsonNode> frames = client.watch(SETS + query)) {
      List<JsonNode> all = frames.toList();
      assertThat(all).hasSizeGreaterThanOrEqualTo(2);
      assertThat(event(all.get(0))).isEqualTo("ADDED a");
      assertThat(all.get(1).path("type").asText()).isEqualTo("BOOKMARK");
      assertThat(all.get(1).at("/object/metadata/annotations/k8s.io~1initial-events-end").asText())
          .isEqualTo("true");
    }
  }

  @Test
  void aWatchFromTheFutureIsGone() throws Exception {
    try (Stream<JsonNode> frames =
        client.watch(SETS + "?watch=1&timeoutSeconds=20&resourceVersion=100000")) {
      List<JsonNode> all = frames.toList();
      assertThat(all).hasSize(1);
      assertThat(all.getFirst().path("type").asText()).isEqualTo("ERROR");
      assertThat(all.getFirst().at("/object/code").asInt()).isEqualTo(410);
    }
  }

  @Test
  void watchesAsTables() throws Exception {
    createSet("a", "");
    try (Stream<JsonNode> frames =
        client.watch(SETS + "?watch=1&timeoutSeconds=1", "Accept", TABLE)) {
      List<JsonNode> all = frames.toList();
      assertThat(all.getFirst().at("/object/kind").asText()).isEqualTo("Table");
      assertThat(all.getFirst().at("/object/rows/0/cells/0").asText()).isEqualTo("a");
    }
  }

  /** A client that does not read must neither hold up writers nor fill the server's memory. */
  @Test
  void aWatchThatFallsBehindHoldsNobodyUp() throws Exception {
    String filler = "x".repeat(60);
    try (InputStream unread = client.openAndIgnore(SETS + "?watch=1&timeoutSeconds=60")) {
      createSet("a", "");
      for (int i = 0; i < 2_000; i++) {
        var answer =
            client.patch(
                SETS + "/a",
                "application/merge-patch+json",
                "{'metadata':{'annotations':{'n':'" + filler + i + "'}}}");
        assertThat(answer.status()).isEqualTo(200);
      }
      assertThat(unread).isNotNull();
    }
    assertThat(client.get(SETS + "/a").at("/metadata/annotations/n")).endsWith("1999");
  }

  @Test
  void discoveryListsEveryKind() throws Exception {
    Answer groups =
        client.get(
            "/apis",
            "Accept",
            "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList");
    assertThat(groups.at("/kind")).isEqualTo("APIGroupDiscoveryList");
    assertThat(groups.body().findValuesAsText("resource"))
        .contains("tiers", "globalnetworkpolicies", "endpointslices", "clusternetworkpolicies");
    assertThat(client.get("/apis").body().at("/groups").findValuesAsText("name"))
        .contains("projectcalico.org", "networking.k8s.io", "policy.networking.k8s.io");
    assertThat(client.get("/api").at("/versions/0")).isEqualTo("v1");
    assertThat(client.get("/apis/projectcalico.org").at("/preferredVersion/version"))
        .isEqualTo("v3");
    assertThat(client.get("/api/v1").body().at("/resources").findValuesAsText("name"))
        .contains("pods", "pods/status", "namespaces");
  }

  @Test
  void openApiDescribesEveryGroup() throws Exception {
    JsonNode paths = client.get("/openapi/v3").body().path("paths");
    assertThat(paths.has("api/v1")).isTrue();
    String url = paths.path("apis/projectcalico.org/v3").path("serverRelativeURL").asText();
    JsonNode document = client.get(url).body();
    assertThat(
            document.at(
                "/components/schemas/org.projectcalico.v3.Tier/properties/spec/properties/order/description"))
        .isNotNull();
    JsonNode patch =
        document.path("paths").path("/apis/projectcalico.org/v3/tiers/{name}").path("patch");
    assertThat(patch.at("/parameters").findValuesAsText("name"))
        .contains("dryRun", "fieldValidation", "force");
    assertThat(client.get("/openapi/v2").at("/swagger")).isEqualTo("2.0");
  }

  @Test
  void theUserMayDoEverything() throws Exception {
    Answer review =
        client.post(
            "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews",
            "{'spec':{'resourceAttributes':{'verb':'create','resource':'tiers'}}}");
    assertThat(review.status()).isEqualTo(201);
    assertThat(review.at("/status/allowed")).isEqualTo("true");
    assertThat(
            client
                .post("/apis/authentication.k8s.io/v1/selfsubjectreviews", "{}")
                .at("/status/userInfo/username"))
        .isEqualTo("margay-admin");
  }

  private static String encoded(String query) {
    StringBuilder encoded = new StringBuilder();
    for (String part : query.split("&", -1)) {
      int equals = part.indexOf('=');
      encoded
          .append(encoded.isEmpty() ? "" : "&")
          .append(part, 0, equals + 1)
          .append(URLEncoder.encode(part.substring(equals + 1), StandardCharsets.UTF_8));
    }
    return encoded.toString();
  }

  private static String names(Answer list) {
    List<String> names = new ArrayList<>();
    list.body().path("items").forEach(o -> names.add(o.at("/metadata/name").asText()));
    return String.join(" ", names);
  }

  private static String event(JsonNode frame) {
    return frame.path("type").asText() + " " + frame.at("/object/metadata/name").asText();
  }
}
