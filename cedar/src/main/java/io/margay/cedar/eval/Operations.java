package io.margay.cedar.eval;

import io.margay.cedar.ast.BinaryOperator;
import io.margay.cedar.ast.LikePattern;
import io.margay.cedar.ast.Span;
import io.margay.cedar.ast.UnaryOperator;
import io.margay.cedar.entity.Entities;
import io.margay.cedar.entity.StoredEntity;
import io.margay.cedar.value.BoolValue;
import io.margay.cedar.value.DatetimeValue;
import io.margay.cedar.value.DurationValue;
import io.margay.cedar.value.EntityUid;
import io.margay.cedar.value.LongValue;
import io.margay.cedar.value.RecordValue;
import io.margay.cedar.value.SetValue;
import io.margay.cedar.value.Value;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What operators do with values: the one place for Cedar's semantics, used by compiled policies and
 * by partial evaluation. All methods throw {@link EvaluationException}.
 */
public final class Operations {
  private Operations() {}

  public static Value unary(UnaryOperator operator, Value operand, Span span) {
    return switch (operator) {
      case NOT -> BoolValue.of(!Types.bool(operand, span));
      case NEGATE -> new LongValue(negate(Types.integer(operand, span), span));
      case IS_EMPTY -> BoolValue.of(Types.set(operand, span).elements().isEmpty());
    };
  }

  public static Value binary(
      BinaryOperator operator, Value left, Value right, Entities entities, Span span) {
    return switch (operator) {
      case EQUAL -> BoolValue.of(left.equals(right));
      case NOT_EQUAL -> BoolValue.of(!left.equals(right));
      case LESS, LESS_EQUAL, GREATER, GREATER_EQUAL ->
          BoolValue.of(compare(operator, left, right, span));
      case ADD, SUBTRACT, MULTIPLY ->
          new LongValue(
              arithmetic(operator, Types.integer(left, span), Types.integer(right, span), span));
      case IN -> BoolValue.of(in(left, right, entities, span));
      case CONTAINS -> BoolValue.of(Types.set(left, span).elements().contains(right));
      case CONTAINS_ALL -> {
        Set<Value> all = Types.set(left, span).elements();
        yield BoolValue.of(all.containsAll(Types.set(right, span).elements()));
      }
      case CONTAINS_ANY -> {
        Set<Value> some = Types.set(left, span).elements();
        yield BoolValue.of(!Collections.disjoint(some, Types.set(right, span).elements()));
      }
      case GET_TAG -> getTag(left, right, entities, span);
      case HAS_TAG -> {
        StoredEntity entity = entities.find(Types.entity(left, span));
        String tag = Types.string(right, span);
        yield BoolValue.of(entity != null && entity.entity().tags().get(tag) != null);
      }
    };
  }

  /** One of the four orders, for two integers, two times or two durations. */
  static boolean compare(BinaryOperator operator, Value left, Value right, Span span) {
    if (left instanceof LongValue(long a)) {
      return holds(operator, Long.compare(a, Types.integer(right, span)));
    }
    if (left instanceof DatetimeValue a) {
      return holds(operator, a.compareTo(Types.datetime(right, span)));
    }
    if (left instanceof DurationValue a) {
      return holds(operator, a.compareTo(Types.duration(right, span)));
    }
    throw Types.expected("long, datetime or duration", left, span);
  }

  /**
   * @param order of two values, as by {@link Comparable}
   */
  static boolean holds(BinaryOperator operator, int order) {
    return switch (operator) {
      case LESS -> order < 0;
      case LESS_EQUAL -> order <= 0;
      case GREATER -> order > 0;
      case GREATER_EQUAL -> order >= 0;
      default -> throw new IllegalArgumentException(operator + " is no order");
    };
  }

  static long arithmetic(BinaryOperator operator, long left, long right, Span span) {
    try {
      return switch (operator) {
        case ADD -> Math.addExact(left, right);
        case SUBTRACT -> Math.subtractExact(left, right);
        case MULTIPLY -> Math.multiplyExact(left, right);
        default -> throw new IllegalArgumentException(operator + " is not arithmetic");
      };
    } catch (ArithmeticException e) {
      throw new EvaluationException(
          span, "integer overflow: " + left + " " + operator.text() + " " + right);
    }
  }

  static long negate(long number, Span span) {
    try {
      return Math.negateExact(number);
    } catch (ArithmeticException e) {
      throw new EvaluationException(span, "integer overflow: -(" + number + ")");
    }
  }

  static boolean in(Value left, Value right, Entities entities, Span span) {
    EntityUid uid = Types.entity(left, span);
    if (right instanceof EntityUid ancestor) {
      return in(uid, entities.find(uid), ancestor);
    }
    if (!(right instanceof SetValue(Set<Value> elements))) {
      throw Types.expected("entity or set of entities", right, span);
    }
    StoredEntity entity = entities.find(uid);
    boolean found = false;
    for (Value element : elements) {
      // Every element has to be an entity, also those behind one that matches.
      found |= in(uid, entity, Types.entity(element, span));
    }
    return found;
  }

  /**
   * Cedar's {@code in} for one entity.
   *
   * @param entity the one of the uid, null when it does not exist
   */
  public static boolean in(EntityUid uid, @Nullable StoredEntity entity, EntityUid ancestor) {
    return uid.equals(ancestor) || (entity != null && entity.ancestors().contains(ancestor));
  }

  public static Value getAttribute(Value target, String attribute, Entities entities, Span span) {
    if (target instanceof RecordValue record) {
      return recordAttribute(record, attribute, span);
    }
    if (target instanceof EntityUid uid) {
      return entityAttribute(uid, entities.find(uid), attribute, span);
    }
    throw Types.expected("record or entity", target, span);
  }

  /** Whether every prefix of a path of attributes exists. */
  public static boolean hasAttributes(
      Value target, List<String> path, Entities entities, Span span) {
    Value value = target;
    for (String attribute : path) {
      Value next = findAttribute(value, attribute, entities, span);
      if (next == null) {
        return false;
      }
      value = next;
    }
    return true;
  }

  /** Whether a text fits a pattern. */
  public static Value like(Value value, LikePattern pattern, Span span) {
    return BoolValue.of(new LikeMatcher(pattern).matches(Types.string(value, span)));
  }

  /** The truth of a value that has to be true or false. */
  public static boolean isTrue(Value value, Span span) {
    return Types.bool(value, span);
  }

  /** The entity that a value has to be. */
  public static EntityUid entity(Value value, Span span) {
    return Types.entity(value, span);
  }

  static Value recordAttribute(RecordValue record, String attribute, Span span) {
    Value value = record.get(attribute);
    if (value == null) {
      throw new EvaluationException(span, "record has no attribute `" + attribute + "`");
    }
    return value;
  }

  static Value entityAttribute(
      EntityUid uid, @Nullable StoredEntity entity, String attribute, Span span) {
    if (entity == null) {
      throw doesNotExist(uid, span);
    }
    Value value = entity.entity().attributes().get(attribute);
    if (value == null) {
      throw new EvaluationException(span, "`" + uid + "` has no attribute `" + attribute + "`");
    }
    return value;
  }

  /** The attribute's value; null when it, or the entity, does not exist. */
  static @Nullable Value findAttribute(
      Value target, String attribute, Entities entities, Span span) {
    RecordValue attributes = attributesOf(target, entities, span);
    return attributes == null ? null : attributes.get(attribute);
  }

  /** The attributes of a record or an entity; null when the entity does not exist. */
  private static @Nullable RecordValue attributesOf(Value value, Entities entities, Span span) {
    if (value instanceof RecordValue record) {
      return record;
    }
    if (value instanceof EntityUid uid) {
      StoredEntity entity = entities.find(uid);
      return entity == null ? null : entity.entity().attributes();
    }
    throw Types.expected("record or entity", value, span);
  }

  private static Value getTag(Value left, Value right, Entities entities, Span span) {
    EntityUid uid = Types.entity(left, span);
    String tag = Types.string(right, span);
    StoredEntity entity = entities.find(uid);
    if (entity == null) {
      throw doesNotExist(uid, span);
    }
    Value value = entity.entity().tags().get(tag);
    if (value == null) {
      throw new EvaluationException(span, "`" + uid + "` has no tag `" + tag + "`");
    }
    return value;
  }

  private static EvaluationException doesNotExist(EntityUid uid, Span span) {
    return new EvaluationException(span, "entity `" + uid + "` does not exist");
  }
}
