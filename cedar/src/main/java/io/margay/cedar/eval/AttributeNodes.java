package io.margay.cedar.eval;

import io.margay.cedar.ast.BinaryOperator;
import io.margay.cedar.ast.Expr;
import io.margay.cedar.ast.Span;
import io.margay.cedar.ast.Variable;
import io.margay.cedar.entity.StoredEntity;
import io.margay.cedar.value.EntityUid;
import io.margay.cedar.value.RecordValue;
import io.margay.cedar.value.StringValue;
import io.margay.cedar.value.Value;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Closures that look at attributes and tags. They also note what they look at, when asked to. */
final class AttributeNodes {
  private AttributeNodes() {}

  static Node get(Expr.GetAttribute get) {
    String attribute = RecordValue.name(get.attribute());
    Span span = get.span();
    if (isContext(get.target())) {
      return frame -> {
        frame.noteContext(attribute, frame.context.get(attribute));
        return Operations.recordAttribute(frame.context, attribute, span);
      };
    }
    Node target = NodeCompiler.compile(get.target());
    if (target instanceof EntityNode entity) {
      return frame -> {
        EntityUid uid = entity.uid(frame);
        StoredEntity stored = entity.stored(frame);
        if (frame.reads != null) {
          frame.noteAttribute(uid, attribute, attributeOf(stored, attribute));
        }
        return Operations.entityAttribute(uid, stored, attribute, span);
      };
    }
    return frame -> {
      Value value = target.value(frame);
      note(frame, value, attribute);
      return Operations.getAttribute(value, attribute, frame.entities, span);
    };
  }

  static BoolNode has(Expr.HasAttribute has) {
    List<String> path = has.path().stream().map(RecordValue::name).toList();
    Span span = has.span();
    boolean ofContext = isContext(has.target());
    Node target = NodeCompiler.compile(has.target());
    if (path.size() == 1 && target instanceof EntityNode entity) {
      String attribute = path.getFirst();
      return frame -> {
        Value value = attributeOf(entity.stored(frame), attribute);
        frame.noteAttribute(entity.uid(frame), attribute, value);
        return value != null;
      };
    }
    return frame -> {
      Value value = target.value(frame);
      for (int i = 0; i < path.size(); i++) {
        String attribute = path.get(i);
        if (ofContext && i == 0) {
          frame.noteContext(attribute, frame.context.get(attribute));
        } else {
          note(frame, value, attribute);
        }
        Value next = Operations.findAttribute(value, attribute, frame.entities, span);
        if (next == null) {
          return false;
        }
        value = next;
      }
      return true;
    };
  }

  static Node tag(Expr.Binary binary) {
    BinaryOperator operator = binary.operator();
    Span span = binary.span();
    Node left = NodeCompiler.compile(binary.left());
    Node right = NodeCompiler.compile(binary.right());
    Node node =
        frame -> {
          Value entity = left.value(frame);
          Value tag = right.value(frame);
          noteTag(frame, entity, tag);
          return Operations.binary(operator, entity, tag, frame.entities, span);
        };
    return operator == BinaryOperator.HAS_TAG
        ? (BoolNode) frame -> Types.bool(node.value(frame), span)
        : node;
  }

  private static boolean isContext(Expr expr) {
    return expr instanceof Expr.Var(Variable variable, _) && variable == Variable.CONTEXT;
  }

  private static @Nullable Value attributeOf(@Nullable StoredEntity stored, String attribute) {
    return stored == null ? null : stored.entity().attributes().get(attribute);
  }

  private static void note(Frame frame, Value target, String attribute) {
    if (frame.reads != null && target instanceof EntityUid uid) {
      frame.noteAttribute(uid, attribute, attributeOf(frame.entities.find(uid), attribute));
    }
  }

  private static void noteTag(Frame frame, Value target, Value tag) {
    if (frame.reads != null
        && target instanceof EntityUid uid
        && tag instanceof StringValue(String name)) {
      StoredEntity stored = frame.entities.find(uid);
      frame.noteTag(uid, name, stored == null ? null : stored.entity().tags().get(name));
    }
  }
}
