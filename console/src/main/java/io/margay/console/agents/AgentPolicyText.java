package io.margay.console.agents;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.margay.console.http.HttpFailure;
import io.margay.model.manifest.KubeObject;
import io.margay.model.manifest.ResourceDecoder;
import io.margay.model.resource.AgentPolicy;
import io.margay.model.resource.Kind;
import io.margay.model.resource.ResourceKey;
import io.margay.model.schema.Validator;
import java.util.Optional;
import java.util.Set;

/**
 * An agent policy as somebody wrote it into the page.
 *
 * @param tier empty for the usual one
 * @param replaces of a staged policy: the enforced one in whose place it is tried; else empty
 * @param version that is to be replaced; empty if there must be none yet
 */
record AgentPolicyText(
    String name, String tier, String cedar, boolean staged, String replaces, String version) {
  static final Set<String> FIELDS =
      Set.of("name", "tier", "cedar", "staged", "replaces", "resource_version");

  static AgentPolicyText read(JsonNode body) {
    String name = body.path("name").asText();
    if (name.isEmpty() || !body.path("cedar").isTextual()) {
      throw HttpFailure.badRequest("write name, and the policy's text as cedar");
    }
    return new AgentPolicyText(
        name,
        body.path("tier").asText(),
        body.path("cedar").asText(),
        body.path("staged").asBoolean(),
        body.path("replaces").asText(),
        body.path("resource_version").asText());
  }

  static AgentPolicyText of(KubeObject object) {
    JsonNode spec = object.json().path("spec");
    return new AgentPolicyText(
        object.name(),
        spec.path("tier").asText(),
        spec.path("cedar").asText(),
        spec.path("enforcement").asText().equals("Staged"),
        spec.path("replaces").asText(),
        object.resourceVersion());
  }

  AgentPolicyText as(String otherName, boolean nowStaged, String nowReplaces, String otherVersion) {
    return new AgentPolicyText(otherName, tier, cedar, nowStaged, nowReplaces, otherVersion);
  }

  ResourceKey key() {
    return key(name);
  }

  static ResourceKey key(String name) {
    return new ResourceKey(Kind.AGENT_POLICY, "", name);
  }

  /**
   * The object; labels and the like of a stored one stay.
   *
   * @param stored in whose place it comes; empty for a new one
   */
  KubeObject object(Optional<KubeObject> stored) {
    ObjectNode json = stored.map(before -> before.json().deepCopy()).orElseGet(AgentAccess::object);
    json.put("apiVersion", Kind.AGENT_POLICY.apiVersion()).put("kind", Kind.AGENT_POLICY.kind());
    ObjectNode metadata = json.withObjectProperty("metadata").put("name", name);
    if (version.isEmpty()) {
      metadata.remove("resourceVersion");
    } else {
      metadata.put("resourceVersion", version);
    }
    ObjectNode spec = json.withObjectProperty("spec").put("cedar", cedar);
    set(spec, "tier", tier);
    set(spec, "enforcement", staged ? "Staged" : "");
    set(spec, "replaces", replaces);
    return new KubeObject(Kind.AGENT_POLICY, json);
  }

  private static void set(ObjectNode spec, String field, String value) {
    if (value.isEmpty()) {
      spec.remove(field);
    } else {
      spec.put(field, value);
    }
  }

  /**
   * The policy as the decider takes it.
   *
   * @throws HttpFailure 422 when it is no AgentPolicy at all
   */
  AgentPolicy policy() {
    KubeObject object = object(Optional.empty());
    var problems = Validator.validate(object);
    if (!problems.isEmpty()) {
      throw HttpFailure.of(422, problems);
    }
    return (AgentPolicy) ResourceDecoder.decode(object).resource();
  }
}
