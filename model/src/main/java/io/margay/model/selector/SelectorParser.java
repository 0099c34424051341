package io.margay.model.selector;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Recursive descent over the text itself: the grammar has so few tokens that a separate tokenizer
 * would only move positions away from their messages.
 *
 * <pre>
 * or   := and { "||" and }
 * and  := term { "&amp;&amp;" term }
 * term := { "!" } ( "(" or ")" | "all()" | "global()" | "has(" KEY ")" | KEY operator )
 * </pre>
 */
final class SelectorParser {
  private static final int MAX_KEY = 512;

  /** Deeper nesting than any policy's 1,024 characters could hold is refused, not recursed into. */
  private static final int MAX_DEPTH = 1024;

  private final String text;
  private int at;
  private int depth;

  SelectorParser(String text) {
    this.text = text;
  }

  Expression parse() {
    skipBlanks();
    if (at == text.length()) {
      return new Expression.All();
    }
    Expression expression = or();
    if (at < text.length()) {
      throw expected("&&, || or the end");
    }
    return expression;
  }

  private Expression or() {
    List<Expression> operands = new ArrayList<>();
    operands.add(and());
    while (accept("||")) {
      operands.add(and());
    }
    return operands.size() == 1 ? operands.getFirst() : new Expression.Or(List.copyOf(operands));
  }

  private Expression and() {
    List<Expression> operands = new ArrayList<>();
    operands.add(term());
    while (accept("&&")) {
      operands.add(term());
    }
    return operands.size() == 1 ? operands.getFirst() : new Expression.And(List.copyOf(operands));
  }

  private Expression term() {
    boolean negated = false;
    while (accept("!")) {
      negated = !negated;
    }
    Expression operand = operand();
    return negated ? new Expression.Not(operand) : operand;
  }

  private Expression operand() {
    if (accept("(")) {
      if (++depth > MAX_DEPTH) {
        throw new SelectorSyntaxException("parentheses nested too deeply", at);
      }
      Expression inner = or();
      if (!accept(")")) {
        throw expected("\")\"");
      }
      depth--;
      return inner;
    }
    if (at == text.length()) {
      throw new SelectorSyntaxException("a comparison is missing", at);
    }
    // The three functions have no blank before their parenthesis; a label may have their name.
    if (text.startsWith("has(", at)) {
      at += 4;
      skipBlanks();
      Expression has = new Expression.Has(key());
      if (!accept(")")) {
        throw expected("\")\" after has(");
      }
      return has;
    }
    if (text.startsWith("all(", at)) {
      return function("all(", new Expression.All());
    }
    if (text.startsWith("global(", at)) {
      return function("global(", new Expression.Global());
    }
    return comparison();
  }

  private Expression function(String opening, Expression function) {
    at += opening.length();
    skipBlanks();
    if (!accept(")")) {
      throw expected("\")\" after " + opening);
    }
    return function;
  }

  private Expression comparison() {
    String key = key();
    if (accept("==")) {
      return new Expression.Equals(key, string(), false);
    }
    if (accept("!=")) {
      return new Expression.Equals(key, string(), true);
    }
    if (acceptWord("contains")) {
      return new Expression.Part(key, Expression.Where.CONTAINS, string());
    }
    if (acceptWords("starts", "with")) {
      return new Expression.Part(key, Expression.Where.STARTS_WITH, string());
    }
    if (acceptWords("ends", "with")) {
      return new Expression.Part(key, Expression.Where.ENDS_WITH, string());
    }
    if (acceptWords("not", "in")) {
      return new Expression.In(key, set(), true);
    }
    if (acceptWord("in")) {
      return new Expression.In(key, set(), false);
    }
    throw expected(
        "==, !=, in, not in, contains, starts with or ends with behind label \"" + key + "\"");
  }

  private SortedSet<String> set() {
    if (!accept("{")) {
      throw expected("a set like {\"a\", \"b\"}");
    }
    SortedSet<String> values = new TreeSet<>();
    while (!accept("}")) {
      values.add(string());
      if (!accept(",") && !(at < text.length() && text.charAt(at) == '}')) {
        throw expected("\",\" or \"}\"");
      }
    }
    return Collections.unmodifiableSortedSet(values);
  }

  private String string() {
    char quote = at < text.length() ? text.charAt(at) : ' ';
    if (quote != '"' && quote != '\'') {
      throw expected("a quoted string");
    }
    int end = text.indexOf(quote, at + 1);
    if (end < 0) {
      throw new SelectorSyntaxException("the string is not closed", at);
    }
    String value = text.substring(at + 1, end);
    at = end + 1;
    skipBlanks();
    return value;
  }

  private String key() {
    int start = at;
    while (at < text.length() && isKey(text.charAt(at))) {
      at++;
    }
    if (at == start) {
      throw expected("a label");
    }
    if (at - start > MAX_KEY) {
      throw new SelectorSyntaxException("the label is longer than " + MAX_KEY, start);
    }
    String key = text.substring(start, at);
    skipBlanks();
    return key;
  }

  private boolean accept(String token) {
    if (!text.startsWith(token, at)) {
      return false;
    }
    at += token.length();
    skipBlanks();
    return true;
  }

  /** A word operator: what follows must not continue the word. */
  private boolean acceptWord(String word) {
    int end = at + word.length();
    if (!text.startsWith(word, at) || (end < text.length() && isKey(text.charAt(end)))) {
      return false;
    }
    at = end;
    skipBlanks();
    return true;
  }

  /** Two words that may be closed up: {@code starts with}, {@code startswith}. */
  private boolean acceptWords(String first, String second) {
    int start = at;
    if (text.startsWith(first, at)) {
      at += first.length();
      skipBlanks();
      if (acceptWord(second)) {
        return true;
      }
    }
    at = start;
    return false;
  }

  private void skipBlanks() {
    while (at < text.length() && (text.charAt(at) == ' ' || text.charAt(at) == '\t')) {
      at++;
    }
  }

  private static boolean isKey(char c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || c == '_'
        || c == '.'
        || c == '/'
        || c == '-';
  }

  private SelectorSyntaxException expected(String what) {
    String found = at == text.length() ? "the end" : "\"" + text.charAt(at) + "\"";
    return new SelectorSyntaxException("expected " + what + ", found " + found, at);
  }
}
