package io.margay.cedar.text;

import io.margay.cedar.ast.Expr;
import io.margay.cedar.ast.Span;
import io.margay.cedar.text.ExprPrinter.Level;
import java.util.List;
import java.util.StringJoiner;

/** Breaks expressions that do not fit on a line. */
final class ExprLayout {
  private static final String STEP = "  ";

  private final Comments comments;

  ExprLayout(Comments comments) {
    this.comments = comments;
  }

  /**
   * An expression on as many lines as it needs.
   *
   * @param indent of the lines after the first
   */
  String layout(Expr expr, String indent) {
    return layout(expr, indent, Level.EXPRESSION);
  }

  private String layout(Expr expr, String indent, Level level) {
    boolean commented = expr.span().isKnown() && comments.hasBefore(expr.span().end());
    String line = ExprPrinter.print(expr, level);
    if (!commented && indent.length() + line.length() <= PolicyFormatter.WIDTH) {
      return line;
    }
    if (Level.of(expr).compareTo(level) < 0) {
      String deeper = indent + STEP;
      return "(\n" + deeper + broken(expr, deeper) + "\n" + indent + ")";
    }
    return broken(expr, indent);
  }

  private String broken(Expr expr, String indent) {
    return switch (expr) {
      case Expr.And and -> chain(and.operands(), " &&", Level.RELATION, indent);
      case Expr.Or or -> chain(or.operands(), " ||", Level.AND, indent);
      case Expr.If conditional ->
          "if "
              + layout(conditional.condition(), indent + STEP)
              + "\n"
              + indent
              + "then "
              + layout(conditional.then(), indent + STEP)
              + "\n"
              + indent
              + "else "
              + layout(conditional.otherwise(), indent + STEP);
      case Expr.SetOf set when !set.elements().isEmpty() -> {
        StringJoiner lines = new StringJoiner(",\n", "[\n", "\n" + indent + "]");
        set.elements().forEach(element -> lines.add(item("", element, indent + STEP)));
        yield lines.toString();
      }
      case Expr.RecordOf record when !record.fields().isEmpty() -> {
        StringJoiner lines = new StringJoiner(",\n", "{\n", "\n" + indent + "}");
        for (Expr.Field field : record.fields()) {
          String name = ExprPrinter.fieldName(field.name()) + ": ";
          lines.add(item(name, field.value(), indent + STEP));
        }
        yield lines.toString();
      }
      case Expr.Binary binary -> {
        Level level = Level.of(binary);
        String operator = binary.operator().text();
        yield binary.operator().isMethod()
            ? layout(binary.left(), indent, Level.MEMBER)
                + "."
                + operator
                + "("
                + layout(binary.right(), indent + STEP)
                + ")"
            : layout(binary.left(), indent, level == Level.RELATION ? Level.SUM : level)
                + " "
                + operator
                + " "
                + layout(binary.right(), indent, level.tighter());
      }
      case Expr.Literal _,
          Expr.Var _,
          Expr.SlotRef _,
          Expr.Unary _,
          Expr.Call _,
          Expr.GetAttribute _,
          Expr.HasAttribute _,
          Expr.Like _,
          Expr.Is _,
          Expr.SetOf _,
          Expr.RecordOf _ ->
          ExprPrinter.print(expr);
    };
  }

  private String chain(List<Expr> operands, String operator, Level level, String indent) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < operands.size(); i++) {
      Expr operand = operands.get(i);
      String before = commentLines(operand, indent);
      if (i > 0) {
        out.append(operator).append('\n').append(indent);
      }
      out.append(before).append(layout(operand, indent, level));
    }
    return out.toString();
  }

  private String item(String name, Expr value, String indent) {
    return indent + commentLines(value, indent) + name + layout(value, indent);
  }

  /** Comments that stand before an operand, each on its line, ready for the operand to follow. */
  private String commentLines(Expr operand, String indent) {
    if (!operand.span().isKnown()) {
      return "";
    }
    StringBuilder out = new StringBuilder();
    for (Span comment : comments.takeBefore(operand.span().start())) {
      out.append(comment.text().stripTrailing()).append('\n').append(indent);
    }
    return out.toString();
  }
}
