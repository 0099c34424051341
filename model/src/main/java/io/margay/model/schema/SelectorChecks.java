package io.margay.model.schema;

import io.margay.model.selector.Expression;
import io.margay.model.selector.Selector;
import io.margay.model.selector.SelectorSyntaxException;

/** Where {@code global()} may stand. */
final class SelectorChecks {
  private SelectorChecks() {}

  /** Selectors of subjects, endpoints and service accounts cannot ask for "no namespace". */
  static void withoutGlobal(Place selector) {
    if (usesGlobal(selector)) {
      selector.problem(
          "global() is only for the namespaceSelector of a rule", "leave global() out");
    }
  }

  /** In a rule's namespace selector it must stand alone. */
  static void globalAlone(Place selector) {
    if (usesGlobal(selector) && !selector.text().strip().matches("global\\([ \\t]*\\)")) {
      selector.problem("global() must stand alone", "write global()");
    }
  }

  private static boolean usesGlobal(Place selector) {
    if (!selector.node().isTextual()) {
      return false;
    }
    try {
      return usesGlobal(Selector.parse(selector.text()).expression());
    } catch (SelectorSyntaxException e) {
      return false; // The format of the field tells that.
    }
  }

  private static boolean usesGlobal(Expression expression) {
    return switch (expression) {
      case Expression.Global global -> true;
      case Expression.Not(Expression operand) -> usesGlobal(operand);
      case Expression.And and -> and.operands().stream().anyMatch(SelectorChecks::usesGlobal);
      case Expression.Or or -> or.operands().stream().anyMatch(SelectorChecks::usesGlobal);
      case Expression.All all -> false;
      case Expression.Has has -> false;
      case Expression.Equals equals -> false;
      case Expression.In in -> false;
      case Expression.Part part -> false;
    };
  }
}
