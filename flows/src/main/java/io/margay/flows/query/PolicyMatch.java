package io.margay.flows.query;

import io.margay.flows.PolicyHit;
import io.margay.flows.PolicyTrace;
import io.margay.model.resource.RuleAction;
import io.margay.model.verdict.PolicyRef;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Asks for a policy in a trace. What is null is not asked about. */
public record PolicyMatch(
    @Nullable String kind,
    @Nullable String tier,
    @Nullable String namespace,
    @Nullable String name,
    @Nullable RuleAction action) {

  /** Whether one hit, enforced or pending, is what is asked for. */
  boolean matches(PolicyTrace trace) {
    return Stream.concat(trace.enforced().stream(), trace.pending().stream())
        .anyMatch(this::matches);
  }

  /** The end of a tier is found by its own kind and by the policy that triggered it. */
  boolean matches(PolicyHit hit) {
    if (action != null && action != hit.action()) {
      return false;
    }
    PolicyRef trigger = hit.trigger();
    return names(hit.kind(), hit.tier(), hit.namespace(), hit.name())
        || (trigger != null
            && names(
                trigger.kind().goldmaneName(),
                trigger.tier(),
                trigger.namespace(),
                trigger.name()));
  }

  private boolean names(String hitKind, String hitTier, String hitNamespace, String hitName) {
    return asks(kind, hitKind)
        && asks(tier, hitTier)
        && asks(namespace, hitNamespace)
        && asks(name, hitName);
  }

  private static boolean asks(@Nullable String wanted, String actual) {
    return wanted == null || wanted.equals(actual);
  }
}
