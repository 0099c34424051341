package io.margay.console.agents;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.margay.agents.audit.AuditEvent;
import io.margay.agents.audit.AuditRecord;
import io.margay.agents.audit.query.TraceTree.Hop;
import io.margay.agents.call.AgentDecision;
import io.margay.agents.call.Caller;
import io.margay.agents.call.Ruling;
import io.margay.agents.registry.RegistrySnapshot;
import io.margay.model.resource.Agent;
import java.util.List;

/**
 * Writes calls as their records tell them.
 *
 * @param registry gives agents their names
 * @param policies whether it may be told which policies decided, and why
 */
record CallJson(RegistrySnapshot registry, boolean policies) {

  /** A call and what happened to it. */
  ObjectNode call(AuditRecord decision, List<AuditRecord> events) {
    AuditEvent event = decision.event();
    ObjectNode json = AgentAccess.object();
    json.put("sequence", decision.sequence()).put("time", decision.time().toString());
    event.trace().ifPresent(trace -> json.put("trace", trace.traceId()).put("hop", trace.hopId()));
    event.caller().ifPresent(caller -> caller(json, caller));
    event
        .attempt()
        .ifPresent(attempt -> {
          json.put("protocol", attempt.protocol().name()).put("action", attempt.action());
          json.putObject("target")
              .put("kind", attempt.target().kind().name())
              .put("server", attempt.target().server())
              .put("name", attempt.target().name());
        });
    json.put("owner", event.owner()).put("payload", event.payload());
    event.decision().ifPresent(made -> decision(json, made));
    ArrayNode happened = json.putArray("events");
    events.forEach(record -> happened.add(event(record)));
    return json;
  }

  /** A call with those that its target made in turn. */
  ObjectNode hop(Hop hop) {
    ObjectNode json = call(hop.decision(), hop.events());
    ArrayNode calls = json.putArray("calls");
    hop.calls().forEach(below -> calls.add(hop(below)));
    return json;
  }

  private void caller(ObjectNode json, Caller caller) {
    json.put("agent", name(caller.workload())).put("workload", caller.workload());
    ArrayNode chain = json.putArray("chain");
    caller.chain().forEach(agent -> chain.add(name(agent)));
    ObjectNode user = json.putObject("user");
    user.put("issuer", caller.user().map(known -> known.issuer()).orElse(""));
    user.put("subject", caller.user().map(known -> known.subject()).orElse(""));
    json.put("token", caller.tokenId());
  }

  /** The agent's name; its SPIFFE id if the registry does not know it any more. */
  private String name(String workload) {
    Agent agent = registry.bySpiffeId().get(workload);
    return agent == null ? workload : agent.metadata().name();
  }

  private void decision(ObjectNode json, AgentDecision decision) {
    Ruling enforced = decision.enforced();
    json.put("verdict", enforced.verdict().name());
    json.put("pending", decision.pending().verdict().name());
    json.put("policies_hidden", !policies);
    json.put("tier", policies ? enforced.tier() : "");
    json.put("reason", policies ? enforced.reason() : "");
    json.put("policy_set", decision.policySetHash());
    texts(json.putArray("policies"), enforced.policies());
    texts(json.putArray("pending_policies"), decision.pending().policies());
    texts(json.putArray("reads"), decision.reads());
    texts(json.putArray("errors"), decision.errors());
  }

  private void texts(ArrayNode array, List<String> texts) {
    if (policies) {
      texts.forEach(array::add);
    }
  }

  /** What happened to a call, or beside one. */
  ObjectNode event(AuditRecord record) {
    AuditEvent event = record.event();
    ObjectNode json = AgentAccess.object();
    json.put("sequence", record.sequence()).put("time", record.time().toString());
    json.put("kind", event.kind().name()).put("status", event.status());
    json.put("actor", event.actor());
    json.put("approval", event.details().getOrDefault("approval", ""));
    event
        .latency()
        .ifPresentOrElse(
            time -> json.put("latency_micros", time.toNanos() / 1_000),
            () -> json.putNull("latency_micros"));
    return json;
  }
}
