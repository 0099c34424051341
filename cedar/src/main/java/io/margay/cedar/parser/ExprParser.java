package io.margay.cedar.parser;

import io.margay.cedar.CedarParseException;
import io.margay.cedar.ast.BinaryOperator;
import io.margay.cedar.ast.Expr;
import io.margay.cedar.ast.Span;
import io.margay.cedar.ast.UnaryOperator;
import io.margay.cedar.ast.Variable;
import io.margay.cedar.parser.Token.Kind;
import io.margay.cedar.value.BoolValue;
import io.margay.cedar.value.EntityType;
import io.margay.cedar.value.EntityUid;
import io.margay.cedar.value.StringValue;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Reads expressions by recursive descent. Brackets may be nested {@link #MAX_NESTING} deep, which
 * fits a stack of half a megabyte.
 */
final class ExprParser {
  static final int MAX_NESTING = 100;
  private static final int MAX_SIGNS = 4;

  private final TokenStream tokens;
  private final Depth depth = new Depth();
  private int nesting;

  ExprParser(TokenStream tokens) {
    this.tokens = tokens;
  }

  /** Forgets what a policy with an error left open. */
  void reset() {
    nesting = 0;
  }

  Expr expression() {
    nesting++;
    checkDepth(nesting, MAX_NESTING, tokens.span());
    Expr expr = tokens.atWord("if") ? conditional() : or();
    nesting--;
    return expr;
  }

  private Expr conditional() {
    int start = tokens.start();
    tokens.take();
    Expr condition = expression();
    int deepest = depth.last;
    tokens.expectWord("then", "after the condition of if");
    Expr then = expression();
    deepest = Math.max(deepest, depth.last);
    tokens.expectWord("else", "after the first branch of if");
    Expr otherwise = expression();
    return node(
        new Expr.If(condition, then, otherwise, tokens.since(start)),
        Math.max(deepest, depth.last));
  }

  private Expr or() {
    int start = tokens.start();
    Expr first = and();
    if (!tokens.at(Kind.OR)) {
      return first;
    }
    List<Expr> operands =
        new ArrayList<>(first instanceof Expr.Or or ? or.operands() : List.of(first));
    int deepest = depth.last;
    while (tokens.takeIf(Kind.OR)) {
      operands.add(and());
      deepest = Math.max(deepest, depth.last);
    }
    return node(new Expr.Or(operands, tokens.since(start)), deepest);
  }

  private Expr and() {
    int start = tokens.start();
    Expr first = relation();
    if (!tokens.at(Kind.AND)) {
      return first;
    }
    List<Expr> operands =
        new ArrayList<>(first instanceof Expr.And and ? and.operands() : List.of(first));
    int deepest = depth.last;
    while (tokens.takeIf(Kind.AND)) {
      operands.add(relation());
      deepest = Math.max(deepest, depth.last);
    }
    return node(new Expr.And(operands, tokens.since(start)), deepest);
  }

  private Expr relation() {
    int start = tokens.start();
    Expr left = sum();
    Optional<BinaryOperator> operator = relationOperator();
    Expr result;
    if (operator.isPresent()) {
      int leftDepth = depth.last;
      tokens.take();
      Expr right = sum();
      result =
          node(
              new Expr.Binary(operator.get(), left, right, tokens.since(start)),
              Math.max(leftDepth, depth.last));
    } else if (tokens.takeWord("has")) {
      List<String> path = attributePath();
      // Written out step by step it is as deep as the path is long.
      result =
          node(
              new Expr.HasAttribute(left, path, tokens.since(start)), depth.last + path.size() - 1);
    } else if (tokens.takeWord("like")) {
      Span literal = tokens.expect(Kind.STRING, "after like: patterns are texts in quotes");
      result =
          node(
              new Expr.Like(left, StringLiterals.pattern(literal), tokens.since(start)),
              depth.last);
    } else if (tokens.takeWord("is")) {
      result = is(left, start);
    } else {
      return left;
    }
    if (relationOperator().isPresent()
        || tokens.atWord("has")
        || tokens.atWord("like")
        || tokens.atWord("is")) {
      throw tokens.unexpected(
          "a relation right after a relation", "join the two with &&, or put one in parentheses");
    }
    return result;
  }

  private Optional<BinaryOperator> relationOperator() {
    if (tokens.at(Kind.SINGLE_EQUAL)) {
      throw tokens.unexpected("not an operator", "write ==");
    }
    BinaryOperator operator =
        switch (tokens.kind()) {
          case EQUAL -> BinaryOperator.EQUAL;
          case NOT_EQUAL -> BinaryOperator.NOT_EQUAL;
          case LESS -> BinaryOperator.LESS;
          case LESS_EQUAL -> BinaryOperator.LESS_EQUAL;
          case GREATER -> BinaryOperator.GREATER;
          case GREATER_EQUAL -> BinaryOperator.GREATER_EQUAL;
          default -> tokens.atWord("in") ? BinaryOperator.IN : null;
        };
    return Optional.ofNullable(operator);
  }

  /** What stands after {@code has}: a text, or names with points between them. */
  private List<String> attributePath() {
    if (tokens.at(Kind.STRING)) {
      return List.of(StringLiterals.unescape(tokens.take()));
    }
    List<String> path = new ArrayList<>();
    do {
      path.add(tokens.name("an attribute"));
    } while (tokens.takeIf(Kind.DOT));
    return path;
  }

  private Expr is(Expr target, int start) {
    int deepest = depth.last;
    EntityType type = entityType();
    Optional<Expr> ancestor = Optional.empty();
    if (tokens.takeWord("in")) {
      ancestor = Optional.of(sum());
      deepest = Math.max(deepest, depth.last);
    }
    return node(new Expr.Is(target, type, ancestor, tokens.since(start)), deepest);
  }

  /** A type's name, {@code Shop::User}. */
  EntityType entityType() {
    if (tokens.at(Kind.STRING)) {
      throw tokens.unexpected("expected the name of an entity type", "write it without quotes");
    }
    StringBuilder name = new StringBuilder(tokens.name("the name of an entity type"));
    while (tokens.takeIf(Kind.DOUBLE_COLON)) {
      if (tokens.at(Kind.STRING)) {
        throw tokens.unexpected(
            "an entity where a type is expected", "write the type only, or use == or in");
      }
      name.append("::").append(tokens.name("the name of an entity type"));
    }
    return new EntityType(name.toString());
  }

  private Expr sum() {
    int start = tokens.start();
    Expr left = product();
    while (tokens.at(Kind.PLUS) || tokens.at(Kind.MINUS)) {
      BinaryOperator operator = tokens.at(Kind.PLUS) ? BinaryOperator.ADD : BinaryOperator.SUBTRACT;
      left = arithmetic(operator, left, start, this::product);
    }
    return left;
  }

  private Expr product() {
    int start = tokens.start();
    Expr left = unary();
    while (tokens.at(Kind.STAR)) {
      left = arithmetic(BinaryOperator.MULTIPLY, left, start, this::unary);
    }
    if (tokens.at(Kind.SLASH) || tokens.at(Kind.PERCENT)) {
      throw tokens.unexpected("Cedar has no division", "multiply the other side instead");
    }
    return left;
  }

  private Expr arithmetic(BinaryOperator operator, Expr left, int start, Supplier<Expr> rightSide) {
    int leftDepth = depth.last;
    tokens.take();
    Expr right = rightSide.get();
    return node(
        new Expr.Binary(operator, left, right, tokens.since(start)),
        Math.max(leftDepth, depth.last));
  }

  private Expr unary() {
    if (!tokens.at(Kind.NOT) && !tokens.at(Kind.MINUS)) {
      return member();
    }
    Kind sign = tokens.kind();
    List<Span> signs = new ArrayList<>();
    while (tokens.at(sign)) {
      signs.add(tokens.take());
    }
    if (signs.size() > MAX_SIGNS) {
      throw tokens.failure(
          signs.getFirst().to(signs.getLast()),
          "more than four " + sign.text() + " in a row",
          "leave out pairs of them");
    }
    Expr operand;
    if (sign == Kind.MINUS && tokens.at(Kind.NUMBER)) {
      operand = afterMinus(signs);
    } else {
      operand = member();
    }
    UnaryOperator operator = sign == Kind.NOT ? UnaryOperator.NOT : UnaryOperator.NEGATE;
    for (Span before : signs.reversed()) {
      operand = node(new Expr.Unary(operator, operand, tokens.since(before.start())), depth.last);
    }
    return operand;
  }

  /** A number with its minus is one literal, so that the least number can be written. */
  private Expr afterMinus(List<Span> signs) {
    Span number = tokens.take();
    if (tokens.at(Kind.DOT) || tokens.at(Kind.LEFT_PAREN) || tokens.at(Kind.LEFT_BRACKET)) {
      return accesses(leaf(Numbers.literal(number, number, false)), number.start());
    }
    Span minus = signs.removeLast();
    return leaf(Numbers.literal(number, minus.to(number), true));
  }

  private Expr member() {
    int start = tokens.start();
    return accesses(primary(), start);
  }

  private Expr accesses(Expr target, int start) {
    Expr result = target;
    while (true) {
      if (tokens.takeIf(Kind.DOT)) {
        int nameStart = tokens.start();
        String name = tokens.name("an attribute or a method");
        result =
            tokens.at(Kind.LEFT_PAREN)
                ? method(result, name, start, nameStart)
                : node(new Expr.GetAttribute(result, name, tokens.since(start)), depth.last);
      } else if (tokens.takeIf(Kind.LEFT_BRACKET)) {
        Span literal = tokens.expect(Kind.STRING, "in the brackets: an attribute's name in quotes");
        tokens.expect(Kind.RIGHT_BRACKET, "after the attribute's name");
        result =
            node(
                new Expr.GetAttribute(
                    result, StringLiterals.unescape(literal), tokens.since(start)),
                depth.last);
      } else if (tokens.at(Kind.LEFT_PAREN)) {
        throw tokens.failure(tokens.since(start), "not a function", "call functions by their name");
      } else {
        return result;
      }
    }
  }

  private Expr method(Expr receiver, String name, int start, int nameStart) {
    Span nameSpan = tokens.since(nameStart);
    int deepest = depth.last;
    List<Expr> arguments = arguments();
    Expr call = Calls.method(receiver, name, nameSpan, arguments, tokens.since(start));
    return node(call, Math.max(deepest, depth.last));
  }

  private List<Expr> arguments() {
    tokens.expect(Kind.LEFT_PAREN, "before arguments");
    return list(Kind.RIGHT_PAREN, this::expression);
  }

  private Expr primary() {
    int start = tokens.start();
    return switch (tokens.kind()) {
      case NUMBER -> {
        Span number = tokens.take();
        yield leaf(Numbers.literal(number, number, false));
      }
      case STRING -> {
        Span literal = tokens.take();
        yield leaf(new Expr.Literal(new StringValue(StringLiterals.unescape(literal)), literal));
      }
      case IDENTIFIER -> word();
      case LEFT_PAREN -> {
        tokens.take();
        Expr inner = expression();
        tokens.expect(Kind.RIGHT_PAREN, "to close the parenthesis");
        yield inner;
      }
      case LEFT_BRACKET -> {
        tokens.take();
        List<Expr> elements = list(Kind.RIGHT_BRACKET, this::expression);
        yield node(new Expr.SetOf(elements, tokens.since(start)), depth.last);
      }
      case LEFT_BRACE -> record();
      case SLOT ->
          throw tokens.unexpected(
              "a slot outside of the scope", "slots stand after == or in of the scope only");
      default -> throw tokens.unexpected("expected an expression", "");
    };
  }

  private Expr record() {
    int start = tokens.start();
    tokens.take();
    Set<String> names = new HashSet<>();
    List<Expr.Field> fields = list(Kind.RIGHT_BRACE, () -> field(names));
    return node(new Expr.RecordOf(fields, tokens.since(start)), depth.last);
  }

  private Expr.Field field(Set<String> before) {
    Span span = tokens.span();
    String name =
        tokens.at(Kind.STRING)
            ? StringLiterals.unescape(tokens.take())
            : tokens.name("an attribute's name");
    if (!before.add(name)) {
      throw tokens.failure(span, "this attribute is in the record already", "remove one of them");
    }
    tokens.expect(Kind.COLON, "after an attribute's name");
    return new Expr.Field(name, expression());
  }

  /** Items with commas between them, and maybe one behind; {@code depth} is the deepest item's. */
  private <T> List<T> list(Kind close, Supplier<T> item) {
    List<T> items = new ArrayList<>();
    int deepest = 0;
    while (!tokens.at(close)) {
      depth.last = 0;
      items.add(item.get());
      deepest = Math.max(deepest, depth.last);
      if (!tokens.takeIf(Kind.COMMA)) {
        break;
      }
    }
    tokens.expect(close, "or a comma");
    depth.last = deepest;
    return items;
  }

  /** What begins with a word: a literal, a variable, an entity or a function call. */
  private Expr word() {
    int start = tokens.start();
    if (tokens.atWord("true") || tokens.atWord("false")) {
      boolean value = tokens.atWord("true");
      return leaf(new Expr.Literal(BoolValue.of(value), tokens.take()));
    }
    if (tokens.atWord("if")) {
      throw tokens.unexpected("if inside an expression", "put the whole if in parentheses");
    }
    StringBuilder path = new StringBuilder(tokens.name("an expression"));
    while (tokens.takeIf(Kind.DOUBLE_COLON)) {
      if (tokens.at(Kind.STRING)) {
        String id = StringLiterals.unescape(tokens.take());
        return leaf(new Expr.Literal(EntityUid.of(path.toString(), id), tokens.since(start)));
      }
      path.append("::").append(tokens.name("a name, or an entity's id in quotes"));
    }
    Span span = tokens.since(start);
    String name = path.toString();
    Optional<Variable> variable =
        Arrays.stream(Variable.values()).filter(v -> v.text().equals(name)).findFirst();
    if (tokens.at(Kind.LEFT_PAREN)) {
      Calls.checkFunction(name, span, variable.isPresent());
      List<Expr> arguments = arguments();
      return node(Calls.function(name, arguments, tokens.since(start)), depth.last);
    }
    return leaf(new Expr.Var(variable.orElseThrow(() -> Calls.unknownName(name, span)), span));
  }

  private Expr leaf(Expr expr) {
    depth.last = 1;
    return expr;
  }

  private Expr node(Expr expr, int deepestChild) {
    depth.last = deepestChild + 1;
    checkDepth(depth.last, Expr.MAX_DEPTH, expr.span());
    return expr;
  }

  private void checkDepth(int reached, int most, Span span) {
    if (reached > most) {
      throw new CedarParseException(
          span,
          "recursion limit reached: nested more than " + most + " deep",
          "split the expression into several when clauses or policies");
    }
  }

  /** How deep the tree is that was read last. */
  private static final class Depth {
    int last;
  }
}
