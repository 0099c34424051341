package io.margay.cedar.text;

import io.margay.cedar.ast.BinaryOperator;
import io.margay.cedar.ast.Expr;
import io.margay.cedar.ast.LikePattern;
import io.margay.cedar.ast.UnaryOperator;
import io.margay.cedar.value.CedarText;
import io.margay.cedar.value.EntityType;
import io.margay.cedar.value.LongValue;
import java.util.ArrayList;
import java.util.List;

/** Writes expressions on one line, with no more parentheses than reading back needs. */
public final class ExprPrinter {
  private final StringBuilder out = new StringBuilder();

  private ExprPrinter() {}

  /** An expression as Cedar text that reads back as the same tree. */
  public static String print(Expr expr) {
    return print(expr, Level.EXPRESSION);
  }

  /** As an operand of something that binds as tightly as {@code level}. */
  static String print(Expr expr, Level level) {
    ExprPrinter printer = new ExprPrinter();
    printer.append(expr, level);
    return printer.out.toString();
  }

  /** How tightly parts of the grammar bind, from loose to tight. */
  enum Level {
    EXPRESSION,
    OR,
    AND,
    RELATION,
    SUM,
    PRODUCT,
    UNARY,
    MEMBER;

    /** The next one. */
    Level tighter() {
      return switch (this) {
        case EXPRESSION -> OR;
        case OR -> AND;
        case AND -> RELATION;
        case RELATION -> SUM;
        case SUM -> PRODUCT;
        case PRODUCT -> UNARY;
        case UNARY, MEMBER -> MEMBER;
      };
    }

    static Level of(Expr expr) {
      return switch (expr) {
        case Expr.If _ -> EXPRESSION;
        case Expr.Or _ -> OR;
        case Expr.And _ -> AND;
        case Expr.HasAttribute has -> isWrittenOut(has) ? AND : RELATION;
        case Expr.Like _, Expr.Is _ -> RELATION;
        case Expr.Binary binary -> of(binary.operator());
        case Expr.Unary unary -> unary.operator() == UnaryOperator.IS_EMPTY ? MEMBER : UNARY;
        case Expr.Literal(LongValue(long number), _) -> number < 0 ? UNARY : MEMBER;
        case Expr.Literal _,
            Expr.Var _,
            Expr.SlotRef _,
            Expr.Call _,
            Expr.GetAttribute _,
            Expr.SetOf _,
            Expr.RecordOf _ ->
            MEMBER;
      };
    }

    private static Level of(BinaryOperator operator) {
      return switch (operator) {
        case ADD, SUBTRACT -> SUM;
        case MULTIPLY -> PRODUCT;
        case CONTAINS, CONTAINS_ALL, CONTAINS_ANY, GET_TAG, HAS_TAG -> MEMBER;
        case EQUAL, NOT_EQUAL, LESS, LESS_EQUAL, GREATER, GREATER_EQUAL, IN -> RELATION;
      };
    }
  }

  private void append(Expr expr, Level level) {
    if (Level.of(expr).compareTo(level) < 0) {
      out.append('(');
      append(expr);
      out.append(')');
    } else {
      append(expr);
    }
  }

  private void append(Expr expr) {
    switch (expr) {
      case Expr.Literal literal -> out.append(literal.value());
      case Expr.Var variable -> out.append(variable.variable().text());
      case Expr.SlotRef slot -> out.append(slot.slot().text());
      case Expr.If conditional -> {
        out.append("if ");
        append(conditional.condition());
        out.append(" then ");
        append(conditional.then());
        out.append(" else ");
        append(conditional.otherwise());
      }
      case Expr.And and -> appendJoined(and.operands(), " && ", Level.RELATION);
      case Expr.Or or -> appendJoined(or.operands(), " || ", Level.AND);
      case Expr.Unary unary -> appendUnary(unary);
      case Expr.Binary binary -> appendBinary(binary);
      case Expr.Call call -> appendCall(call);
      case Expr.GetAttribute get -> {
        append(get.target(), Level.MEMBER);
        out.append(
            CedarText.isPlainName(get.attribute())
                ? "." + get.attribute()
                : "[" + CedarText.quote(get.attribute()) + "]");
      }
      case Expr.HasAttribute has -> appendHas(has);
      case Expr.Like(Expr target, LikePattern pattern, _) -> {
        append(target, Level.SUM);
        out.append(" like ").append(pattern);
      }
      case Expr.Is is -> {
        append(is.target(), Level.SUM);
        EntityType type = is.type();
        out.append(" is ").append(type);
        is.ancestor()
            .ifPresent(ancestor -> {
              out.append(" in ");
              append(ancestor, Level.SUM);
            });
      }
      case Expr.SetOf set -> {
        out.append('[');
        appendJoined(set.elements(), ", ", Level.EXPRESSION);
        out.append(']');
      }
      case Expr.RecordOf record -> appendRecord(record);
    }
  }

  private void appendJoined(List<Expr> exprs, String separator, Level level) {
    for (int i = 0; i < exprs.size(); i++) {
      out.append(i == 0 ? "" : separator);
      append(exprs.get(i), level);
    }
  }

  private void appendUnary(Expr.Unary unary) {
    if (unary.operator() == UnaryOperator.IS_EMPTY) {
      append(unary.operand(), Level.MEMBER);
      out.append(".isEmpty()");
      return;
    }
    out.append(unary.operator().text());
    // A minus right before digits would be part of the number.
    boolean number = unary.operand() instanceof Expr.Literal(LongValue _, _);
    if (number && unary.operator() == UnaryOperator.NEGATE) {
      out.append('(');
      append(unary.operand());
      out.append(')');
    } else {
      append(unary.operand(), Level.MEMBER);
    }
  }

  private void appendBinary(Expr.Binary binary) {
    String operator = binary.operator().text();
    if (binary.operator().isMethod()) {
      append(binary.left(), Level.MEMBER);
      out.append('.').append(operator).append('(');
      append(binary.right());
      out.append(')');
      return;
    }
    Level level = Level.of(binary);
    // Sums and products may go on to the left; relations do not chain.
    append(binary.left(), level == Level.RELATION ? Level.SUM : level);
    out.append(' ').append(operator).append(' ');
    append(binary.right(), level.tighter());
  }

  private void appendCall(Expr.Call call) {
    List<Expr> arguments = call.arguments();
    if (call.function().isMethod()) {
      append(arguments.getFirst(), Level.MEMBER);
      out.append('.');
      arguments = arguments.subList(1, arguments.size());
    }
    out.append(call.function().text()).append('(');
    appendJoined(arguments, ", ", Level.EXPRESSION);
    out.append(')');
  }

  private void appendHas(Expr.HasAttribute has) {
    if (isWrittenOut(has)) {
      append(writtenOut(has));
      return;
    }
    append(has.target(), Level.SUM);
    out.append(" has ")
        .append(
            has.path().size() == 1 && !CedarText.isPlainName(has.path().getFirst())
                ? CedarText.quote(has.path().getFirst())
                : String.join(".", has.path()));
  }

  /** Paths with names that need quotes have no short form. */
  private static boolean isWrittenOut(Expr.HasAttribute has) {
    return has.path().size() > 1 && !has.path().stream().allMatch(CedarText::isPlainName);
  }

  /** {@code e has a && e.a has b}, which means the same. */
  private static Expr writtenOut(Expr.HasAttribute has) {
    List<Expr> steps = new ArrayList<>();
    Expr target = has.target();
    for (String attribute : has.path()) {
      steps.add(new Expr.HasAttribute(target, List.of(attribute), has.span()));
      target = new Expr.GetAttribute(target, attribute, has.span());
    }
    return new Expr.And(steps, has.span());
  }

  private void appendRecord(Expr.RecordOf record) {
    out.append('{');
    String separator = "";
    for (Expr.Field field : record.fields()) {
      out.append(separator).append(fieldName(field.name())).append(": ");
      append(field.value());
      separator = ", ";
    }
    out.append('}');
  }

  static String fieldName(String name) {
    return CedarText.isPlainName(name) ? name : CedarText.quote(name);
  }
}
