package io.margay.cedar.eval;

import io.margay.cedar.ast.Expr;
import io.margay.cedar.ast.LikePattern;
import io.margay.cedar.ast.Span;
import io.margay.cedar.ast.UnaryOperator;
import io.margay.cedar.ast.Variable;
import io.margay.cedar.entity.StoredEntity;
import io.margay.cedar.value.BoolValue;
import io.margay.cedar.value.EntityType;
import io.margay.cedar.value.EntityUid;
import io.margay.cedar.value.LongValue;
import io.margay.cedar.value.RecordValue;
import io.margay.cedar.value.SetValue;
import io.margay.cedar.value.Value;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Turns expressions into closures. What depends on nothing is evaluated now, and what can only be
 * true or false, or an integer, gets a closure that makes no object of it.
 */
final class NodeCompiler {
  private static final EntityNode PRINCIPAL =
      new EntityNode() {
        @Override
        public EntityUid uid(Frame frame) {
          return frame.principal;
        }

        @Override
        public @Nullable StoredEntity stored(Frame frame) {
          return frame.principalEntity;
        }
      };

  private static final EntityNode ACTION =
      new EntityNode() {
        @Override
        public EntityUid uid(Frame frame) {
          return frame.action;
        }

        @Override
        public @Nullable StoredEntity stored(Frame frame) {
          return frame.actionEntity;
        }
      };

  private static final EntityNode RESOURCE =
      new EntityNode() {
        @Override
        public EntityUid uid(Frame frame) {
          return frame.resource;
        }

        @Override
        public @Nullable StoredEntity stored(Frame frame) {
          return frame.resourceEntity;
        }
      };

  private static final Node CONTEXT = frame -> frame.context;

  private NodeCompiler() {}

  static Node compile(Expr expr) {
    return switch (expr) {
      case Expr.Literal(Value value, _) -> new ConstantNode(value);
      case Expr.Var(Variable variable, _) -> variable(variable);
      case Expr.SlotRef slot ->
          throw new IllegalArgumentException("slots stand in scopes only: " + slot.slot().text());
      case Expr.If conditional -> conditional(conditional);
      case Expr.And(List<Expr> operands, _) -> and(operands);
      case Expr.Or(List<Expr> operands, _) -> or(operands);
      case Expr.Unary unary -> unary(unary);
      case Expr.Binary binary -> BinaryNodes.compile(binary);
      case Expr.Call call -> call(call);
      case Expr.GetAttribute get -> AttributeNodes.get(get);
      case Expr.HasAttribute has -> AttributeNodes.has(has);
      case Expr.Like(Expr target, LikePattern pattern, Span span) -> like(target, pattern, span);
      case Expr.Is is -> is(is);
      case Expr.SetOf set -> set(set);
      case Expr.RecordOf record -> record(record);
    };
  }

  /** A closure for an expression that has to be true or false. */
  static BoolNode bool(Expr expr) {
    Node node = compile(expr);
    if (node instanceof BoolNode bool) {
      return bool;
    }
    if (node instanceof ConstantNode(BoolValue(boolean constant))) {
      return _ -> constant;
    }
    Span span = expr.span();
    return frame -> Types.bool(node.value(frame), span);
  }

  /** A closure for an expression that has to be an integer. */
  static LongNode number(Expr expr) {
    return asNumber(compile(expr), expr.span());
  }

  static LongNode asNumber(Node node, Span span) {
    if (node instanceof LongNode number) {
      return number;
    }
    if (node instanceof ConstantNode(LongValue(long constant))) {
      return _ -> constant;
    }
    return frame -> Types.integer(node.value(frame), span);
  }

  /** Whether an expression's value is an integer if it has one. */
  static boolean isNumber(Node node) {
    return node instanceof LongNode || node instanceof ConstantNode(LongValue _);
  }

  /** A closure that does now, and once, what depends on constants only. */
  static Node constant(Node node) {
    try {
      return new ConstantNode(node.value(new Frame()));
    } catch (EvaluationException e) {
      return _ -> {
        throw e;
      };
    }
  }

  private static Node variable(Variable variable) {
    return switch (variable) {
      case PRINCIPAL -> PRINCIPAL;
      case ACTION -> ACTION;
      case RESOURCE -> RESOURCE;
      case CONTEXT -> CONTEXT;
    };
  }

  private static Node conditional(Expr.If conditional) {
    BoolNode condition = bool(conditional.condition());
    Node then = compile(conditional.then());
    Node otherwise = compile(conditional.otherwise());
    if (then instanceof BoolNode a && otherwise instanceof BoolNode b) {
      return (BoolNode) frame -> condition.test(frame) ? a.test(frame) : b.test(frame);
    }
    return frame -> condition.test(frame) ? then.value(frame) : otherwise.value(frame);
  }

  private static BoolNode and(List<Expr> operands) {
    return all(bools(operands));
  }

  /** A closure that is true when all are; evaluated from the left until one is false. */
  static BoolNode all(BoolNode[] nodes) {
    if (nodes.length == 1) {
      return nodes[0];
    }
    if (nodes.length == 2) {
      BoolNode left = nodes[0];
      BoolNode right = nodes[1];
      return frame -> left.test(frame) && right.test(frame);
    }
    return frame -> {
      for (BoolNode node : nodes) {
        if (!node.test(frame)) {
          return false;
        }
      }
      return true;
    };
  }

  private static BoolNode or(List<Expr> operands) {
    BoolNode[] nodes = bools(operands);
    if (nodes.length == 2) {
      BoolNode left = nodes[0];
      BoolNode right = nodes[1];
      return frame -> left.test(frame) || right.test(frame);
    }
    return frame -> {
      for (BoolNode node : nodes) {
        if (node.test(frame)) {
          return true;
        }
      }
      return false;
    };
  }

  private static BoolNode[] bools(List<Expr> operands) {
    return operands.stream().map(NodeCompiler::bool).toArray(BoolNode[]::new);
  }

  private static Node unary(Expr.Unary unary) {
    Span span = unary.span();
    return switch (unary.operator()) {
      case NOT -> {
        BoolNode operand = bool(unary.operand());
        yield (BoolNode) frame -> !operand.test(frame);
      }
      case NEGATE -> {
        LongNode operand = number(unary.operand());
        yield (LongNode) frame -> Operations.negate(operand.number(frame), span);
      }
      case IS_EMPTY -> {
        Node operand = compile(unary.operand());
        yield (BoolNode)
            frame ->
                Types.bool(
                    Operations.unary(UnaryOperator.IS_EMPTY, operand.value(frame), span), span);
      }
    };
  }

  private static Node call(Expr.Call call) {
    Node[] arguments = nodes(call.arguments());
    Node node =
        frame -> {
          Value[] values = new Value[arguments.length];
          for (int i = 0; i < values.length; i++) {
            values[i] = arguments[i].value(frame);
          }
          return ExtensionCalls.call(call.function(), values, call.span());
        };
    return areConstant(arguments) ? constant(node) : node;
  }

  private static BoolNode like(Expr target, LikePattern pattern, Span span) {
    Node node = compile(target);
    LikeMatcher matcher = new LikeMatcher(pattern);
    return frame -> matcher.matches(Types.string(node.value(frame), span));
  }

  private static BoolNode is(Expr.Is is) {
    EntityType type = is.type();
    Span span = is.span();
    Node target = compile(is.target());
    BoolNode test = frame -> Types.entity(target.value(frame), span).type().equals(type);
    if (is.ancestor().isEmpty()) {
      return test;
    }
    BoolNode in = BinaryNodes.in(target, compile(is.ancestor().get()), span);
    return frame -> test.test(frame) && in.test(frame);
  }

  private static Node set(Expr.SetOf set) {
    Node[] elements = nodes(set.elements());
    Node node =
        frame -> {
          List<Value> values = new ArrayList<>(elements.length);
          for (Node element : elements) {
            values.add(element.value(frame));
          }
          return SetValue.of(values);
        };
    return areConstant(elements) ? constant(node) : node;
  }

  private static Node record(Expr.RecordOf record) {
    List<String> names = record.fields().stream().map(Expr.Field::name).toList();
    Node[] fields = nodes(record.fields().stream().map(Expr.Field::value).toList());
    Node node =
        frame -> {
          Map<String, Value> values = LinkedHashMap.newLinkedHashMap(fields.length);
          for (int i = 0; i < fields.length; i++) {
            values.put(names.get(i), fields[i].value(frame));
          }
          return RecordValue.of(values);
        };
    return areConstant(fields) ? constant(node) : node;
  }

  private static Node[] nodes(List<Expr> exprs) {
    return exprs.stream().map(NodeCompiler::compile).toArray(Node[]::new);
  }

  private static boolean areConstant(Node[] nodes) {
    for (Node node : nodes) {
      if (!(node instanceof ConstantNode)) {
        return false;
      }
    }
    return true;
  }
}
