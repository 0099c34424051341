package io.margay.cedar.parser;

import io.margay.cedar.CedarParseException;
import io.margay.cedar.ast.ActionConstraint;
import io.margay.cedar.ast.EntityRef;
import io.margay.cedar.ast.ScopeConstraint;
import io.margay.cedar.ast.Slot;
import io.margay.cedar.ast.Span;
import io.margay.cedar.ast.Variable;
import io.margay.cedar.parser.Token.Kind;
import io.margay.cedar.value.EntityType;
import io.margay.cedar.value.EntityUid;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the scope of a policy: {@code (principal …, action …, resource …)}. */
final class ScopeParser {
  private final TokenStream tokens;
  private final ExprParser expressions;

  ScopeParser(TokenStream tokens, ExprParser expressions) {
    this.tokens = tokens;
    this.expressions = expressions;
  }

  ScopeConstraint principal() {
    return constraint(Variable.PRINCIPAL, Slot.PRINCIPAL);
  }

  ScopeConstraint resource() {
    return constraint(Variable.RESOURCE, Slot.RESOURCE);
  }

  /** The comma before the next part of the scope. */
  void comma(String next) {
    if (!tokens.takeIf(Kind.COMMA)) {
      if (tokens.at(Kind.RIGHT_PAREN)) {
        throw tokens.unexpected(
            "the scope has no " + next, "the scope is (principal, action, resource)");
      }
      throw unexpectedInScope("expected a comma before " + next);
    }
  }

  private ScopeConstraint constraint(Variable variable, Slot slot) {
    int start = tokens.start();
    variable(variable);
    if (tokens.takeWord("is")) {
      EntityType type = expressions.entityType();
      if (tokens.at(Kind.EQUAL)) {
        throw tokens.unexpected("is and == together", "an entity has one type: write == only");
      }
      return tokens.takeWord("in")
          ? new ScopeConstraint.IsIn(type, reference(variable, slot), tokens.since(start))
          : new ScopeConstraint.Is(type, tokens.since(start));
    }
    if (tokens.takeIf(Kind.EQUAL)) {
      return new ScopeConstraint.Equal(reference(variable, slot));
    }
    if (tokens.takeWord("in")) {
      EntityRef reference = reference(variable, slot);
      if (tokens.atWord("is")) {
        throw tokens.unexpected("is after in", "write " + variable.text() + " is … in …");
      }
      return new ScopeConstraint.In(reference);
    }
    checkNoOtherOperator();
    return ScopeConstraint.Any.ANY;
  }

  ActionConstraint action() {
    int start = tokens.start();
    variable(Variable.ACTION);
    if (tokens.atWord("is")) {
      throw tokens.unexpected("is for an action", "write == or in with the actions");
    }
    ActionConstraint constraint;
    if (tokens.takeIf(Kind.EQUAL)) {
      constraint = new ActionConstraint.Equal(entity(Variable.ACTION), tokens.since(start));
    } else if (tokens.takeWord("in")) {
      constraint = actionIn(start, 0);
    } else {
      checkNoOtherOperator();
      return ActionConstraint.Any.ANY;
    }
    if (tokens.atWord("is")) {
      throw tokens.unexpected("is for an action", "write == or in with the actions");
    }
    for (EntityUid action : constraint.actions()) {
      if (!action.type().isAction()) {
        throw tokens.failure(
            tokens.since(start),
            action + " is no action",
            "an action's type is Action, with or without a namespace before it");
      }
    }
    return constraint;
  }

  private ActionConstraint actionIn(int start, int parentheses) {
    checkParentheses(parentheses);
    if (tokens.takeIf(Kind.LEFT_PAREN)) {
      ActionConstraint inner = actionIn(start, parentheses + 1);
      tokens.expect(Kind.RIGHT_PAREN, "to close the parenthesis");
      return inner;
    }
    if (!tokens.takeIf(Kind.LEFT_BRACKET)) {
      return new ActionConstraint.In(entity(Variable.ACTION), tokens.since(start));
    }
    List<EntityUid> actions = new ArrayList<>();
    while (!tokens.at(Kind.RIGHT_BRACKET)) {
      actions.add(entity(Variable.ACTION));
      if (!tokens.takeIf(Kind.COMMA)) {
        break;
      }
    }
    tokens.expect(Kind.RIGHT_BRACKET, "or a comma");
    return new ActionConstraint.InAny(actions, tokens.since(start));
  }

  private void variable(Variable expected) {
    if (!tokens.takeWord(expected.text())) {
      throw tokens.unexpected(
          "expected " + expected.text() + " in the scope",
          "the scope is (principal, action, resource), in this order");
    }
    if (tokens.at(Kind.COLON)) {
      throw tokens.unexpected("a type behind a colon", "write " + expected.text() + " is Type");
    }
  }

  private void checkNoOtherOperator() {
    switch (tokens.kind()) {
      case SINGLE_EQUAL -> throw tokens.unexpected("not an operator", "write ==");
      case LESS, LESS_EQUAL, GREATER, GREATER_EQUAL, NOT_EQUAL, AND, OR ->
          throw unexpectedInScope("not an operator of the scope");
      default -> {}
    }
  }

  private CedarParseException unexpectedInScope(String message) {
    return tokens.unexpected(
        message, "the scope knows ==, in and is; put other conditions in a when clause");
  }

  private EntityUid entity(Variable variable) {
    return switch (reference(variable, null)) {
      case EntityRef.Named(EntityUid uid, _) -> uid;
      case EntityRef.Open(Slot slot, Span span) ->
          throw tokens.failure(
              span, slot.text() + " does not stand for an action", "name the action");
    };
  }

  private EntityRef reference(Variable variable, @Nullable Slot allowed) {
    return reference(variable, allowed, 0);
  }

  private EntityRef reference(Variable variable, @Nullable Slot allowed, int parentheses) {
    checkParentheses(parentheses);
    if (tokens.takeIf(Kind.LEFT_PAREN)) {
      EntityRef inner = reference(variable, allowed, parentheses + 1);
      tokens.expect(Kind.RIGHT_PAREN, "to close the parenthesis");
      return inner;
    }
    if (tokens.at(Kind.SLOT)) {
      if (allowed == null) {
        throw tokens.unexpected("a slot for an action", "name the action");
      }
      if (!tokens.text().equals(allowed.text())) {
        throw tokens.unexpected("not a slot for " + variable.text(), "write " + allowed.text());
      }
      return new EntityRef.Open(allowed, tokens.take());
    }
    return named(variable);
  }

  private EntityRef named(Variable variable) {
    int start = tokens.start();
    if (!tokens.at(Kind.IDENTIFIER)) {
      throw tokens.unexpected("expected an entity", "write an entity like User::\"alice\"");
    }
    StringBuilder type = new StringBuilder(tokens.name("an entity's type"));
    while (tokens.takeIf(Kind.DOUBLE_COLON)) {
      if (tokens.at(Kind.STRING)) {
        String id = StringLiterals.unescape(tokens.take());
        return new EntityRef.Named(EntityUid.of(type.toString(), id), tokens.since(start));
      }
      type.append("::").append(tokens.name("a name, or an entity's id in quotes"));
    }
    throw tokens.failure(
        tokens.since(start),
        "a type where an entity is expected",
        variable == Variable.ACTION
            ? "write an id after it: Action::\"read\""
            : "write " + variable.text() + " is " + type + ", or an id: " + type + "::\"…\"");
  }

  private void checkParentheses(int count) {
    if (count > ExprParser.MAX_NESTING) {
      throw tokens.unexpected("recursion limit reached: too many parentheses", "remove them");
    }
  }
}
