package io.margay.model.vector;

import io.margay.model.resource.RuleAction;
import io.margay.model.verdict.Direction;
import io.margay.model.verdict.Hit;
import io.margay.model.verdict.PolicyKind;
import io.margay.model.verdict.Stage;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The decisive steps that a vector expects.
 *
 * @param egress at the source; null when nothing is evaluated there
 * @param ingress at the destination; null when nothing is evaluated there, or when the packet was
 *     denied before
 * @param via at the forwarding host endpoints that are reached
 */
public record VectorTrace(
    @Nullable List<ExpectedHit> egress, @Nullable List<ExpectedHit> ingress, List<ViaTrace> via) {
  public VectorTrace {
    egress = egress == null ? null : List.copyOf(egress);
    ingress = ingress == null ? null : List.copyOf(ingress);
    via = List.copyOf(via);
  }

  /** The steps at one forwarding host endpoint. */
  public record ViaTrace(
      String hostEndpoint, Direction direction, Stage stage, List<ExpectedHit> rules) {
    public ViaTrace {
      rules = List.copyOf(rules);
    }
  }

  /** Whether these are the expected steps; null expects that there was no evaluation. */
  public static boolean agrees(@Nullable List<ExpectedHit> expected, @Nullable List<Hit> actual) {
    if (expected == null || actual == null) {
      return expected == null && actual == null;
    }
    if (expected.size() != actual.size()) {
      return false;
    }
    for (int i = 0; i < actual.size(); i++) {
      if (!expected.get(i).agrees(actual.get(i))) {
        return false;
      }
    }
    return true;
  }

  /**
   * One expected step.
   *
   * @param ruleIndex -1 for a default action
   */
  public record ExpectedHit(
      PolicyKind kind,
      String tier,
      String namespace,
      String name,
      int ruleIndex,
      RuleAction action) {

    /**
     * Whether a step is the expected one. Calico numbers the rules of converted Kubernetes policies
     * in its own expansion, so for these only "a rule" and "no rule" are told apart.
     */
    public boolean agrees(Hit hit) {
      boolean converted =
          kind == PolicyKind.NETWORK_POLICY || kind == PolicyKind.CLUSTER_NETWORK_POLICY;
      boolean sameRule =
          converted ? (ruleIndex < 0) == (hit.ruleIndex() < 0) : ruleIndex == hit.ruleIndex();
      return kind == hit.kind()
          && tier.equals(hit.tier())
          && namespace.equals(hit.namespace())
          && name.equals(hit.name())
          && sameRule
          && action == hit.action();
    }
  }
}
