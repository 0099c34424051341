package io.margay.model.selector;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A parsed selector. Two selectors are equal when their canonical texts are.
 *
 * @see <a href="https://docs.tigera.io/calico/latest/reference/resources/networkpolicy#selectors">
 *     the language</a>
 */
public final class Selector {
  private static final Selector ALL = new Selector(new Expression.All());

  private final Expression expression;
  private final String canonical;

  private Selector(Expression expression) {
    this.expression = expression;
    this.canonical = expression.toString();
  }

  /** The selector that matches everything, which is also what empty text means. */
  public static Selector all() {
    return ALL;
  }

  /**
   * Reads a selector.
   *
   * @throws SelectorSyntaxException if the text is not one
   */
  @JsonCreator
  public static Selector parse(String text) {
    return of(new SelectorParser(text).parse());
  }

  public static Selector of(Expression expression) {
    return expression instanceof Expression.All ? ALL : new Selector(expression);
  }

  public Expression expression() {
    return expression;
  }

  /** The text that every spelling of this selector shares. */
  @JsonValue
  public String canonical() {
    return canonical;
  }

  /** Calico's id of the selector: {@code s:} and a hash of the canonical text. */
  public String uniqueId() {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-224")
              .digest(("s:" + canonical).getBytes(StandardCharsets.UTF_8));
      return "s:" + Base64.getUrlEncoder().withoutPadding().encodeToString(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JDK has SHA-224", e);
    }
  }

  public boolean matches(Labels labels) {
    return matches(expression, labels);
  }

  private static boolean matches(Expression expression, Labels labels) {
    return switch (expression) {
      case Expression.All() -> true;
      case Expression.Global() -> true;
      case Expression.Has(String key) -> labels.get(key) != null;
      case Expression.Equals(String key, String value, boolean negated) ->
          value.equals(labels.get(key)) != negated;
      case Expression.In in -> {
        String value = labels.get(in.key());
        yield (value != null && in.values().contains(value)) != in.negated();
      }
      case Expression.Part(String key, Expression.Where where, String part) -> {
        String value = labels.get(key);
        yield value != null
            && switch (where) {
              case CONTAINS -> value.contains(part);
              case STARTS_WITH -> value.startsWith(part);
              case ENDS_WITH -> value.endsWith(part);
            };
      }
      case Expression.Not(Expression operand) -> !matches(operand, labels);
      case Expression.And(List<Expression> operands) -> {
        for (Expression operand : operands) {
          if (!matches(operand, labels)) {
            yield false;
          }
        }
        yield true;
      }
      case Expression.Or(List<Expression> operands) -> {
        for (Expression operand : operands) {
          if (matches(operand, labels)) {
            yield true;
          }
        }
        yield false;
      }
    };
  }

  /** This selector with a prefix before every label key, as selectors on namespaces become. */
  public Selector withKeyPrefix(String prefix) {
    return of(
        rewrite(
            expression,
            leaf ->
                switch (leaf) {
                  case Expression.Has has -> new Expression.Has(prefix + has.key());
                  case Expression.Equals e ->
                      new Expression.Equals(prefix + e.key(), e.value(), e.negated());
                  case Expression.In in ->
                      new Expression.In(prefix + in.key(), in.values(), in.negated());
                  case Expression.Part part ->
                      new Expression.Part(prefix + part.key(), part.where(), part.value());
                  default -> leaf;
                }));
  }

  /** This selector with every {@code all()} replaced. */
  public Selector replacingAll(Expression replacement) {
    return of(rewrite(expression, leaf -> leaf instanceof Expression.All ? replacement : leaf));
  }

  /** This selector with every {@code global()} replaced. */
  public Selector replacingGlobal(Expression replacement) {
    return of(rewrite(expression, leaf -> leaf instanceof Expression.Global ? replacement : leaf));
  }

  private static Expression rewrite(Expression expression, UnaryOperator<Expression> leaf) {
    return switch (expression) {
      case Expression.Not(Expression operand) -> new Expression.Not(rewrite(operand, leaf));
      case Expression.And(List<Expression> operands) ->
          new Expression.And(operands.stream().map(o -> rewrite(o, leaf)).toList());
      case Expression.Or(List<Expression> operands) ->
          new Expression.Or(operands.stream().map(o -> rewrite(o, leaf)).toList());
      default -> leaf.apply(expression);
    };
  }

  /** Both selectors must match; {@code all()} adds nothing. */
  public Selector and(Selector other) {
    if (equals(ALL)) {
      return other;
    }
    if (other.equals(ALL)) {
      return this;
    }
    List<Expression> operands = new ArrayList<>();
    for (Expression side : List.of(expression, other.expression)) {
      if (side instanceof Expression.And(List<Expression> inner)) {
        operands.addAll(inner);
      } else {
        operands.add(side);
      }
    }
    return of(new Expression.And(List.copyOf(operands)));
  }

  public Selector negate() {
    return of(
        expression instanceof Expression.Not(Expression operand)
            ? operand
            : new Expression.Not(expression));
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Selector selector && canonical.equals(selector.canonical);
  }

  @Override
  public int hashCode() {
    return canonical.hashCode();
  }

  @Override
  public String toString() {
    return canonical;
  }
}
