package io.margay.cedar.ast;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Puts together the operands of {@code &&} and {@code ||}. */
final class Chains {
  private Chains() {}

  /**
   * The operands of a chain with one more.
   *
   * @param leftChain the operands of the left side if it is such a chain itself
   */
  static List<Expr> join(@Nullable List<Expr> leftChain, Expr left, Expr right) {
    if (leftChain == null) {
      return List.of(left, right);
    }
    List<Expr> all = new ArrayList<>(leftChain.size() + 1);
    all.addAll(leftChain);
    all.add(right);
    return all;
  }
}
