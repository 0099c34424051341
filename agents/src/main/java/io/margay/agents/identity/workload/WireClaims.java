package io.margay.agents.identity.workload;

import com.google.protobuf.ListValue;
import com.google.protobuf.NullValue;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** JSON values as protobuf has them. */
final class WireClaims {
  private WireClaims() {}

  static Struct struct(Map<?, ?> values) {
    Struct.Builder struct = Struct.newBuilder();
    values.forEach((name, value) -> struct.putFields(String.valueOf(name), value(value)));
    return struct.build();
  }

  private static Value value(@Nullable Object value) {
    Value.Builder wire = Value.newBuilder();
    return switch (value) {
      case null -> wire.setNullValue(NullValue.NULL_VALUE).build();
      case String text -> wire.setStringValue(text).build();
      case Number number -> wire.setNumberValue(number.doubleValue()).build();
      case Boolean bool -> wire.setBoolValue(bool).build();
      case Map<?, ?> map -> wire.setStructValue(struct(map)).build();
      case List<?> list -> {
        ListValue.Builder values = ListValue.newBuilder();
        list.forEach(one -> values.addValues(value(one)));
        yield wire.setListValue(values).build();
      }
      default -> throw new IllegalArgumentException("not a JSON value: " + value.getClass());
    };
  }
}
