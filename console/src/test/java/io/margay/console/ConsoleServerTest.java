package io.margay.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.margay.console.http.RequestObserver;
import io.margay.console.signin.SignInMethods;
import io.margay.model.flow.FlowEvent;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConsoleServerTest extends ConsoleTestCase {

  private void see(int flowCount, FlowEvent... events) {
    for (var event : events) {
      flows.offer(event);
    }
    await().until(() -> flows.history().flows().count() == flowCount);
  }

  @Test
  void listsOurFlowsWithEverythingAndWhiskersWithItsFieldsOnly() throws Exception {
    see(1, Seen.allowed(T0));
    JsonNode ours = json("/api/v1/flows");
    assertThat(ours)
        .isEqualTo(
            parse(
                """
                {"total": {"totalPages": 1, "totalResults": 1}, "items": [{
                  "id": "1-%d", "flow_key": 1,
                  "start_time": "2026-11-21T10:00:00Z", "end_time": "2026-11-21T10:00:15Z",
                  "action": "Allow", "pending_action": "Deny",
                  "source_name": "web-*", "source_namespace": "shop",
                  "source_type": "WorkloadEndpoint",
                  "source_labels": "app=web | projectcalico.org/namespace=shop | projectcalico.org/orchestrator=k8s | projectcalico.org/serviceaccount=default | tier=front",
                  "dest_name": "cart-*", "dest_namespace": "shop",
                  "dest_type": "WorkloadEndpoint",
                  "dest_labels": "app=cart | projectcalico.org/namespace=shop | projectcalico.org/orchestrator=k8s | projectcalico.org/serviceaccount=default",
                  "dest_port": 7070,
                  "dest_service": {"name": "cart", "namespace": "shop", "port_name": "grpc", "port": 7070},
                  "protocol": "tcp", "reporter": "Dst",
                  "policies": {
                    "enforced": [{"kind": "CalicoNetworkPolicy", "name": "cart", "namespace": "shop",
                      "tier": "application", "action": "Allow", "policy_index": 0, "rule_index": 0, "trigger": null}],
                    "pending": [{"kind": "EndOfTier", "name": "", "namespace": "", "tier": "security",
                      "action": "Deny", "policy_index": 0, "rule_index": -1,
                      "trigger": {"kind": "StagedGlobalNetworkPolicy", "name": "lockdown", "namespace": "",
                        "tier": "security", "action": "ActionUnspecified", "policy_index": 0, "rule_index": 0, "trigger": null}}]},
                  "logs": [{"kind": "CalicoNetworkPolicy", "name": "cart", "namespace": "shop",
                      "tier": "application", "action": "Log", "policy_index": 0, "rule_index": 1, "trigger": null}],
                  "packets_in": 1, "packets_out": 0, "bytes_in": 60, "bytes_out": 0,
                  "connections_started": 1, "connections_completed": 0, "connections_live": 1}],
                  "next": null}
                """
                    .formatted(T0.getEpochSecond())));
    JsonNode whisker = json("/whisker-backend/flows").path("items").get(0);
    assertThat(whisker.fieldNames())
        .toIterable()
        .containsExactlyInAnyOrder(
            "start_time",
            "end_time",
            "action",
            "source_name",
            "source_namespace",
            "source_labels",
            "dest_name",
            "dest_namespace",
            "dest_labels",
            "protocol",
            "dest_port",
            "reporter",
            "policies",
            "packets_in",
            "packets_out",
            "bytes_in",
            "bytes_out");
    assertThat(json("/flows")).isEqualTo(json("/whisker-backend/flows"));
  }

  @Test
  void filtersSortsAndPages() throws Exception {
    see(3, Seen.allowed(T0), Seen.denied(T0, 80), Seen.denied(T0, 81));
    assertThat(json("/api/v1/flows?filters=" + encode("{\"actions\": [\"Deny\"]}")).at("/total"))
        .isEqualTo(parse("{\"totalPages\": 1, \"totalResults\": 2}"));
    // Whisker's page encodes twice.
    assertThat(
            json("/flows?filters=" + encode(encode("{\"dest_ports\": [{\"value\": 81}]}")))
                .at("/items"))
        .hasSize(1);
    JsonNode page = json("/api/v1/flows?sortBy=SourceName&page=1&pageSize=2");
    assertThat(page.at("/total/totalPages").asInt()).isEqualTo(2);
    assertThat(page.at("/items/0/source_name").asText()).isEqualTo("web-*");
    assertThat(
            json("/flows?filters="
                    + encode("{\"source_names\": [{\"value\": \"PUBLIC NETWORK\"}]}"))
                .at("/items"))
        .hasSize(2)
        .allSatisfy(flow -> {
          assertThat(flow.path("source_name").asText()).isEqualTo("PUBLIC NETWORK");
          assertThat(flow.path("source_namespace").asText()).isEqualTo("-");
        });
    now.set(T0.plusSeconds(100));
    assertThat(json("/flows?startTimeGte=-60").at("/items")).isEmpty();
    assertThat(json("/flows?startTimeGte=" + T0.getEpochSecond()).at("/items")).hasSize(3);
  }

  @Test
  void hintsSpeakAsThePageShows() throws Exception {
    see(2, Seen.allowed(T0), Seen.denied(T0, 80));
    assertThat(json("/flows-filter-hints?type=SourceName").at("/items"))
        .isEqualTo(parse("[{\"value\": \"PUBLIC NETWORK\"}, {\"value\": \"web-*\"}]"));
    assertThat(json("/api/v1/flows/hints?type=SourceNamespace").at("/items"))
        .isEqualTo(parse("[{\"value\": \"Global\"}, {\"value\": \"shop\"}]"));
    assertThat(
            json("/flows-filter-hints?type=SourceName&filters="
                    + encode("{\"source_namespaces\": [{\"value\": \"Global\"}]}"))
                .at("/items"))
        .hasSize(1);
    assertThat(json("/whisker-backend/flows-filter-hints?type=PolicyTier&pageSize=1&page=1"))
        .isEqualTo(
            parse(
                "{\"total\": {\"totalPages\": 2, \"totalResults\": 2}, \"items\": [{\"value\":"
                    + " \"security\"}]}"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/flows?sortBy=DestType | 400 | sortBy \"DestType\" is not one of Time, DestName",
        "/flows?sortBy=Time&sortBy=DestName | 400 | more than once",
        "/flows?page=-1 | 400 | page -1 is not between 0",
        "/flows?pageSize=many | 400 | pageSize \"many\" is not a whole number",
        "/flows?startTimeGte=-10&startTimeLt=-20 | 400 | start must be before its end",
        "/flows?startTimeGte=99999999999999999 | 400 | out of range",
        "/flows?watch=true&filters=%7B | 400 | filters: not JSON",
        "/flows-filter-hints | 400 | type \"\" is not one of DestName",
        "/flows-filter-hints?type=Colour | 400 | type \"Colour\" is not one of",
        "/api/v1/policies/NetworkPolicy/shop | 404 | does not exist",
        "/api/v1/policies/NetworkPolicy/shop/none | 404 | there is no NetworkPolicy shop/none",
        "/api/v1/policies/EndOfTier/-/x | 404 | there is no EndOfTier x",
        "/api/v1/nothing | 404 | /api/v1/nothing does not exist",
        "/whisker-backend/x | 404 | does not exist",
        "/missing.js | 404 | /missing.js does not exist",
        "/api/v1/why?to=shop/cart-1&port=1 | 400 | from is missing",
        "/api/v1/why?from=shop/x&to=shop/cart-1&port=1 | 400 | there is no pod shop/x",
        "/api/v1/why?from=shop/web-1&to=shop/cart-1 | 400 | port is missing",
        "/api/v1/why?from=shop/web-1&to=shop/cart-1&port=70000 | 400 | port 70000 is not between",
        "/api/v1/why?from=a&to=b&protocol=carrier | 400 | \"carrier\" is not a protocol",
      })
  void badRequestsSayWhatIsWrong(String path, int status, String message) throws Exception {
    HttpResponse<String> response = get(path);
    assertThat(response.statusCode()).isEqualTo(status);
    assertThat(response.headers().firstValue("Content-Type")).contains("application/json");
    assertThat(parse(response.body()).path("error").asText()).contains(message);
  }

  @ParameterizedTest
  @ValueSource(strings = {"POST", "PUT", "DELETE", "OPTIONS", "PATCH"})
  void onlyReadsAreServed(String method) throws Exception {
    HttpResponse<String> response =
        client.send(
            HttpRequest.newBuilder(uri("/api/v1/status"))
                .method(method, HttpRequest.BodyPublishers.noBody())
                .build(),
            HttpResponse.BodyHandlers.ofString());
    assertThat(response.statusCode()).isEqualTo(405);
    assertThat(response.headers().firstValue("Allow")).contains("GET, HEAD");
    assertThat(parse(response.body()).path("error").asText()).contains(method);
  }

  @ParameterizedTest
  @CsvSource({
    "localhost, 200",
    "LOCALHOST:8080, 200",
    "127.0.0.1:1, 200",
    "[::1]:80, 200",
    "console.example, 200",
    "evil.example, 403",
    "127.0.0.1.evil.example, 403",
    "10.0.0.1, 403",
    "localhost.evil.example:8080, 403",
  })
  void otherNamesThanItsOwnAreRefused(String host, int status) throws Exception {
    String answer = RawRequest.send(console.uri(), "GET /api/v1/status HTTP/1.1", "Host: " + host);
    assertThat(answer).startsWith("HTTP/1.1 " + status + " ");
    assertThat(answer).containsIgnoringCase("\r\nX-Content-Type-Options: nosniff\r\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/../pom.xml",
        "/assets/../../application.properties",
        "/%2e%2e/%2e%2e/etc/passwd.txt",
        "/..%2f..%2fetc/passwd.txt",
        "/assets/%5c..%5c..%5csecret.txt",
        "/..;/secret.txt",
        "/.hidden/secret.txt",
        "/assets/.secret.txt",
        "/assets//secret.txt",
        "//etc/passwd.txt",
        "/secret.txt%00.js",
        "/assets/%c0%ae%c0%ae/secret.txt",
        "/../secret.txt",
      })
  void nothingOutsideThePageIsServed(String path) throws Exception {
    String answer = RawRequest.send(console.uri(), "GET " + path + " HTTP/1.1", "Host: localhost");
    assertThat(answer).containsPattern("^HTTP/1.1 4\\d\\d ").contains("{\"error\":");
    assertThat(answer).doesNotContain("not for the web");
  }

  @Test
  void malformedRequestsGetJsonErrorsToo() throws Exception {
    assertThat(RawRequest.send(console.uri(), "GET", "Host: localhost"))
        .startsWith("HTTP/1.1 400 ");
    String longLine = "GET /flows?filters=" + "x".repeat(100_000) + " HTTP/1.1";
    assertThat(RawRequest.send(console.uri(), longLine, "Host: localhost"))
        .startsWith("HTTP/1.1 414 ")
        .contains("{\"error\":");
    HttpResponse<String> oversize = get("/flows?filters=" + "x".repeat(9_000));
    assertThat(oversize.statusCode()).isEqualTo(400);
    assertThat(oversize.body()).contains("at most 8192");
    assertThat(
            RawRequest.send(console.uri(), "GET /flows?filters=%ff%zz HTTP/1.1", "Host: localhost"))
        .startsWith("HTTP/1.1 400 ")
        .contains("{\"error\":");
  }

  @Test
  void thePageIsServedWithStrictHeadersAndItsRoutesFallBackToTheIndex() throws Exception {
    HttpResponse<String> index = get("/");
    assertThat(index.statusCode()).isEqualTo(200);
    assertThat(index.body()).contains("test page");
    assertThat(index.headers().firstValue("Content-Type")).contains("text/html; charset=utf-8");
    assertThat(index.headers().firstValue("Cache-Control")).contains("no-cache");
    assertThat(index.headers().firstValue("Content-Security-Policy").orElseThrow())
        .contains("default-src 'self'")
        .contains("frame-ancestors 'none'")
        .doesNotContain("unsafe");
    assertThat(index.headers().firstValue("X-Frame-Options")).contains("DENY");
    assertThat(index.headers().firstValue("Server")).isEmpty();
    assertThat(get("/policies/shop/cart").body()).isEqualTo(index.body());
    HttpResponse<String> script = get("/assets/app-1.js");
    assertThat(script.headers().firstValue("Content-Type"))
        .contains("text/javascript; charset=utf-8");
    assertThat(script.headers().firstValue("Cache-Control").orElseThrow()).contains("immutable");
    HttpResponse<String> head =
        client.send(
            HttpRequest.newBuilder(uri("/")).HEAD().build(), HttpResponse.BodyHandlers.ofString());
    assertThat(head.statusCode()).isEqualTo(200);
    assertThat(head.body()).isEmpty();
  }

  @Test
  void statusAndMetricsCountWhatWasDropped() throws Exception {
    see(1, Seen.allowed(T0));
    flows.offer(Seen.denied(T0.minusSeconds(100_000), 80));
    await().until(() -> flows.statistics().events() == 2);
    JsonNode status = json("/api/v1/status");
    assertThat(status.at("/node").asText()).isEqualTo("node-1");
    assertThat(status.at("/dataplane").asText()).isEqualTo("simulated");
    assertThat(status.at("/tables/classes").asLong()).isEqualTo(12);
    assertThat(status.at("/dropped/nflog").asLong()).isEqualTo(7);
    assertThat(status.at("/dropped/too-old").asLong()).isEqualTo(1);
    assertThat(status.at("/flows/events").asLong()).isEqualTo(2);
    HttpResponse<String> metrics = get("/metrics");
    assertThat(metrics.headers().firstValue("Content-Type").orElseThrow()).startsWith("text/plain");
    assertThat(metrics.body())
        .contains("margay_flow_events_total 2.0")
        .contains("margay_dropped_total{reason=\"nflog\"} 7.0")
        .contains("margay_dropped_total{reason=\"too-old\"} 1.0")
        .contains("margay_table_size{table=\"classes\"} 12.0");
  }

  @Test
  void explainsWithTheHitsOfFlows() throws Exception {
    JsonNode why = json("/api/v1/why?from=shop/web-1&to=shop/cart-1&port=7070");
    assertThat(why.at("/action").asText()).isEqualTo("Allow");
    assertThat(why.at("/pending_action").asText()).isEqualTo("Deny");
    assertThat(why.at("/protocol").asText()).isEqualTo("tcp");
    assertThat(why.at("/steps/0/direction").asText()).isEqualTo("ingress");
    assertThat(why.at("/steps/0/policies/pending/0/trigger/name").asText()).isEqualTo("lockdown");
    assertThat(why.at("/steps/0/tiers/0"))
        .isEqualTo(
            parse(
                """
                {"name": "application", "default_action": "Deny", "policies":
                  [{"kind": "CalicoNetworkPolicy", "namespace": "shop", "name": "cart"}]}
                """));
    assertThat(why.at("/steps/0/profiles/0").asText()).isEqualTo("kns.shop");
    assertThat(why.at("/steps/1/pending_action").isNull()).isTrue();
    assertThat(why.at("/steps/1/policies/pending")).isEmpty();
    assertThat(why.at("/notes/0").asText()).isEqualTo("a note");
    assertThat(why.at("/flip").isNull()).isTrue();
    assertThat(json("/api/v1/why?from=shop/web-1&to=x&protocol=icmp").at("/port").asInt())
        .isEqualTo(8 << 8);
  }

  @Test
  void aPortThatIsTakenIsSaidSo() {
    ConsoleServer second =
        new ConsoleServer(
            ConsoleConfig.loopback(console.uri().getPort()),
            ConsoleSources.of(
                flows,
                store,
                question -> {
                  throw new IllegalArgumentException("nothing to explain");
                },
                () -> new ConsoleStatus("n", "v", "d", Instant.EPOCH, Map.of(), Map.of()),
                now::get),
            SignInMethods.none(),
            RequestObserver.NONE,
            now::get);
    assertThatThrownBy(second::start)
        .isInstanceOf(IOException.class)
        .hasMessageContaining("cannot listen on 127.0.0.1 port " + console.uri().getPort());
  }
}
