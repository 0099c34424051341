package io.margay.cedar.eval;

import io.margay.cedar.ast.Condition;
import io.margay.cedar.ast.Expr;
import io.margay.cedar.ast.Policy;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The tests that several policies make, such as {@code context.mfa}: a decision makes each of them
 * once and remembers the answer. An error is not remembered, since each policy has to report it at
 * its own place. Immutable.
 */
final class SharedTests {
  private final Map<Expr, Integer> numbers;

  private SharedTests(Map<Expr, Integer> numbers) {
    this.numbers = numbers;
  }

  /** Finds the tests that at least two of the policies make. */
  static SharedTests of(Collection<Policy> policies) {
    Map<Expr, Integer> counts = new HashMap<>();
    for (Policy policy : policies) {
      for (Condition condition : policy.conditions()) {
        operands(condition.body()).forEach(test -> counts.merge(test, 1, Integer::sum));
      }
    }
    Map<Expr, Integer> numbers = new HashMap<>();
    counts.forEach((test, count) -> {
      if (count > 1 && isWorthIt(test)) {
        numbers.put(test, numbers.size());
      }
    });
    return new SharedTests(numbers);
  }

  /** Looking an answer up costs as much as comparing with a literal or reading a variable. */
  private static boolean isWorthIt(Expr test) {
    return !(test instanceof Expr.Literal || test instanceof Expr.Var);
  }

  private static List<Expr> operands(Expr body) {
    return body instanceof Expr.And and ? and.operands() : List.of(body);
  }

  /** The closure of a condition; what it shares with other policies is remembered. */
  BoolNode condition(Expr body) {
    return NodeCompiler.all(operands(body).stream().map(this::test).toArray(BoolNode[]::new));
  }

  private BoolNode test(Expr expr) {
    BoolNode node = NodeCompiler.bool(expr);
    Integer number = numbers.get(expr);
    if (number == null) {
      return node;
    }
    int place = number;
    return frame -> frame.answers.test(place, node, frame);
  }
}
