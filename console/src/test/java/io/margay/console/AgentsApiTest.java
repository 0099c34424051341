package io.margay.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.margay.agents.gateway.gate.Admission;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What the pages of agents ask, and whom they answer. */
class AgentsApiTest extends AgentsTestCase {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private JsonNode pending(String who) throws Exception {
    return get(who, "/api/v1/agents/approvals").path("pending");
  }

  private String firstPending() {
    await().atMost(PATIENCE).until(() -> !pending("tom").isEmpty());
    try {
      return pending("tom").get(0).path("name").asText();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void callsAreToldWithWhoWhatAndWhy() throws Exception {
    agents.work("alice");
    await()
        .atMost(PATIENCE)
        .until(() ->
            get("viewer", "/api/v1/agents/calls?agent=analyst&target=ledger/read")
                    .at("/calls/0/events")
                    .size()
                == 1);
    JsonNode call =
        get("viewer", "/api/v1/agents/calls?agent=analyst&target=ledger/read").at("/calls/0");
    assertThat(call.path("agent").asText()).isEqualTo("analyst");
    assertThat(call.path("chain").toString()).isEqualTo("[\"assistant\",\"planner\",\"analyst\"]");
    assertThat(call.at("/user/subject").asText()).isEqualTo("alice");
    assertThat(call.path("verdict").asText()).isEqualTo("PERMIT");
    assertThat(call.path("policies").toString()).isEqualTo("[\"finance-reads\"]");
    assertThat(call.path("reads").toString()).contains("principal.team=finance");
    assertThat(call.path("payload").asText()).startsWith("hmac-sha256:");
    assertThat(call.at("/events/0/status").asText()).isEqualTo("answered 200");
    assertThat(get("viewer", "/api/v1/agents/calls?verdict=deny").path("calls")).hasSize(1);
  }

  @Test
  void pagesOfCallsGoOnWhereTheLastOneEnded() throws Exception {
    agents.work("alice");
    JsonNode first = get("viewer", "/api/v1/agents/calls?limit=3");
    JsonNode second =
        get("viewer", "/api/v1/agents/calls?limit=3&before=" + first.path("before").asLong());
    List<Long> sequences = new ArrayList<>();
    first.path("calls").forEach(call -> sequences.add(call.path("sequence").asLong()));
    second.path("calls").forEach(call -> sequences.add(call.path("sequence").asLong()));
    assertThat(sequences).hasSize(5).doesNotHaveDuplicates();
    assertThat(second.path("before").isNull()).isTrue();
  }

  @Test
  void aTraceIsATreeAcrossHops() throws Exception {
    agents.work("alice");
    String trace =
        get("viewer", "/api/v1/agents/calls?target=planner").at("/calls/0/trace").asText();
    JsonNode tree = get("viewer", "/api/v1/agents/traces/" + trace);
    assertThat(tree.at("/calls/0/calls/0/calls/0/target/server").asText()).isEqualTo("ledger");
    assertThat(send("viewer", "GET", "/api/v1/agents/traces/none", "").statusCode()).isEqualTo(404);
  }

  @Test
  void whoMayNotListPoliciesDoesNotSeeWhichDecided() throws Exception {
    agents.work("alice");
    JsonNode call = get("auditor", "/api/v1/agents/calls?agent=analyst").at("/calls/0");
    assertThat(call.path("policies_hidden").asBoolean()).isTrue();
    assertThat(call.toString()).doesNotContain("finance-reads");
    assertThat(send("auditor", "GET", "/api/v1/agents/policies", "").statusCode()).isEqualTo(403);
    assertThat(send("auditor", "GET", "/api/v1/agents/calls?policy=x", "").statusCode())
        .isEqualTo(403);
    assertThat(send("nobody", "GET", "/api/v1/agents/calls", "").statusCode()).isEqualTo(401);
  }

  @Test
  void aHeldCallIsApprovedByWhoeverMay() throws Exception {
    Future<Admission> payment = agents.pay("alice", 100, "Ada");
    String name = firstPending();
    JsonNode asked = pending("tom").get(0);
    assertThat(asked.path("arguments").asText()).isEqualTo("{\"amount\":100,\"to\":\"Ada\"}");
    String path = "/api/v1/agents/approvals/" + name + "/approve";
    assertThat(send("viewer", "POST", path, "{}").statusCode()).isEqualTo(403);
    // May everything, but is in no group that the policy asks for.
    assertThat(send("admin", "POST", path, "{}").statusCode()).isEqualTo(422);
    assertThat(post("tom", path, "{\"reason\": \"seen\"}").path("state").asText())
        .isEqualTo("APPROVED");
    assertThat(payment.get(60, TimeUnit.SECONDS)).isInstanceOf(Admission.Admitted.class);
    JsonNode call = get("viewer", "/api/v1/agents/calls?agent=payments").at("/calls/0");
    assertThat(call.path("events").findValuesAsText("actor")).contains("tom");
  }

  @Test
  void aRefusalNeedsAReason() throws Exception {
    Future<Admission> payment = agents.pay("alice", 1_000_000, "Eve");
    String path = "/api/v1/agents/approvals/" + firstPending() + "/refuse";
    assertThat(send("tom", "POST", path, "{}").statusCode()).isEqualTo(422);
    post("tom", path, "{\"reason\": \"a million is too much\"}");
    Admission admission = payment.get(60, TimeUnit.SECONDS);
    assertThat(admission)
        .isInstanceOfSatisfying(
            Admission.Denied.class,
            denied -> assertThat(denied.reason()).contains("a million is too much"));
    JsonNode after = get("viewer", "/api/v1/agents/approvals");
    assertThat(after.path("pending")).isEmpty();
    assertThat(after.at("/load/decisions_last_day/tom").asInt()).isEqualTo(1);
  }

  @Test
  void aStreamTellsCallsAndWhatBecomesOfThem() throws Exception {
    agents.work("alice");
    try (BufferedReader lines = calls()) {
      until(lines, "event: sync");
      Future<Admission> payment = agents.pay("alice", 5, "Ada");
      assertThat(until(lines, "\"verdict\":\"HOLD\"")).contains("payments");
      post("tom", "/api/v1/agents/approvals/" + firstPending() + "/approve", "{}");
      payment.get(60, TimeUnit.SECONDS);
      assertThat(until(lines, "\"status\":\"answered 200\"")).contains("\"status\":\"approved\"");
    }
  }

  @Test
  void aStreamThatBrokeOffTellsWhatBecameOfCallsMeanwhile() throws Exception {
    agents.work("alice");
    String id = "";
    Future<Admission> payment;
    try (BufferedReader lines = calls()) {
      until(lines, "event: sync");
      payment = agents.pay("alice", 5, "Ada");
      for (String line = lines.readLine(); !line.contains("HOLD"); line = lines.readLine()) {
        id = line.startsWith("id: ") ? line.substring(4) : id;
      }
    }
    post("tom", "/api/v1/agents/approvals/" + firstPending() + "/approve", "{}");
    payment.get(60, TimeUnit.SECONDS);
    try (BufferedReader lines = calls("Last-Event-ID", id)) {
      assertThat(until(lines, "answered 200")).contains("HOLD").contains("approved");
    }
    try (BufferedReader lines = calls("Last-Event-ID", "999999")) {
      assertThat(lines.readLine()).as("says that it begins anew").isEqualTo("event: gap");
      assertThat(until(lines, "answered 200")).contains("approved");
    }
  }

  private BufferedReader calls(String... headers) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(console.uri().resolve("/api/v1/agents/calls/stream?agent=payments"))
            .header("Authorization", "Bearer tom");
    if (headers.length > 0) {
      request.headers(headers);
    }
    HttpResponse<java.io.InputStream> stream =
        client.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
    return new BufferedReader(new InputStreamReader(stream.body(), StandardCharsets.UTF_8));
  }

  private static String until(BufferedReader lines, String part) throws Exception {
    String line;
    while ((line = lines.readLine()) != null) {
      if (line.contains(part)) {
        return line;
      }
    }
    throw new AssertionError("the stream ended before " + part);
  }

  @Test
  void agentsAreToldWithTheirRights() throws Exception {
    agents.work("alice");
    JsonNode list = get("viewer", "/api/v1/agents/registry").path("agents");
    assertThat(list).hasSize(6);
    JsonNode analyst = get("viewer", "/api/v1/agents/registry/analyst");
    assertThat(analyst.path("owner").asText()).isEqualTo("erik");
    assertThat(analyst.path("workload").asText()).isEqualTo("spiffe://example.org/agent/analyst");
    assertThat(analyst.path("rights_user").asText()).isEqualTo("alice");
    assertThat(analyst.path("rights").toString())
        .contains("\"server\":\"ledger\",\"name\":\"read\",\"alone\":true")
        .contains("\"server\":\"planner\",\"name\":\"\",\"alone\":false,\"on_behalf\":true")
        .doesNotContain("\"post\"");
    assertThat(analyst.path("last_verdict").asText()).isEqualTo("PERMIT");
    JsonNode graph = get("viewer", "/api/v1/agents/graph?level=tool");
    assertThat(graph.path("edges").findValuesAsText("dest"))
        .contains("agent:planner", "tool:ledger/read", "tool:web/search");
  }

  @Test
  void rightsAreToldByTheGroupsThatPoliciesName() throws Exception {
    agents.given(
        """
        apiVersion: agents.margay.io/v1alpha1
        kind: AgentPolicy
        metadata: {name: exports-for-auditors}
        spec:
          tier: work
          cedar: |
            permit(principal == Agent::"analyst", action == Action::"invokeTool", resource == Tool::"ledger/post")
              when { context.has_user && context has user && ["auditors", "board"].containsAny(context.user.groups) };
            forbid(principal == Agent::"analyst", action == Action::"invokeTool", resource == Tool::"ledger/read")
              when { context has user && context.user.groups.contains("board") };
        """);
    await()
        .atMost(PATIENCE)
        .until(() ->
            !get("viewer", "/api/v1/agents/registry/analyst").path("rights_groups").isEmpty());
    JsonNode analyst = get("viewer", "/api/v1/agents/registry/analyst");
    assertThat(analyst.path("rights_groups")).hasToString("[\"auditors\",\"board\"]");
    assertThat(analyst.path("rights").toString())
        .contains("\"name\":\"read\",\"alone\":true,\"on_behalf\":false,\"groups\":[\"auditors\"]")
        .contains(
            "\"name\":\"post\",\"alone\":false,\"on_behalf\":false,"
                + "\"groups\":[\"auditors\",\"board\"]");
  }

  @Test
  void aHaltStopsAnAgentUntilItIsLifted() throws Exception {
    String halts = "/api/v1/agents/halts";
    String body = "{\"agent\": \"researcher\", \"reason\": \"reads too much\"}";
    assertThat(send("tom", "POST", halts, body).statusCode()).isEqualTo(403);
    assertThat(send("admin", "POST", halts, "{\"agent\": \"researcher\"}").statusCode())
        .isEqualTo(400);
    String name = post("admin", halts, body).path("name").asText();
    await()
        .atMost(PATIENCE)
        .until(() ->
            get("viewer", "/api/v1/agents/registry/researcher").path("halt").asText().equals(name));
    assertThat(agents.callTool(LivelyAgents.Task.of("bob", "researcher"), "web", "search", "{}"))
        .isInstanceOf(Admission.Denied.class);
    post("admin", halts + "/" + name + "/lift", "{\"reason\": \"talked to farah\"}");
    await()
        .atMost(PATIENCE)
        .until(() ->
            get("viewer", "/api/v1/agents/registry/researcher").path("halt").asText().isEmpty());
  }

  @Test
  void theAssessmentComesWithItsEvidence() throws Exception {
    JsonNode before = get("viewer", "/api/v1/agents/assessment");
    assertThat(before.path("level").asInt()).isEqualTo(1);
    agents.work("alice");
    // Recorded and governed, once a checkpoint is signed; but nobody has decided or halted
    // anything.
    await()
        .atMost(PATIENCE)
        .until(() -> get("viewer", "/api/v1/agents/assessment").path("level").asInt() == 3);
    JsonNode after = get("viewer", "/api/v1/agents/assessment");
    assertThat(after.path("questions").findValuesAsText("answer"))
        .containsExactly("YES", "YES", "YES", "PARTLY", "PARTLY");
    assertThat(after.toString()).contains("4 of 4").contains("\"found\":\"5 of 5\"");
    assertThat(send("auditor", "GET", "/api/v1/agents/assessment", "").statusCode()).isEqualTo(403);
  }
}
