package io.margay.agents.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.margay.agents.gateway.mcp.ToolPins;
import io.margay.model.manifest.KubeObject;
import io.margay.model.manifest.Manifests;
import io.margay.model.resource.Kind;
import io.margay.model.resource.ResourceKey;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a whole gateway writes into the status of its resources. */
class StatusTest {
  private static final ResourceKey CRM = new ResourceKey(Kind.TOOL_SERVER, "", "crm");

  @TempDir private Path directory;
  private WholeGateway gateway;

  @BeforeEach
  void start() throws Exception {
    gateway = new WholeGateway(directory);
  }

  @AfterEach
  void stop() {
    gateway.close();
  }

  private JsonNode condition(ResourceKey key, String type) {
    for (JsonNode one : gateway.store.get(key).orElseThrow().json().at("/status/conditions")) {
      if (one.path("type").asText().equals(type)) {
        return one;
      }
    }
    return Harness.JSON.missingNode();
  }

  private void awaitCondition(ResourceKey key, String type, String status) {
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> condition(key, type).path("status").asText().equals(status));
  }

  @Test
  void whatIsUsedIsReadyAndWhatIsRefusedSaysWhy() throws Exception {
    ResourceKey broken = new ResourceKey(Kind.AGENT_POLICY, "", "broken");
    String policy =
        """
        apiVersion: agents.margay.io/v1alpha1
        kind: AgentPolicy
        metadata: {name: broken}
        spec: {cedar: "permit(principal, action, resource) when { principal.nam };"}
        """;
    Manifests.read("broken.yaml", policy).objects().forEach(gateway.store::create);

    awaitCondition(new ResourceKey(Kind.AGENT, "", "support"), "Ready", "True");
    awaitCondition(CRM, "Ready", "True");
    awaitCondition(broken, "Ready", "False");
    assertThat(condition(broken, "Ready").path("message").asText()).contains("nam");
    assertThat(condition(CRM, "ToolsApproved").isMissingNode()).isTrue();
  }

  @Test
  void aToolThatIsHeldBackIsToldUntilItsDefinitionIsApproved() throws Exception {
    JsonNode definition = Harness.JSON.readTree("{\"name\":\"lookup\",\"description\":\"Mine.\"}");
    gateway.answer("{\"jsonrpc\":\"2.0\",\"id\":7,\"result\":{\"tools\":[" + definition + "]}}");
    pin("sha256:" + "0".repeat(64));
    assertThat(list()).doesNotContain("Mine.");

    awaitCondition(CRM, "ToolsApproved", "False");
    String hash = "sha256:" + ToolPins.hash(definition);
    assertThat(condition(CRM, "ToolsApproved").path("message").asText())
        .contains("tool lookup has another definition now", hash);
    awaitCondition(CRM, "Ready", "True");

    pin(hash);
    awaitCondition(CRM, "ToolsApproved", "True");
    assertThat(list()).contains("Mine.");
  }

  private void pin(String hash) {
    KubeObject object = gateway.store.get(CRM).orElseThrow();
    ObjectNode json = object.json().deepCopy();
    ((ObjectNode) json.at("/spec/tools/0")).put("definitionHash", hash);
    ((ObjectNode) json.path("metadata")).remove("resourceVersion");
    gateway.store.update(new KubeObject(Kind.TOOL_SERVER, json));
    await().atMost(Duration.ofSeconds(30)).until(() -> gateway.pinOf("crm", "lookup").equals(hash));
  }

  private String list() throws Exception {
    String message = "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"tools/list\",\"params\":{}}";
    return WholeGateway.send(
            gateway.of("support"),
            gateway.request("/mcp/crm").POST(BodyPublishers.ofString(message)))
        .body();
  }
}
