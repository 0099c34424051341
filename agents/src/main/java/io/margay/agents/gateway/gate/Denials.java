package io.margay.agents.gateway.gate;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.margay.agents.call.AgentCall;
import io.margay.agents.call.Ruling;
import io.margay.agents.gateway.gate.Admission.Denied;

/** What a denied caller is told: by whom, why, and where the auditor finds it. */
public final class Denials {
  private Denials() {}

  /** One sentence that names the policies, or says that none permits the call. */
  public static String sentence(AgentCall call, Denied denied) {
    Ruling ruling = denied.decision().enforced();
    return ruling.policies().isEmpty()
        ? "denied: " + denied.reason()
        : "%s of %s is denied by %s: %s"
            .formatted(
                call.action(),
                call.target(),
                String.join(", ", ruling.policies()),
                denied.reason());
  }

  /** The same for programs. */
  public static ObjectNode data(AgentCall call, Denied denied) {
    Ruling ruling = denied.decision().enforced();
    ObjectNode data = JsonNodeFactory.instance.objectNode();
    data.put("reason", denied.reason()).put("tier", ruling.tier());
    ruling.policies().forEach(data.putArray("policies")::add);
    data.put("policySetHash", denied.decision().policySetHash());
    data.put("auditRecord", denied.record());
    data.put("traceId", call.trace().traceId()).put("hopId", call.trace().hopId());
    return data;
  }
}
