package io.margay.policy.convert;

import io.margay.model.resource.LabelSelector;
import io.margay.model.resource.LabelSelector.Requirement;
import io.margay.model.selector.Expression;
import io.margay.model.selector.Selector;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

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
    return Selector.of(IS_POD).and(plain(selector));
  }

  /** Everything in the namespaces with these labels. */
  static Selector namespaces(LabelSelector selector) {
    return EffectiveSelectors.namespaces(plain(selector));
  }

  /** What carries these labels itself; empty selects everything. */
  static Selector plain(LabelSelector selector) {
    List<Expression> terms = new ArrayList<>();
    for (Map.Entry<String, String> label : new TreeMap<>(selector.matchLabels()).entrySet()) {
      terms.add(new Expression.Equals(label.getKey(), label.getValue(), false));
    }
    for (Requirement requirement : selector.matchExpressions()) {
      terms.add(term(requirement));
    }
    return switch (terms.size()) {
      case 0 -> Selector.all();
      case 1 -> Selector.of(terms.getFirst());
      default -> Selector.of(new Expression.And(List.copyOf(terms)));
    };
  }

  private static Expression term(Requirement requirement) {
    String key = requirement.key();
    return switch (requirement.operator()) {
      case "In" -> in(requirement, false);
      case "NotIn" -> in(requirement, true);
      case "Exists" -> new Expression.Has(key);
      case "DoesNotExist" -> new Expression.Not(new Expression.Has(key));
      default ->
          throw new IllegalArgumentException(
              "operator \"" + requirement.operator() + "\" of label \"" + key + "\" is unknown");
    };
  }

  private static Expression in(Requirement requirement, boolean negated) {
    return new Expression.In(
        requirement.key(),
        Collections.unmodifiableSortedSet(new TreeSet<>(requirement.values())),
        negated);
  }
}
