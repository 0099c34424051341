package io.margay.flows.query;

import io.margay.flows.PolicyHit;
import io.margay.model.verdict.PolicyRef;
import java.util.Comparator;

/**
 * A policy or profile that flow records name.
 *
 * @param kind as Goldmane writes it
 * @param tier empty for profiles
 * @param namespace empty for cluster-wide kinds
 */
public record PolicyName(String kind, String tier, String namespace, String name)
    implements Comparable<PolicyName> {
  private static final Comparator<PolicyName> ORDER =
      Comparator.comparing(PolicyName::tier)
          .thenComparing(PolicyName::kind)
          .thenComparing(PolicyName::namespace)
          .thenComparing(PolicyName::name);

  /** The policy behind a hit: for the end of a tier the policy because of which it counts. */
  public static PolicyName of(PolicyHit hit) {
    PolicyRef trigger = hit.trigger();
    return trigger == null
        ? new PolicyName(hit.kind(), hit.tier(), hit.namespace(), hit.name())
        : new PolicyName(
            trigger.kind().goldmaneName(), trigger.tier(), trigger.namespace(), trigger.name());
  }

  @Override
  public int compareTo(PolicyName other) {
    return ORDER.compare(this, other);
  }
}
