package io.margay.agents.decide;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.margay.agents.audit.AuditEvent;
import io.margay.agents.audit.AuditRecord;
import io.margay.agents.call.AgentCall;
import io.margay.agents.call.AgentDecision;
import io.margay.agents.call.Verdict;
import io.margay.agents.registry.CallRequest;
import io.margay.agents.registry.RefusedCallException;
import io.margay.agents.registry.RegistrySnapshot;
import io.margay.agents.registry.SessionFacts;
import io.margay.cedar.ast.Effect;
import io.margay.cedar.ast.Policy;
import io.margay.cedar.ast.PolicySet;
import io.margay.cedar.partial.EntityPart;
import io.margay.cedar.partial.PartialDecision;
import io.margay.cedar.partial.PartialEvaluator;
import io.margay.cedar.partial.PartialRequest;
import io.margay.cedar.value.RecordValue;
import io.margay.cedar.value.Value;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Asks policies about recorded calls. The log has no arguments and no groups of users, and nobody
 * remembers the sessions: these count as unknown, and a verdict that hangs on them as uncertain.
 *
 * @param touched what is changed, in its old and its new form: a call that neither could touch
 *     keeps its verdict, however uncertain the other policies are
 * @param tiers all policies after the change
 */
record PolicyReplay(
    RegistrySnapshot registry,
    String environment,
    List<PolicySet> touched,
    List<TierPolicies> tiers) {
  private static final List<String> UNKNOWN =
      List.of("arguments", "arguments_json", "session", "user");

  /** What a replay says of a call. */
  private sealed interface Answer {
    record Same() implements Answer {}

    record Uncertain() implements Answer {}

    record Decided(Verdict verdict) implements Answer {}
  }

  /** Replays calls; those whose verdict stays as it was recorded are only counted. */
  PolicyPreview all(Collection<AuditRecord> calls) {
    List<PolicyPreview.Change> changes = new ArrayList<>();
    int uncertain = 0;
    for (AuditRecord record : calls) {
      switch (ask(record)) {
        case Answer.Same _ -> {}
        case Answer.Uncertain _ -> uncertain++;
        case Answer.Decided(Verdict after) -> {
          Verdict before = record.event().decision().orElseThrow().enforced().verdict();
          if (before != after) {
            changes.add(new PolicyPreview.Change(record, before, after));
          }
        }
      }
    }
    return new PolicyPreview(List.of(), calls.size(), changes, uncertain);
  }

  private Answer ask(AuditRecord record) {
    AuditEvent event = record.event();
    Optional<AgentDecision> recorded = event.decision();
    if (recorded.isEmpty() || PolicyDecider.isRefusedUnasked(recorded.get().enforced())) {
      return new Answer.Same();
    }
    Optional<CallRequest> call = request(event);
    if (call.isEmpty() || touched.stream().noneMatch(policies -> touches(policies, call.get()))) {
      return new Answer.Same();
    }
    for (TierPolicies tier : tiers) {
      Optional<Answer> answer = ask(tier, call.get());
      if (answer.isPresent()) {
        return answer.get();
      }
    }
    return new Answer.Decided(Verdict.DENY);
  }

  /** Empty where a call of today would be refused before policies are asked. */
  private Optional<CallRequest> request(AuditEvent event) {
    AuditEvent.Attempt attempt = event.attempt().orElseThrow();
    AgentCall call =
        new AgentCall(
            attempt.protocol(),
            attempt.action(),
            event.caller().orElseThrow(),
            attempt.target(),
            JsonNodeFactory.instance.objectNode(),
            event.trace().orElseThrow(),
            event.at());
    try {
      return Optional.of(
          CallRequest.withoutArguments(
              registry, call, attempt.target(), SessionFacts.NONE, environment));
    } catch (RefusedCallException e) {
      return Optional.empty();
    }
  }

  private static boolean touches(PolicySet policies, CallRequest call) {
    PartialDecision decision = evaluate(policies, call);
    return !decision.satisfied().isEmpty()
        || !decision.inError().isEmpty()
        || !decision.residual().policies().isEmpty();
  }

  /** What a tier says; empty when the next one is asked. */
  private static Optional<Answer> ask(TierPolicies tier, CallRequest call) {
    PolicySet policies = tier.authorizer().policies();
    PartialDecision decision = evaluate(policies, call);
    List<String> satisfied = decision.satisfied();
    boolean forbidden =
        satisfied.stream().map(policies::policy).anyMatch(p -> effect(p) == Effect.FORBID);
    if (forbidden || !decision.inError().isEmpty() || tier.closed().isPresent()) {
      return Optional.of(new Answer.Decided(Verdict.DENY));
    }
    boolean open =
        decision.residual().policies().keySet().stream().anyMatch(id -> !satisfied.contains(id));
    if (open) {
      return Optional.of(new Answer.Uncertain());
    }
    if (satisfied.isEmpty()) {
      return Optional.empty();
    }
    boolean held = satisfied.stream().anyMatch(tier.holds()::containsKey);
    return Optional.of(new Answer.Decided(held ? Verdict.HOLD : Verdict.PERMIT));
  }

  private static Effect effect(@Nullable Policy policy) {
    return policy == null ? Effect.FORBID : policy.effect();
  }

  private static PartialDecision evaluate(PolicySet policies, CallRequest call) {
    Map<String, Value> context = new HashMap<>(call.request().context().attributes());
    UNKNOWN.forEach(context::remove);
    return PartialEvaluator.evaluate(
        policies,
        new PartialRequest(
            EntityPart.known(call.request().principal()),
            EntityPart.known(call.request().action()),
            EntityPart.known(call.request().resource()),
            RecordValue.of(context),
            false),
        call.entities());
  }
}
