package io.margay.cedar.ast;

import io.margay.cedar.value.EntityType;
import io.margay.cedar.value.Value;
import java.util.List;
import java.util.Optional;

/**
 * An expression. Trees are at most {@link #MAX_DEPTH} deep, which the parser and the JSON reader
 * see to, so that plain recursion over them never overflows a thread's stack. Chains of {@code &&}
 * and of {@code ||} are one node, as long as they may be.
 */
public sealed interface Expr {
  /** The greatest depth of a tree; a leaf has depth 1. */
  int MAX_DEPTH = 500;

  Span span();

  /**
   * A literal, or a value that partial evaluation has found.
   *
   * @param value in parsed policies a bool, long, string or entity
   */
  record Literal(Value value, Span span) implements Expr {}

  /** {@code principal}, {@code action}, {@code resource} or {@code context}. */
  record Var(Variable variable, Span span) implements Expr {}

  /** A slot of a template. Stands in scopes only; the condition of a template may hold it there. */
  record SlotRef(Slot slot, Span span) implements Expr {}

  record If(Expr condition, Expr then, Expr otherwise, Span span) implements Expr {}

  /**
   * {@code a && b && c}: evaluated from the left until one is false.
   *
   * @param operands at least two; parentheses around the first ones make no difference, so the
   *     first is never an {@code And} itself
   */
  record And(List<Expr> operands, Span span) implements Expr {
    public And {
      operands = List.copyOf(operands);
    }

    public static Expr of(Expr left, Expr right, Span span) {
      return new And(Chains.join(left instanceof And and ? and.operands : null, left, right), span);
    }
  }

  /**
   * {@code a || b || c}: evaluated from the left until one is true.
   *
   * @param operands as of {@link And}
   */
  record Or(List<Expr> operands, Span span) implements Expr {
    public Or {
      operands = List.copyOf(operands);
    }

    public static Expr of(Expr left, Expr right, Span span) {
      return new Or(Chains.join(left instanceof Or or ? or.operands : null, left, right), span);
    }
  }

  record Unary(UnaryOperator operator, Expr operand, Span span) implements Expr {}

  record Binary(BinaryOperator operator, Expr left, Expr right, Span span) implements Expr {}

  /**
   * A call of an extension function.
   *
   * @param arguments a method's receiver is the first. Their number may differ from the function's
   *     arity: that is an error of validation and of evaluation, not of parsing
   */
  record Call(ExtensionFunction function, List<Expr> arguments, Span span) implements Expr {
    public Call {
      arguments = List.copyOf(arguments);
    }
  }

  /** {@code target.attribute} or {@code target["attribute"]}. */
  record GetAttribute(Expr target, String attribute, Span span) implements Expr {}

  /**
   * {@code target has a.b.c}: whether every prefix of the path exists.
   *
   * @param path at least one attribute
   */
  record HasAttribute(Expr target, List<String> path, Span span) implements Expr {
    public HasAttribute {
      path = List.copyOf(path);
    }
  }

  record Like(Expr target, LikePattern pattern, Span span) implements Expr {}

  /** {@code target is Type}, or {@code target is Type in ancestor}. */
  record Is(Expr target, EntityType type, Optional<Expr> ancestor, Span span) implements Expr {}

  record SetOf(List<Expr> elements, Span span) implements Expr {
    public SetOf {
      elements = List.copyOf(elements);
    }
  }

  /**
   * {@code {a: 1, "b c": 2}}.
   *
   * @param fields in the order written, no name twice
   */
  record RecordOf(List<Field> fields, Span span) implements Expr {
    public RecordOf {
      fields = List.copyOf(fields);
    }
  }

  /** One entry of a record. */
  record Field(String name, Expr value) {}
}
