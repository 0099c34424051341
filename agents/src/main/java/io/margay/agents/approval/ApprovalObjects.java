package io.margay.agents.approval;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.margay.agents.call.AgentCall;
import io.margay.agents.call.JsonHash;
import io.margay.agents.call.Ruling;
import io.margay.model.manifest.KubeObject;
import io.margay.model.resource.Approval.State;
import io.margay.model.resource.Kind;
import io.margay.model.resource.ResourceKey;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/** Writes held calls as objects of the API. */
final class ApprovalObjects {
  private ApprovalObjects() {}

  static ResourceKey key(String name) {
    return new ResourceKey(Kind.APPROVAL, "", name);
  }

  static KubeObject asked(
      String name, AgentCall call, String agent, Ruling ruling, Ruling.Hold hold, Instant now) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("apiVersion", Kind.APPROVAL.apiVersion()).put("kind", Kind.APPROVAL.kind());
    json.putObject("metadata").put("name", name);
    ObjectNode spec = json.putObject("spec");
    spec.put("agent", agent)
        .put("workload", call.caller().workload())
        .put("user", ApprovalRules.userOf(call.caller()))
        .put("protocol", call.protocol().name())
        .put("action", call.action())
        .put("target", call.target().toString())
        .put("arguments", call.arguments().toString())
        .put("argumentsHash", JsonHash.of(call.arguments()))
        .put("traceId", call.trace().traceId())
        .put("hopId", call.trace().hopId())
        .put("tier", ruling.tier())
        .put("count", hold.count())
        .put("asked", time(now))
        .put("expires", time(now.plusSeconds(hold.seconds())))
        .put("webhook", hold.hashOnly() ? "Hash" : "Arguments");
    ArrayNode policies = spec.putArray("policies");
    ruling.policies().forEach(policies::add);
    ArrayNode approvers = spec.putArray("approvers");
    hold.approvers().forEach(approvers::add);
    return new KubeObject(Kind.APPROVAL, json);
  }

  static KubeObject withVote(
      KubeObject object, String approver, boolean approves, String reason, Instant now) {
    ObjectNode json = object.json().deepCopy();
    ObjectNode status = json.withObjectProperty("status");
    status
        .withArrayProperty("votes")
        .addObject()
        .put("approver", approver)
        .put("approves", approves)
        .put("reason", reason)
        .put("at", time(now));
    return new KubeObject(Kind.APPROVAL, json);
  }

  static KubeObject withState(KubeObject object, State state) {
    ObjectNode json = object.json().deepCopy();
    String word = state.name().charAt(0) + state.name().substring(1).toLowerCase(Locale.ROOT);
    json.withObjectProperty("status").put("state", word);
    return new KubeObject(Kind.APPROVAL, json);
  }

  private static String time(Instant time) {
    return time.truncatedTo(ChronoUnit.MILLIS).toString();
  }
}
