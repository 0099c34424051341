package io.margay.model.selector;

import java.util.List;
import java.util.SortedSet;

/** The syntax tree of a selector. {@code toString} is the canonical text. */
public sealed interface Expression {

  record All() implements Expression {
    @Override
    public String toString() {
      return "all()";
    }
  }

  /** Matches everything on its own; in a rule's namespace selector it means "no namespace". */
  record Global() implements Expression {
    @Override
    public String toString() {
      return "global()";
    }
  }

  record Has(String key) implements Expression {
    @Override
    public String toString() {
      return "has(" + key + ")";
    }
  }

  /** {@code key == "value"}; with {@code negated}, {@code !=}, which a missing label satisfies. */
  record Equals(String key, String value, boolean negated) implements Expression {
    @Override
    public String toString() {
      return key + (negated ? " != " : " == ") + quote(value);
    }
  }

  /**
   * {@code key in {...}}; with {@code negated}, {@code not in}, which a missing label satisfies.
   */
  record In(String key, SortedSet<String> values, boolean negated) implements Expression {
    @Override
    public String toString() {
      StringBuilder text = new StringBuilder(key).append(negated ? " not in {" : " in {");
      String separator = "";
      for (String value : values) {
        text.append(separator).append(quote(value));
        separator = ", ";
      }
      return text.append('}').toString();
    }
  }

  /** A comparison with part of the label's value. */
  record Part(String key, Where where, String value) implements Expression {
    @Override
    public String toString() {
      return key + " " + where.text + " " + quote(value);
    }
  }

  /** Which part of a label's value {@link Part} compares. */
  enum Where {
    CONTAINS("contains"),
    STARTS_WITH("starts with"),
    ENDS_WITH("ends with");

    final String text;

    Where(String text) {
      this.text = text;
    }
  }

  record Not(Expression operand) implements Expression {
    @Override
    public String toString() {
      return "!" + operand;
    }
  }

  record And(List<Expression> operands) implements Expression {
    @Override
    public String toString() {
      return join(operands, " && ");
    }
  }

  record Or(List<Expression> operands) implements Expression {
    @Override
    public String toString() {
      return join(operands, " || ");
    }
  }

  private static String join(List<Expression> operands, String operator) {
    StringBuilder text = new StringBuilder("(");
    String separator = "";
    for (Expression operand : operands) {
      text.append(separator).append(operand);
      separator = operator;
    }
    return text.append(')').toString();
  }

  private static String quote(String value) {
    return value.indexOf('"') >= 0 ? "'" + value + "'" : '"' + value + '"';
  }
}
