package io.margay.cedar.validate;

import io.margay.cedar.ast.Expr;
import io.margay.cedar.schema.Type;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What typechecking an expression gave. A failed one still has a type to go on with, where its form
 * alone tells the type, so that one mistake is not reported many times.
 *
 * @param granted what is known where the expression was true
 */
record Answer(TypedExpr typed, Capabilities granted, boolean ok) {

  static Answer success(Expr expr, Type type, List<TypedExpr> parts) {
    return success(expr, type, parts, Capabilities.NONE);
  }

  static Answer success(Expr expr, Type type, List<TypedExpr> parts, Capabilities granted) {
    return new Answer(new TypedExpr(expr, type, parts), granted, true);
  }

  static Answer failure(Expr expr, @Nullable Type type, List<TypedExpr> parts) {
    return new Answer(new TypedExpr(expr, type, parts), Capabilities.NONE, false);
  }

  @Nullable Type type() {
    return typed.type();
  }

  /** The same, failed if one of its parts failed. */
  Answer given(boolean partsOk) {
    return ok && !partsOk ? new Answer(typed, Capabilities.NONE, false) : this;
  }

  Answer granting(Capabilities capabilities) {
    return ok ? new Answer(typed, capabilities, true) : this;
  }
}
