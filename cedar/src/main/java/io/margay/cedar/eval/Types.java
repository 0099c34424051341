package io.margay.cedar.eval;

import io.margay.cedar.ast.Span;
import io.margay.cedar.value.BoolValue;
import io.margay.cedar.value.DatetimeValue;
import io.margay.cedar.value.DecimalValue;
import io.margay.cedar.value.DurationValue;
import io.margay.cedar.value.EntityUid;
import io.margay.cedar.value.IpValue;
import io.margay.cedar.value.LongValue;
import io.margay.cedar.value.SetValue;
import io.margay.cedar.value.StringValue;
import io.margay.cedar.value.Value;

/** Takes values for what operators need them to be. All methods throw EvaluationException. */
final class Types {
  private Types() {}

  static boolean bool(Value value, Span span) {
    if (value instanceof BoolValue bool) {
      return bool.value();
    }
    throw expected("bool", value, span);
  }

  static long integer(Value value, Span span) {
    if (value instanceof LongValue number) {
      return number.value();
    }
    throw expected("long", value, span);
  }

  static String string(Value value, Span span) {
    if (value instanceof StringValue text) {
      return text.value();
    }
    throw expected("string", value, span);
  }

  static EntityUid entity(Value value, Span span) {
    if (value instanceof EntityUid uid) {
      return uid;
    }
    throw expected("entity", value, span);
  }

  static SetValue set(Value value, Span span) {
    if (value instanceof SetValue set) {
      return set;
    }
    throw expected("set", value, span);
  }

  static IpValue ip(Value value, Span span) {
    if (value instanceof IpValue ip) {
      return ip;
    }
    throw expected("ipaddr", value, span);
  }

  static DecimalValue decimal(Value value, Span span) {
    if (value instanceof DecimalValue decimal) {
      return decimal;
    }
    throw expected("decimal", value, span);
  }

  static DatetimeValue datetime(Value value, Span span) {
    if (value instanceof DatetimeValue datetime) {
      return datetime;
    }
    throw expected("datetime", value, span);
  }

  static DurationValue duration(Value value, Span span) {
    if (value instanceof DurationValue duration) {
      return duration;
    }
    throw expected("duration", value, span);
  }

  static EvaluationException expected(String types, Value value, Span span) {
    return new EvaluationException(
        span, "type error: expected " + types + ", got " + value.typeName());
  }
}
