package io.margay.cedar.parser;

import io.margay.cedar.CedarError;
import io.margay.cedar.CedarParseException;
import io.margay.cedar.ast.ActionConstraint;
import io.margay.cedar.ast.Annotation;
import io.margay.cedar.ast.Condition;
import io.margay.cedar.ast.Effect;
import io.margay.cedar.ast.Expr;
import io.margay.cedar.ast.ScopeConstraint;
import io.margay.cedar.ast.SourceText;
import io.margay.cedar.ast.Span;
import io.margay.cedar.ast.Template;
import io.margay.cedar.parser.Token.Kind;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads policies. */
final class PolicyParser {
  private static final int MOST_ERRORS = 20;

  private final TokenStream tokens;
  private final ExprParser expressions;
  private final ScopeParser scopes;

  PolicyParser(SourceText source) {
    tokens = new TokenStream(source);
    expressions = new ExprParser(tokens);
    scopes = new ScopeParser(tokens, expressions);
  }

  /** All policies of the text, with ids by their place in it: {@code policy0}, {@code policy1}. */
  List<Template> policies() {
    List<Template> policies = new ArrayList<>();
    List<CedarError> errors = new ArrayList<>();
    while (!tokens.at(Kind.END) && errors.size() < MOST_ERRORS) {
      try {
        expressions.reset();
        policies.add(policy("policy" + policies.size()));
      } catch (CedarParseException e) {
        errors.addAll(e.errors());
        skipPolicy(errors);
      }
    }
    if (!errors.isEmpty()) {
      throw new CedarParseException(errors);
    }
    return policies;
  }

  private void skipPolicy(List<CedarError> errors) {
    while (errors.size() < MOST_ERRORS) {
      try {
        tokens.skipPolicy();
        return;
      } catch (CedarParseException e) {
        errors.addAll(e.errors());
      }
    }
  }

  /** The one policy that is the whole text. */
  Template onlyPolicy(String id) {
    Template policy = policy(id);
    expectEnd("after the policy: here only one is expected");
    return policy;
  }

  /** The one expression that is the whole text. */
  Expr onlyExpression() {
    Expr expr = expressions.expression();
    expectEnd("after the expression");
    return expr;
  }

  /** Comments that were passed. */
  List<Span> comments() {
    return tokens.comments();
  }

  private void expectEnd(String where) {
    if (!tokens.at(Kind.END)) {
      throw tokens.unexpected("expected the end of the text " + where, "");
    }
  }

  private Template policy(String id) {
    int start = tokens.start();
    List<Annotation> annotations = annotations();
    Effect effect = effect();
    tokens.expect(Kind.LEFT_PAREN, "before the scope");
    ScopeConstraint principal = scopes.principal();
    scopes.comma("action");
    ActionConstraint action = scopes.action();
    scopes.comma("resource");
    ScopeConstraint resource = scopes.resource();
    tokens.takeIf(Kind.COMMA);
    if (tokens.at(Kind.IDENTIFIER)) {
      throw tokens.unexpected(
          "a fourth part of the scope", "the scope is (principal, action, resource)");
    }
    tokens.expect(Kind.RIGHT_PAREN, "to close the scope");
    List<Condition> conditions = new ArrayList<>();
    while (!tokens.at(Kind.SEMICOLON)) {
      conditions.add(condition());
    }
    tokens.take();
    return new Template(
        id, annotations, effect, principal, action, resource, conditions, tokens.since(start));
  }

  private List<Annotation> annotations() {
    List<Annotation> annotations = new ArrayList<>();
    Set<String> names = new HashSet<>();
    while (tokens.at(Kind.AT)) {
      int start = tokens.take().start();
      if (!tokens.at(Kind.IDENTIFIER)) {
        throw tokens.unexpected("expected an annotation's name after @", "");
      }
      String name = tokens.text();
      tokens.take();
      Optional<String> value = Optional.empty();
      if (tokens.takeIf(Kind.LEFT_PAREN)) {
        Span literal = tokens.expect(Kind.STRING, "as the annotation's value");
        value = Optional.of(StringLiterals.unescape(literal));
        tokens.expect(Kind.RIGHT_PAREN, "after the annotation's value");
      }
      Span span = tokens.since(start);
      if (!names.add(name)) {
        throw tokens.failure(span, "the policy has this annotation already", "remove one of them");
      }
      annotations.add(new Annotation(name, value, span));
    }
    return annotations;
  }

  private Effect effect() {
    for (Effect effect : Effect.values()) {
      if (tokens.takeWord(effect.text())) {
        return effect;
      }
    }
    String suggestion =
        tokens.at(Kind.IDENTIFIER)
            ? NearMiss.suggestion(tokens.text(), List.of("permit", "forbid"))
            : "";
    throw tokens.unexpected("expected permit or forbid", suggestion);
  }

  private Condition condition() {
    int start = tokens.start();
    for (Condition.Kind kind : Condition.Kind.values()) {
      if (tokens.takeWord(kind.text())) {
        tokens.expect(Kind.LEFT_BRACE, "after " + kind.text());
        if (tokens.at(Kind.RIGHT_BRACE)) {
          throw tokens.unexpected(
              "a " + kind.text() + " without a condition",
              "write one, or remove the " + kind.text());
        }
        Expr body = expressions.expression();
        tokens.expect(Kind.RIGHT_BRACE, "after the condition");
        return new Condition(kind, body, tokens.since(start));
      }
    }
    String suggestion =
        tokens.at(Kind.IDENTIFIER)
            ? NearMiss.suggestion(tokens.text(), List.of("when", "unless"))
            : "";
    throw tokens.unexpected("expected when, unless or ; after the scope", suggestion);
  }
}
