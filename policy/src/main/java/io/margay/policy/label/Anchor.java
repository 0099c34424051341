package io.margay.policy.label;

import io.margay.model.selector.Expression;
import io.margay.model.selector.Selector;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * A label that an item must carry for a selector to have any chance with it. An index by anchors
 * finds the few selectors that an item can match, and the few items that a selector can.
 *
 * @param key the label's key
 * @param values one of these must be its value; empty means any value
 */
record Anchor(String key, Set<String> values) {
  Anchor {
    values = Set.copyOf(values);
  }

  /** Keys that nearly all items of a cluster or namespace share, so they narrow little. */
  private static int commonness(String key) {
    if (key.equals("projectcalico.org/orchestrator")) {
      return 3;
    }
    if (key.startsWith("pcns.") || key.startsWith("pcsa.")) {
      return 2;
    }
    return key.equals("projectcalico.org/namespace") ? 1 : 0;
  }

  /** How little the anchor is likely to narrow, for where nothing can be counted. */
  int breadth() {
    return 4 * commonness(key) + (values.isEmpty() ? 3 : values.size() == 1 ? 1 : 2);
  }

  /** All anchors of a selector; none if it can match an item without labels. */
  static List<Anchor> of(Selector selector) {
    return required(selector.expression());
  }

  private static List<Anchor> required(Expression expression) {
    return switch (expression) {
      case Expression.Equals(String key, String value, boolean negated) ->
          negated ? List.of() : List.of(new Anchor(key, Set.of(value)));
      case Expression.In in ->
          in.negated() || in.values().isEmpty()
              ? List.of()
              : List.of(new Anchor(in.key(), in.values()));
      case Expression.Has(String key) -> List.of(new Anchor(key, Set.of()));
      case Expression.Part part -> List.of(new Anchor(part.key(), Set.of()));
      case Expression.And(List<Expression> operands) -> {
        List<Anchor> anchors = new ArrayList<>();
        for (Expression operand : operands) {
          anchors.addAll(required(operand));
        }
        yield anchors;
      }
      case Expression.All(), Expression.Global(), Expression.Not(_), Expression.Or(_) -> List.of();
    };
  }
}
