package io.margay.model.resource;

import io.margay.model.selector.Expression;
import io.margay.model.selector.Selector;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** A Kubernetes label selector. Empty selects everything. */
public record LabelSelector(Map<String, String> matchLabels, List<Requirement> matchExpressions) {
  @SuppressWarnings("NullAway") // Jackson passes null for what is absent.
  public LabelSelector {
    matchLabels = matchLabels == null ? Map.of() : Map.copyOf(matchLabels);
    matchExpressions = matchExpressions == null ? List.of() : List.copyOf(matchExpressions);
  }

  /**
   * One requirement.
   *
   * @param operator In, NotIn, Exists or DoesNotExist
   */
  public record Requirement(String key, String operator, List<String> values) {
    @SuppressWarnings("NullAway")
    public Requirement {
      values = values == null ? List.of() : List.copyOf(values);
    }
  }

  /**
   * What carries these labels itself; empty selects everything.
   *
   * @throws IllegalArgumentException if there is an operator that Kubernetes does not know
   */
  public Selector toSelector() {
    List<Expression> terms = new ArrayList<>();
    for (Map.Entry<String, String> label : new TreeMap<>(matchLabels).entrySet()) {
      terms.add(new Expression.Equals(label.getKey(), label.getValue(), false));
    }
    for (Requirement requirement : matchExpressions) {
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
