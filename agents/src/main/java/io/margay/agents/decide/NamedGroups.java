package io.margay.agents.decide;

import io.margay.cedar.ast.BinaryOperator;
import io.margay.cedar.ast.Condition;
import io.margay.cedar.ast.Expr;
import io.margay.cedar.ast.Policy;
import io.margay.cedar.ast.Variable;
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
      policy.conditions().stream().map(Condition::body).forEach(groups::collect);
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
    parts(expr).forEach(this::collect);
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

  private static List<Expr> parts(Expr expr) {
    return switch (expr) {
      case Expr.Literal _, Expr.Var _, Expr.SlotRef _ -> List.of();
      case Expr.If one -> List.of(one.condition(), one.then(), one.otherwise());
      case Expr.And and -> and.operands();
      case Expr.Or or -> or.operands();
      case Expr.Unary unary -> List.of(unary.operand());
      case Expr.Binary binary -> List.of(binary.left(), binary.right());
      case Expr.Call call -> call.arguments();
      case Expr.GetAttribute get -> List.of(get.target());
      case Expr.HasAttribute has -> List.of(has.target());
      case Expr.Like like -> List.of(like.target());
      case Expr.Is is ->
          is.ancestor().map(one -> List.of(is.target(), one)).orElse(List.of(is.target()));
      case Expr.SetOf set -> set.elements();
      case Expr.RecordOf record -> record.fields().stream().map(Expr.Field::value).toList();
    };
  }
}
