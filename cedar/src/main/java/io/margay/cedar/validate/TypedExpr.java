package io.margay.cedar.validate;

import io.margay.cedar.ast.Expr;
import io.margay.cedar.schema.Type;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An expression with its type in one request environment.
 *
 * @param type null where it could not be found, which an error says
 * @param parts the operands that can be evaluated in this environment: the right side of {@code
 *     false &&} is not among them, and an {@code if} with a known condition has its branch twice
 */
public record TypedExpr(Expr expr, @Nullable Type type, List<TypedExpr> parts) {
  public TypedExpr {
    parts = List.copyOf(parts);
  }

  TypedExpr untyped() {
    return new TypedExpr(expr, null, parts);
  }

  boolean is(Type wanted) {
    return wanted.equals(type);
  }
}
