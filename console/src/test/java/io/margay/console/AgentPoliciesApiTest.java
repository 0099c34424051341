package io.margay.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.margay.agents.gateway.gate.Admission;
import io.margay.console.LivelyAgents.Task;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Policies of agents: checked, tried on recorded calls, staged, enforced and deleted. */
class AgentPoliciesApiTest extends AgentsTestCase {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String ALL = "/api/v1/agents/policies";
  private static final String NO_WEB =
      "forbid(principal, action == Action::\"invokeTool\", resource in ToolServer::\"web\");";

  /** The body for a policy; {@code more} are further fields. */
  private static String text(String name, String cedar, String more) throws Exception {
    return ((ObjectNode) json("{\"tier\": \"work\"" + more + "}"))
        .put("name", name)
        .put("cedar", cedar)
        .toString();
  }

  private JsonNode policy(String name) throws Exception {
    for (JsonNode policy : get("viewer", ALL).path("policies")) {
      if (policy.path("name").asText().equals(name)) {
        return policy;
      }
    }
    throw new AssertionError("there is no policy " + name);
  }

  private Admission search() {
    return agents.callTool(Task.of("bob", "researcher"), "web", "search", "{}");
  }

  @Test
  void aTextIsCheckedAgainstTheSchema() throws Exception {
    JsonNode check =
        post(
            "viewer",
            ALL + "/check",
            text("x", "permit(principal, action, resource)\nwhen {1};", ""));
    assertThat(check.path("valid").asBoolean()).isFalse();
    assertThat(check.at("/problems/0/field").asText()).contains("line 2");
    String apply = text("x", "permit(principal, action, resource) when { principal.colour };", "");
    assertThat(send("admin", "POST", ALL + "/apply", apply).statusCode()).isEqualTo(422);
    assertThat(send("tom", "POST", ALL + "/apply", text("x", NO_WEB, "")).statusCode())
        .isEqualTo(403);
  }

  @Test
  void everyRecordedVerdictThatWouldChangeIsTold() throws Exception {
    agents.work("alice");
    JsonNode check = post("viewer", ALL + "/check", text("no-web", NO_WEB, ""));
    assertThat(check.path("considered").asInt()).isEqualTo(5);
    assertThat(check.path("changed").asInt()).isEqualTo(1);
    assertThat(check.path("uncertain").asInt()).isZero();
    assertThat(check.at("/changes/0/call/agent").asText()).isEqualTo("researcher");
    assertThat(check.at("/changes/0/call/verdict").asText()).isEqualTo("PERMIT");
    assertThat(check.at("/changes/0/after").asText()).isEqualTo("DENY");
  }

  @Test
  void whatHangsOnArgumentsIsUncertain() throws Exception {
    agents.work("alice");
    JsonNode check =
        post(
            "viewer",
            ALL + "/check",
            text(
                "no-secrets",
                "forbid(principal, action == Action::\"invokeTool\", resource in ToolServer::\"web\")"
                    + " when { context.arguments_json like \"*secret*\" };",
                ""));
    assertThat(check.path("changed").asInt()).isZero();
    assertThat(check.path("uncertain").asInt()).isEqualTo(1);
  }

  @Test
  void aDeletionIsTriedToo() throws Exception {
    agents.work("alice");
    JsonNode check =
        post("viewer", ALL + "/check", "{\"name\": \"finance-reads\", \"delete\": true}");
    assertThat(check.at("/changes/0/call/target/server").asText()).isEqualTo("ledger");
    assertThat(check.at("/changes/0/after").asText()).isEqualTo("DENY");
  }

  @Test
  void aPolicyIsStagedThenEnforcedThenDeleted() throws Exception {
    post("admin", ALL + "/apply", text("no-web", NO_WEB, ", \"staged\": true"));
    await().atMost(PATIENCE).until(() -> pendingOf(search()).equals("DENY"));
    String version = policy("no-web").path("resource_version").asText();
    assertThat(send("admin", "POST", ALL + "/no-web/enforce", "{\"resource_version\": \"0\"}"))
        .satisfies(refused -> assertThat(refused.statusCode()).isEqualTo(409));
    post("admin", ALL + "/no-web/enforce", "{\"resource_version\": \"" + version + "\"}");
    await().atMost(PATIENCE).until(() -> search() instanceof Admission.Denied);
    assertThat(send("admin", "DELETE", ALL + "/no-web", "").statusCode()).isEqualTo(200);
    await().atMost(PATIENCE).until(() -> search() instanceof Admission.Admitted);
  }

  @Test
  void aStagedEditTakesThePlaceOfWhatItReplaces() throws Exception {
    String edit =
        "permit(principal, action == Action::\"invokeTool\", resource in ToolServer::\"web\")"
            + " when { principal.risk_level == \"low\" };";
    String name = "web-for-those-who-are-trusted";
    post(
        "admin",
        ALL + "/apply",
        text(name + "-staged", edit, ", \"staged\": true, \"replaces\": \"" + name + "\""));
    String version = policy(name + "-staged").path("resource_version").asText();
    JsonNode enforced =
        post(
            "admin",
            ALL + "/" + name + "-staged/enforce",
            "{\"resource_version\": \"" + version + "\"}");
    assertThat(enforced.path("name").asText()).isEqualTo(name);
    assertThat(enforced.path("cedar").asText()).isEqualTo(edit);
    await().atMost(PATIENCE).until(() -> search() instanceof Admission.Denied);
    assertThat(get("viewer", ALL).path("policies").findValuesAsText("name"))
        .doesNotContain(name + "-staged");
  }

  private static String pendingOf(Admission admission) {
    return admission instanceof Admission.Admitted admitted
        ? admitted.decision().pending().verdict().name()
        : "";
  }

  @Test
  void coverageTellsWhatDecidedAndWhatNoPolicySpeaksOf() throws Exception {
    agents.work("alice");
    JsonNode coverage = get("viewer", "/api/v1/agents/coverage");
    assertThat(coverage.path("considered").asInt()).isEqualTo(5);
    assertThat(coverage.path("by_no_policy").asInt()).isEqualTo(1);
    JsonNode first = coverage.at("/policies/0");
    assertThat(first.path("name").asText()).isEqualTo("delegation");
    assertThat(first.path("permitted").asInt()).isEqualTo(2);
    // The intern is of high risk, of another team, and not payments.
    assertThat(coverage.path("agents_without_policy").toString()).isEqualTo("[\"intern\"]");
  }

  @Test
  void whoChangedAPolicyIsRecordedBeforeItChanges() throws Exception {
    post("admin", ALL + "/apply", text("no-web", NO_WEB, ""));
    assertThat(agents.actorsOfPolicyChanges()).containsExactly("admin");
  }
}
