package io.margay.cedar.eval;

import io.margay.cedar.ast.BinaryOperator;
import io.margay.cedar.ast.Expr;
import io.margay.cedar.ast.Span;
import io.margay.cedar.entity.StoredEntity;
import io.margay.cedar.value.EntityUid;
import io.margay.cedar.value.SetValue;
import io.margay.cedar.value.Value;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Closures for operators with two operands; the common shapes get their own. */
final class BinaryNodes {
  private BinaryNodes() {}

  static Node compile(Expr.Binary binary) {
    Span span = binary.span();
    BinaryOperator operator = binary.operator();
    return switch (operator) {
      case EQUAL -> equal(binary);
      case NOT_EQUAL -> {
        BoolNode equal = equal(binary);
        yield (BoolNode) frame -> !equal.test(frame);
      }
      case LESS, LESS_EQUAL, GREATER, GREATER_EQUAL -> order(binary);
      case ADD, SUBTRACT, MULTIPLY -> {
        LongNode left = NodeCompiler.number(binary.left());
        LongNode right = NodeCompiler.number(binary.right());
        yield (LongNode)
            frame -> Operations.arithmetic(operator, left.number(frame), right.number(frame), span);
      }
      case IN ->
          in(NodeCompiler.compile(binary.left()), NodeCompiler.compile(binary.right()), span);
      case CONTAINS -> contains(binary);
      case CONTAINS_ALL, CONTAINS_ANY -> {
        Node left = NodeCompiler.compile(binary.left());
        Node right = NodeCompiler.compile(binary.right());
        yield (BoolNode)
            frame ->
                Types.bool(
                    Operations.binary(
                        operator, left.value(frame), right.value(frame), frame.entities, span),
                    span);
      }
      case GET_TAG, HAS_TAG -> AttributeNodes.tag(binary);
    };
  }

  private static BoolNode equal(Expr.Binary binary) {
    Node left = NodeCompiler.compile(binary.left());
    Node right = NodeCompiler.compile(binary.right());
    if (left instanceof EntityNode entity && right instanceof ConstantNode(EntityUid uid)) {
      return frame -> entity.uid(frame).equals(uid);
    }
    if (right instanceof ConstantNode(Value constant)) {
      return frame -> constant.equals(left.value(frame));
    }
    if (left instanceof ConstantNode(Value constant)) {
      return frame -> constant.equals(right.value(frame));
    }
    return frame -> left.value(frame).equals(right.value(frame));
  }

  private static BoolNode order(Expr.Binary binary) {
    BinaryOperator operator = binary.operator();
    Span span = binary.span();
    Node left = NodeCompiler.compile(binary.left());
    Node right = NodeCompiler.compile(binary.right());
    if (NodeCompiler.isNumber(left) || NodeCompiler.isNumber(right)) {
      // One side is an integer, so that the other one has to be one too.
      LongNode a = NodeCompiler.asNumber(left, binary.left().span());
      LongNode b = NodeCompiler.asNumber(right, binary.right().span());
      return frame -> Operations.holds(operator, Long.compare(a.number(frame), b.number(frame)));
    }
    return frame -> Operations.compare(operator, left.value(frame), right.value(frame), span);
  }

  static BoolNode in(Node left, Node right, Span span) {
    if (left instanceof EntityNode entity) {
      if (right instanceof ConstantNode(EntityUid uid)) {
        return frame -> Operations.in(entity.uid(frame), entity.stored(frame), uid);
      }
      if (right instanceof ConstantNode(SetValue(Set<Value> elements))
          && elements.stream().allMatch(EntityUid.class::isInstance)) {
        EntityUid[] uids = elements.toArray(EntityUid[]::new);
        return frame -> isInAny(entity.uid(frame), entity.stored(frame), uids);
      }
    }
    return frame -> Operations.in(left.value(frame), right.value(frame), frame.entities, span);
  }

  private static boolean isInAny(
      EntityUid uid, @Nullable StoredEntity stored, EntityUid[] ancestors) {
    for (EntityUid ancestor : ancestors) {
      if (Operations.in(uid, stored, ancestor)) {
        return true;
      }
    }
    return false;
  }

  private static BoolNode contains(Expr.Binary binary) {
    Node left = NodeCompiler.compile(binary.left());
    Node right = NodeCompiler.compile(binary.right());
    Span span = binary.span();
    if (left instanceof ConstantNode(SetValue(Set<Value> elements))) {
      return frame -> elements.contains(right.value(frame));
    }
    return frame -> {
      Value set = left.value(frame);
      Value element = right.value(frame);
      return Types.set(set, span).elements().contains(element);
    };
  }
}
