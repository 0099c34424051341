package io.margay.cedar.conform;

import io.margay.cedar.schema.EntityTypeInfo;
import io.margay.cedar.schema.Schema;
import io.margay.cedar.schema.Type;
import io.margay.cedar.value.BoolValue;
import io.margay.cedar.value.CedarText;
import io.margay.cedar.value.DatetimeValue;
import io.margay.cedar.value.DecimalValue;
import io.margay.cedar.value.DurationValue;
import io.margay.cedar.value.EntityUid;
import io.margay.cedar.value.ExtensionValue;
import io.margay.cedar.value.IpValue;
import io.margay.cedar.value.LongValue;
import io.margay.cedar.value.RecordValue;
import io.margay.cedar.value.SetValue;
import io.margay.cedar.value.StringValue;
import io.margay.cedar.value.Value;
import java.util.Map;
import java.util.Optional;

/** Whether values are of the types that a schema declares, and the entities in them can exist. */
final class TypeConformance {
  /** A value that does not fit: where in the whole it is, and what is wrong with it. */
  record Mismatch(String path, String message, String suggestion) {
    Mismatch under(String name) {
      String step = CedarText.isIdentifier(name) ? "." + name : "[" + CedarText.quote(name) + "]";
      return new Mismatch(step + path, message, suggestion);
    }
  }

  private TypeConformance() {}

  /** The first mismatch in a value; empty where it is of the type. */
  static Optional<Mismatch> check(Value value, Type type, Schema schema) {
    boolean fits =
        switch (type) {
          case Type.Simple simple -> fits(value, simple);
          case Type.Extension extension -> fits(value, extension);
          case Type.Entity(var names) ->
              value instanceof EntityUid uid && names.contains(uid.type());
          case Type.SetOf _ -> value instanceof SetValue;
          case Type.Record _ -> value instanceof RecordValue;
        };
    if (!fits) {
      return Optional.of(
          new Mismatch("", "expected " + type + ", not the " + value.typeName() + " " + value, ""));
    }
    return switch (value) {
      case EntityUid uid -> unknown(uid, schema);
      case SetValue set when type instanceof Type.SetOf(Type element) ->
          set.elements().stream().flatMap(e -> check(e, element, schema).stream()).findFirst();
      case RecordValue record when type instanceof Type.Record expected ->
          check(record, expected, schema);
      case BoolValue _, LongValue _, StringValue _, ExtensionValue _, SetValue _, RecordValue _ ->
          Optional.empty();
    };
  }

  private static boolean fits(Value value, Type.Simple type) {
    return switch (type) {
      case BOOL -> value instanceof BoolValue;
      case TRUE -> value.equals(BoolValue.TRUE);
      case FALSE -> value.equals(BoolValue.FALSE);
      case LONG -> value instanceof LongValue;
      case STRING -> value instanceof StringValue;
      case ANY_ENTITY -> value instanceof EntityUid;
      case ANY_SET -> value instanceof SetValue;
      case NEVER -> false;
    };
  }

  private static boolean fits(Value value, Type.Extension type) {
    return switch (type) {
      case DECIMAL -> value instanceof DecimalValue;
      case IPADDR -> value instanceof IpValue;
      case DATETIME -> value instanceof DatetimeValue;
      case DURATION -> value instanceof DurationValue;
    };
  }

  static Optional<Mismatch> check(RecordValue record, Type.Record type, Schema schema) {
    for (Map.Entry<String, Type.Attribute> entry : type.attributes().entrySet()) {
      if (entry.getValue().required() && record.get(entry.getKey()) == null) {
        return Optional.of(
            new Mismatch(
                "",
                "the attribute " + CedarText.quote(entry.getKey()) + " is missing",
                "add it, of type " + entry.getValue().type()));
      }
    }
    for (Map.Entry<String, Value> entry : record.attributes().entrySet()) {
      Type.Attribute attribute = type.attributes().get(entry.getKey());
      if (attribute == null) {
        return Optional.of(
            new Mismatch(
                "",
                "the attribute " + CedarText.quote(entry.getKey()) + " is not in the schema",
                "remove it, or declare it"));
      }
      Optional<Mismatch> inner = check(entry.getValue(), attribute.type(), schema);
      if (inner.isPresent()) {
        return inner.map(mismatch -> mismatch.under(entry.getKey()));
      }
    }
    return Optional.empty();
  }

  /** An action that is not declared, or an id that an enumeration does not have. */
  static Optional<Mismatch> unknown(EntityUid uid, Schema schema) {
    if (uid.type().isAction()) {
      return schema.action(uid) != null
          ? Optional.empty()
          : Optional.of(new Mismatch("", uid + " is not an action of the schema", "declare it"));
    }
    EntityTypeInfo info = schema.entityType(uid.type());
    return info == null || info.mayHaveId(uid.id())
        ? Optional.empty()
        : Optional.of(
            new Mismatch(
                "",
                uid + " does not exist: " + uid.type() + " is an enumeration",
                "it has " + String.join(", ", info.ids().orElseThrow())));
  }
}
