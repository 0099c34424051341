package io.margay.agents.decide;

import io.margay.cedar.ast.BinaryOperator;
import io.margay.cedar.ast.Condition;
import io.margay.cedar.ast.Expr;
import io.margay.cedar.ast.Policy;
import io.margay.cedar.ast.Variable;
import io.margay.cedar.validate.PolicyWalk;
import io.margay.cedar.value.StringValue;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Which groups of users policies ask for by name: {@code context.user.groups.contains("staff")},
 * and with lists of names.
 */
final class NamedGroups {
  private static final Set<BinaryOperator> ASKING =
      Set.of(BinaryOperator.CONTAINS, BinaryOperator.CONTAINS_ALL, BinaryOperator.CONTAINS_ANY);

  private final Set<String> names = new TreeSet<>();

  private NamedGroups() {}

  static Set<String> of(Collection<Policy> policies) {
    NamedGroups groups = new NamedGroups();
    for (Policy policy : policies) {
      for (Condition condition : policy.conditions()) {
        PolicyWalk.visit(condition.body(), groups::collect);
      }
    }
    return groups.names;
  }

  private void collect(Expr expr) {
    if (expr instanceof Expr.Binary binary && ASKING.contains(binary.operator())) {
      if (isGroups(binary.left())) {
        texts(binary.right()).forEach(names::add);
      } else if (isGroups(binary.right())) {
        texts(binary.left()).forEach(names::add);
      }
    }
  }

  private static boolean isGroups(Expr expr) {
    return expr instanceof Expr.GetAttribute(Expr owner, String groups, _)
        && groups.equals("groups")
        && owner instanceof Expr.GetAttribute(Expr.Var(Variable of, _), String user, _)
        && of == Variable.CONTEXT
        && user.equals("user");
  }

  private static Stream<String> texts(Expr expr) {
    return switch (expr) {
      case Expr.Literal(StringValue(String text), _) -> Stream.of(text);
      case Expr.SetOf(List<Expr> elements, _) -> elements.stream().flatMap(NamedGroups::texts);
      case Expr.Literal _,
          Expr.Var _,
          Expr.SlotRef _,
          Expr.If _,
          Expr.And _,
          Expr.Or _,
          Expr.Unary _,
          Expr.Binary _,
          Expr.Call _,
          Expr.GetAttribute _,
          Expr.HasAttribute _,
          Expr.Like _,
          Expr.Is _,
          Expr.RecordOf _ ->
          Stream.empty();
    };
  }
}
