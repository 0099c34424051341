package io.margay.policy.convert;

import io.margay.model.resource.LabelSelector;
import io.margay.model.selector.Expression;
import io.margay.model.selector.Selector;

/** Kubernetes label selectors as Calico selectors. */
final class LabelSelectors {
  private static final Expression IS_POD =
      new Expression.Equals(CalicoLabels.ORCHESTRATOR, CalicoLabels.KUBERNETES, false);

  private LabelSelectors() {}

  /**
   * Pods with these labels; never host endpoints or network sets.
   *
   * @throws IllegalArgumentException if the selector has an operator that Kubernetes does not know
   */
  static Selector pods(LabelSelector selector) {
    return Selector.of(IS_POD).and(selector.toSelector());
  }

  /** Everything in the namespaces with these labels. */
  static Selector namespaces(LabelSelector selector) {
    return EffectiveSelectors.namespaces(selector.toSelector());
  }
}
