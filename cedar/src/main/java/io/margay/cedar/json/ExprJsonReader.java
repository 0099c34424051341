package io.margay.cedar.json;

import io.margay.cedar.CedarParseException;
import io.margay.cedar.ast.BinaryOperator;
import io.margay.cedar.ast.Expr;
import io.margay.cedar.ast.ExtensionFunction;
import io.margay.cedar.ast.LikePattern;
import io.margay.cedar.ast.Span;
import io.margay.cedar.ast.UnaryOperator;
import io.margay.cedar.ast.Variable;
import io.margay.cedar.json.JsonTree.Arr;
import io.margay.cedar.json.JsonTree.Obj;
import io.margay.cedar.json.JsonTree.Str;
import io.margay.cedar.value.BoolValue;
import io.margay.cedar.value.EntityUid;
import io.margay.cedar.value.LongValue;
import io.margay.cedar.value.StringValue;
import io.margay.cedar.value.Value;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Expressions in JSON: an object with one key, which is the operator. Documents are not nested
 * deeper than {@link JsonTrees#MAX_DEPTH}, and so are not the expressions read from them.
 */
final class ExprJsonReader {
  private static final Map<String, BinaryOperator> BINARY =
      Arrays.stream(BinaryOperator.values())
          .collect(Collectors.toMap(BinaryOperator::text, Function.identity()));
  private static final Map<String, UnaryOperator> UNARY =
      Map.of(
          "!", UnaryOperator.NOT, "neg", UnaryOperator.NEGATE, "isEmpty", UnaryOperator.IS_EMPTY);
  private static final Set<String> TWO_SIDES = Set.of("left", "right");

  private ExprJsonReader() {}

  static Expr read(JsonTree tree) {
    Obj object = JsonFields.object(tree);
    if (object.fields().size() != 1) {
      throw new CedarParseException(
          tree.span(),
          "an expression has one key, this has " + object.fields().size(),
          "write like {\"Var\": \"principal\"}");
    }
    Map.Entry<String, JsonTree> entry = object.fields().entrySet().iterator().next();
    return read(entry.getKey(), entry.getValue(), tree.span());
  }

  private static Expr read(String operator, JsonTree body, Span span) {
    BinaryOperator binary = BINARY.get(operator);
    if (binary != null) {
      Obj sides = sides(body, TWO_SIDES);
      return new Expr.Binary(binary, side(sides, "left"), side(sides, "right"), span);
    }
    UnaryOperator unary = UNARY.get(operator);
    if (unary != null) {
      return new Expr.Unary(unary, side(sides(body, Set.of("arg")), "arg"), span);
    }
    Optional<ExtensionFunction> function = ExtensionFunction.named(operator);
    if (function.isPresent()) {
      return call(function.get(), body, span);
    }
    return switch (operator) {
      case "Value" -> value(body);
      case "Var" -> variable(body);
      case "Slot" ->
          throw new CedarParseException(
              span, "a slot outside of the scope", "slots stand in the scope only");
      case "&&" -> {
        Obj sides = sides(body, TWO_SIDES);
        yield Expr.And.of(side(sides, "left"), side(sides, "right"), span);
      }
      case "||" -> {
        Obj sides = sides(body, TWO_SIDES);
        yield Expr.Or.of(side(sides, "left"), side(sides, "right"), span);
      }
      case "." -> {
        Obj sides = sides(body, Set.of("left", "attr"));
        String attribute = ValueJson.string(JsonFields.required(sides, "attr"));
        yield new Expr.GetAttribute(side(sides, "left"), attribute, span);
      }
      case "has" -> {
        Obj sides = sides(body, Set.of("left", "attr"));
        yield new Expr.HasAttribute(
            side(sides, "left"), path(JsonFields.required(sides, "attr")), span);
      }
      case "like" -> {
        Obj sides = sides(body, Set.of("left", "pattern"));
        yield new Expr.Like(
            side(sides, "left"), pattern(JsonFields.required(sides, "pattern")), span);
      }
      case "is" -> {
        Obj sides = sides(body, Set.of("left", "entity_type", "in"));
        JsonTree type = JsonFields.required(sides, "entity_type");
        yield new Expr.Is(
            side(sides, "left"),
            UidJson.type(ValueJson.string(type), type.span()),
            Optional.ofNullable(sides.get("in")).map(ExprJsonReader::read),
            span);
      }
      case "if-then-else" -> {
        Obj sides = sides(body, Set.of("if", "then", "else"));
        yield new Expr.If(side(sides, "if"), side(sides, "then"), side(sides, "else"), span);
      }
      case "Set" -> new Expr.SetOf(list(body), span);
      case "Record" -> record(body, ExprJsonReader::read, span);
      default ->
          throw new CedarParseException(
              span, "\"" + operator + "\" is not an operator of Cedar's JSON", "");
    };
  }

  private static Obj sides(JsonTree body, Set<String> keys) {
    Obj sides = JsonFields.object(body);
    JsonFields.allowOnly(sides, keys);
    return sides;
  }

  private static Expr side(Obj sides, String key) {
    return read(JsonFields.required(sides, key));
  }

  private static List<Expr> list(JsonTree body) {
    return JsonFields.list(body).stream().map(ExprJsonReader::read).toList();
  }

  private static Expr call(ExtensionFunction function, JsonTree body, Span span) {
    List<Expr> arguments = list(body);
    if (function.isMethod() && arguments.isEmpty()) {
      throw new CedarParseException(
          span, function.text() + " without a receiver", "give it as the first argument");
    }
    return new Expr.Call(function, arguments, span);
  }

  private static Expr variable(JsonTree body) {
    String name = ValueJson.string(body);
    for (Variable variable : Variable.values()) {
      if (variable.text().equals(name)) {
        return new Expr.Var(variable, body.span());
      }
    }
    throw new CedarParseException(
        body.span(), "not a variable", "write principal, action, resource or context");
  }

  /** A value as entities have them; what is in it may be of any type, as in expressions. */
  private static Expr value(JsonTree tree) {
    Span span = tree.span();
    return switch (tree) {
      case Arr(List<JsonTree> elements, _) ->
          new Expr.SetOf(elements.stream().map(ExprJsonReader::value).toList(), span);
      case Obj object -> {
        EntityUid entity = ValueJson.entityEscape(object);
        if (entity != null) {
          yield new Expr.Literal(entity, span);
        }
        ValueJson.Extension extension = ValueJson.extensionEscape(object);
        if (extension != null) {
          yield new Expr.Call(
              extension.function(),
              extension.arguments().stream().map(ExprJsonReader::value).toList(),
              span);
        }
        yield record(object, ExprJsonReader::value, span);
      }
      case Str _, JsonTree.Num _, JsonTree.Bool _, JsonTree.Null _ ->
          switch (ValueJson.read(tree)) {
            case BoolValue bool -> new Expr.Literal(bool, span);
            case LongValue number -> new Expr.Literal(number, span);
            case StringValue text -> new Expr.Literal(text, span);
            case Value other -> throw new IllegalStateException("no plain value: " + other);
          };
    };
  }

  private static Expr record(JsonTree body, Function<JsonTree, Expr> field, Span span) {
    List<Expr.Field> fields = new ArrayList<>();
    JsonFields.object(body)
        .fields()
        .forEach((name, tree) ->
            fields.add(
                new Expr.Field(ValueJson.wholeCharacters(name, tree.span()), field.apply(tree))));
    return new Expr.RecordOf(fields, span);
  }

  private static List<String> path(JsonTree tree) {
    if (!(tree instanceof Arr(List<JsonTree> elements, Span span))) {
      return List.of(ValueJson.string(tree));
    }
    if (elements.isEmpty()) {
      throw new CedarParseException(span, "has without an attribute", "name at least one");
    }
    if (elements.size() > Expr.MAX_DEPTH) {
      throw new CedarParseException(
          span, "recursion limit reached: more than " + Expr.MAX_DEPTH + " attributes", "");
    }
    return elements.stream().map(ValueJson::string).toList();
  }

  private static LikePattern pattern(JsonTree tree) {
    List<LikePattern.Part> parts = new ArrayList<>();
    for (JsonTree part : JsonFields.list(tree)) {
      if (part instanceof Str(String text, _) && text.equals("Wildcard")) {
        parts.add(LikePattern.Wildcard.ANY);
      } else if (part instanceof Obj object && object.get("Literal") != null) {
        JsonFields.allowOnly(object, Set.of("Literal"));
        parts.add(new LikePattern.Text(ValueJson.string(JsonFields.required(object, "Literal"))));
      } else {
        throw new CedarParseException(
            part.span(), "not a part of a pattern", "write \"Wildcard\" or {\"Literal\": \"…\"}");
      }
    }
    return new LikePattern(parts);
  }
}
