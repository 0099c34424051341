package io.margay.cedar.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.margay.cedar.ast.Expr;
import io.margay.cedar.ast.LikePattern;
import io.margay.cedar.ast.UnaryOperator;
import java.util.List;

/** Writes expressions as JSON. */
final class ExprJsonWriter {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private ExprJsonWriter() {}

  static ObjectNode write(Expr expr) {
    return switch (expr) {
      case Expr.Literal literal -> operator("Value", ValueJson.write(literal.value()));
      case Expr.Var variable -> operator("Var", NODES.textNode(variable.variable().text()));
      case Expr.SlotRef slot -> operator("Slot", NODES.textNode(slot.slot().text()));
      case Expr.If conditional -> {
        ObjectNode sides = NODES.objectNode();
        sides.set("if", write(conditional.condition()));
        sides.set("then", write(conditional.then()));
        sides.set("else", write(conditional.otherwise()));
        yield operator("if-then-else", sides);
      }
      case Expr.And and -> chain("&&", and.operands());
      case Expr.Or or -> chain("||", or.operands());
      case Expr.Unary unary ->
          operator(
              unary.operator() == UnaryOperator.NEGATE ? "neg" : unary.operator().text(),
              NODES.objectNode().set("arg", write(unary.operand())));
      case Expr.Binary binary ->
          operator(binary.operator().text(), sides(write(binary.left()), write(binary.right())));
      case Expr.Call call -> operator(call.function().text(), list(call.arguments()));
      case Expr.GetAttribute get -> attribute(".", get.target(), get.attribute());
      case Expr.HasAttribute has -> has(has);
      case Expr.Like like -> {
        ObjectNode sides = NODES.objectNode();
        sides.set("left", write(like.target()));
        sides.set("pattern", pattern(like.pattern()));
        yield operator("like", sides);
      }
      case Expr.Is is -> {
        ObjectNode sides = NODES.objectNode();
        sides.set("left", write(is.target()));
        sides.put("entity_type", is.type().name());
        is.ancestor().ifPresent(ancestor -> sides.set("in", write(ancestor)));
        yield operator("is", sides);
      }
      case Expr.SetOf set -> operator("Set", list(set.elements()));
      case Expr.RecordOf record -> {
        ObjectNode fields = NODES.objectNode();
        record.fields().forEach(field -> fields.set(field.name(), write(field.value())));
        yield operator("Record", fields);
      }
    };
  }

  private static ObjectNode operator(String name, JsonNode body) {
    ObjectNode node = NODES.objectNode();
    node.set(name, body);
    return node;
  }

  private static ObjectNode sides(JsonNode left, JsonNode right) {
    ObjectNode sides = NODES.objectNode();
    sides.set("left", left);
    sides.set("right", right);
    return sides;
  }

  /** The format knows two sides only: chains nest to the left. */
  private static ObjectNode chain(String operator, List<Expr> operands) {
    ObjectNode left = write(operands.getFirst());
    for (Expr operand : operands.subList(1, operands.size())) {
      left = operator(operator, sides(left, write(operand)));
    }
    return left;
  }

  private static ArrayNode list(List<Expr> exprs) {
    ArrayNode array = NODES.arrayNode();
    exprs.forEach(expr -> array.add(write(expr)));
    return array;
  }

  private static ObjectNode attribute(String operator, Expr target, String name) {
    ObjectNode sides = NODES.objectNode();
    sides.set("left", write(target));
    sides.put("attr", name);
    return operator(operator, sides);
  }

  /** A path as a chain of steps, which readers of every version know. */
  private static ObjectNode has(Expr.HasAttribute has) {
    Expr target = has.target();
    ObjectNode all = null;
    for (String name : has.path()) {
      ObjectNode step = attribute("has", target, name);
      all = all == null ? step : operator("&&", sides(all, step));
      target = new Expr.GetAttribute(target, name, has.span());
    }
    return all == null ? NODES.objectNode() : all;
  }

  private static ArrayNode pattern(LikePattern pattern) {
    ArrayNode parts = NODES.arrayNode();
    for (LikePattern.Part part : pattern.parts()) {
      switch (part) {
        case LikePattern.Wildcard _ -> parts.add("Wildcard");
        case LikePattern.Text(String text) -> parts.addObject().put("Literal", text);
      }
    }
    return parts;
  }
}
