package io.margay.cedar.validate;

import io.margay.cedar.schema.Schema;
import io.margay.cedar.schema.Type;
import io.margay.cedar.schema.Type.Simple;
import io.margay.cedar.validate.TypeLattice.Bound;
import io.margay.cedar.value.BoolValue;
import io.margay.cedar.value.DatetimeValue;
import io.margay.cedar.value.DecimalValue;
import io.margay.cedar.value.DurationValue;
import io.margay.cedar.value.EntityUid;
import io.margay.cedar.value.IpValue;
import io.margay.cedar.value.LongValue;
import io.margay.cedar.value.RecordValue;
import io.margay.cedar.value.SetValue;
import io.margay.cedar.value.StringValue;
import io.margay.cedar.value.Value;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The types of values. */
final class LiteralTypes {
  private LiteralTypes() {}

  /** Null for entities that the schema does not know, and for sets that mix types. */
  static @Nullable Type of(Value value, EnvironmentChecker checker) {
    return of(value, checker.schema, checker.lattice);
  }

  private static @Nullable Type of(Value value, Schema schema, TypeLattice lattice) {
    return switch (value) {
      case BoolValue(boolean truth) -> truth ? Simple.TRUE : Simple.FALSE;
      case LongValue _ -> Simple.LONG;
      case StringValue _ -> Simple.STRING;
      case EntityUid uid -> entity(uid, schema);
      case DecimalValue _ -> Type.Extension.DECIMAL;
      case IpValue _ -> Type.Extension.IPADDR;
      case DatetimeValue _ -> Type.Extension.DATETIME;
      case DurationValue _ -> Type.Extension.DURATION;
      case SetValue set -> set(set, schema, lattice);
      case RecordValue record -> record(record, schema, lattice);
    };
  }

  private static @Nullable Type entity(EntityUid uid, Schema schema) {
    boolean known =
        uid.type().isAction() ? schema.action(uid) != null : schema.entityType(uid.type()) != null;
    return known ? Type.Entity.of(uid.type()) : null;
  }

  private static @Nullable Type set(SetValue set, Schema schema, TypeLattice lattice) {
    Type element = Simple.NEVER;
    for (Value value : set.elements()) {
      Type type = of(value, schema, lattice);
      if (type == null || !(lattice.upperBound(element, type) instanceof Bound.Found(Type bound))) {
        return null;
      }
      element = bound;
    }
    return new Type.SetOf(element);
  }

  private static @Nullable Type record(RecordValue record, Schema schema, TypeLattice lattice) {
    SortedMap<String, Type.Attribute> attributes = new TreeMap<>();
    for (Map.Entry<String, Value> entry : record.attributes().entrySet()) {
      Type type = of(entry.getValue(), schema, lattice);
      if (type == null) {
        return null;
      }
      attributes.put(entry.getKey(), new Type.Attribute(type, true));
    }
    return Type.Record.closed(attributes);
  }
}
