package io.margay.agents.audit;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.margay.agents.call.AgentCall;
import io.margay.agents.call.AgentDecision;
import io.margay.agents.call.Caller;
import io.margay.agents.call.Protocol;
import io.margay.agents.call.Ruling;
import io.margay.agents.call.Target;
import io.margay.agents.call.TraceContext;
import io.margay.agents.call.User;
import io.margay.agents.call.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Calls and decisions for tests. */
public final class Samples {
  public static final Instant NOW = Instant.parse("2026-11-27T10:00:00Z");
  public static final String SUPPORT = "spiffe://example.org/agent/support";
  public static final String BILLING = "spiffe://example.org/agent/billing";
  public static final User ALICE = new User("https://login.example.org", "alice", List.of("care"));

  private Samples() {}

  /** A call of a tool by the support agent for Alice. */
  public static AgentCall toolCall(int number) {
    return call(
        List.of(SUPPORT), new Target(Target.Kind.TOOL, "crm", "lookup"), trace(number, "hop"));
  }

  public static AgentCall call(List<String> chain, Target target, TraceContext trace) {
    boolean isAgent = target.kind() == Target.Kind.AGENT;
    return new AgentCall(
        isAgent ? Protocol.A2A : Protocol.MCP,
        isAgent ? "sendMessage" : "invokeTool",
        new Caller(
            chain.getLast(),
            Optional.of(ALICE),
            chain,
            "jti-" + trace.hopId(),
            List.of("read:crm")),
        target,
        JsonNodeFactory.instance.objectNode().put("customer", "c-17"),
        trace,
        NOW);
  }

  public static TraceContext trace(int number, String hop) {
    return new TraceContext(
        String.format("%032x", number), String.format("%016x", number), hop + number);
  }

  public static AgentDecision decided(Verdict verdict, String policy) {
    Ruling ruling =
        new Ruling(
            verdict,
            "company",
            List.of(policy),
            "because " + policy + " says so",
            verdict == Verdict.HOLD
                ? Optional.of(new Ruling.Hold(List.of("leads"), 2, 600, true))
                : Optional.empty());
    return new AgentDecision(
        ruling, ruling, "sha256:abc", List.of(), List.of("principal.risk_level=low"));
  }

  public static Draft permitted(int number) {
    return Draft.decision(toolCall(number), decided(Verdict.PERMIT, "care-reads-crm"))
        .withOwner("carol@example.org");
  }

  /** Something to record of each kind. */
  public static List<Draft> ofEveryKind() {
    AgentCall call = toolCall(1);
    return List.of(
        Draft.decision(call, decided(Verdict.HOLD, "ask")).withOwner("carol"),
        Draft.outcome(4, call, "200", NOW, Duration.ofMillis(12)),
        Draft.hold(4, call, "approval-1", NOW),
        Draft.approval(4, call, "approval-1", "dave", "refused", NOW),
        Draft.token("revoked", "jti-1", NOW),
        Draft.token(call.caller(), "exchanged", "jti-2", NOW),
        Draft.policyChange("AgentPolicy/a", "changed", "dave", "sha256:d", NOW),
        Draft.halt("stop-all", "halted", "dave", "it went \"rogue\"\n\u0001\uD83D\uDE08", NOW));
  }
}
