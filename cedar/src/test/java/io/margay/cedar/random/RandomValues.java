package io.margay.cedar.random;

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
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * Random values of a small world, where things often meet: few names, few types, and the numbers
 * and texts where behaviour changes.
 */
public final class RandomValues {
  static final List<String> TYPES = List.of("User", "Group", "Doc", "N::Folder");
  static final List<String> IDS = List.of("a", "b", "c \"d\"\n", "🐾");
  static final List<String> ACTIONS = List.of("read", "write", "list", "all");
  static final List<String> TAGS = List.of("t1", "t 2", "n");
  static final List<String> STRINGS =
      List.of("", "a", "ab", "a*b", "aab", "é", "🐾x", "a\nb", "*", "\\", "t1", "10.0.0.1");
  static final List<Long> LONGS =
      List.of(0L, 1L, -1L, 2L, 3L, 10L, Long.MAX_VALUE, Long.MIN_VALUE, Long.MAX_VALUE / 2 + 1);
  static final List<String> IPS =
      List.of(
          "10.0.0.1",
          "10.0.0.0/8",
          "10.1.2.3/16",
          "127.0.0.1",
          "127.0.0.0/7",
          "224.0.0.1",
          "0.0.0.0/0",
          "::1",
          "::/0",
          "ff00::/8",
          "2001:db8::1/64",
          "1:2:3:4:5:6:7:8");
  static final List<String> BAD_IPS =
      List.of(
          "10.0.0",
          "10.0.0.256",
          "01.2.3.4",
          "1.2.3.4/33",
          "1.2.3.4/08",
          "::ffff:1.2.3.4",
          "1:2:3:4:5:6:7::8",
          "1::2::3",
          "g::",
          "",
          "1.2.3.4/",
          "12345::",
          " 1.2.3.4",
          ":::");
  static final List<String> DECIMALS =
      List.of(
          "0.0",
          "1.5",
          "-1.5",
          "-0.5",
          "12.3456",
          "922337203685477.5807",
          "-922337203685477.5808",
          "00.10");
  static final List<String> BAD_DECIMALS =
      List.of("1", "1.", ".5", "1.23456", "922337203685477.5808", "+1.0", "1.0\n", "--1.0", "");
  static final List<String> DATETIMES =
      List.of(
          "1970-01-01",
          "1969-12-31",
          "2026-11-27T19:30:00Z",
          "2026-11-27T19:30:00.250+0130",
          "2024-02-29",
          "0000-01-01",
          "9999-12-31T23:59:59.999-2359");
  static final List<String> BAD_DATETIMES =
      List.of(
          "2026-02-29",
          "2026-11-27T",
          "2026-11-27T24:00:00Z",
          "2026-11-27T19:30:00",
          "2026-11-27T19:30:60Z",
          "2026-11-27T19:30:00+2400",
          "2026-11-27Z",
          "1-1-1",
          "",
          "2026-11-27\n",
          "2026-11-27T19:30:00.25Z");
  static final List<String> DURATIONS =
      List.of(
          "1d",
          "-1d",
          "1h30m",
          "1ms",
          "-5ms",
          "1d2h3m4s5ms",
          "0s",
          "90m",
          "-9223372036854775808ms",
          "9223372036854775807ms");
  static final List<String> BAD_DURATIONS =
      List.of(
          "",
          "-",
          "1",
          "1m1h",
          "1d1d",
          "1.5h",
          "9223372036854775808ms",
          "106751991168d",
          "d",
          "1 d",
          "--1d",
          "1ms1s");

  private final RandomGenerator random;

  public RandomValues(RandomGenerator random) {
    this.random = random;
  }

  <T> T pick(List<T> items) {
    return items.get(random.nextInt(items.size()));
  }

  public EntityUid uid() {
    return EntityUid.of(pick(TYPES), pick(IDS));
  }

  public EntityUid action() {
    return EntityUid.of(random.nextInt(8) == 0 ? "N::Action" : "Action", pick(ACTIONS));
  }

  /** A value of a kind. */
  public Value value(Kind kind, int depth) {
    return switch (kind) {
      case BOOL -> BoolValue.of(random.nextBoolean());
      case LONG -> new LongValue(pick(LONGS));
      case STRING -> new StringValue(pick(STRINGS));
      case ENTITY -> uid();
      case SET -> {
        List<Value> elements = new ArrayList<>();
        Kind of = depth <= 0 ? Kind.LONG : pick(List.of(Kind.values()));
        for (int i = random.nextInt(4); i > 0; i--) {
          Kind one = random.nextInt(10) == 0 ? Kind.STRING : of;
          elements.add(value(one, depth - 1));
        }
        yield SetValue.of(elements);
      }
      case RECORD -> record(depth - 1);
      case IP -> IpValue.parse(pick(IPS)).orElseThrow();
      case DECIMAL -> DecimalValue.parse(pick(DECIMALS)).orElseThrow();
      case DATETIME -> DatetimeValue.parse(pick(DATETIMES)).orElseThrow();
      case DURATION -> DurationValue.parse(pick(DURATIONS)).orElseThrow();
    };
  }

  /** Attributes whose names say the kind of their values, nearly always. */
  public RecordValue record(int depth) {
    Map<String, Value> attributes = new LinkedHashMap<>();
    for (Kind kind : Kind.values()) {
      if (random.nextInt(10) < 6 && (depth > 0 || !kind.isNested())) {
        Kind actual = random.nextInt(12) == 0 ? Kind.LONG : kind;
        attributes.put(kind.attribute(), value(actual, depth - 1));
      }
    }
    return RecordValue.of(attributes);
  }

  /** The kinds of values, and the names of attributes that have them. */
  public enum Kind {
    BOOL("b"),
    LONG("n"),
    STRING("s"),
    ENTITY("owner"),
    SET("list"),
    RECORD("r"),
    IP("if"),
    DECIMAL("d e"),
    DATETIME("time"),
    DURATION("span");

    private final String attribute;

    Kind(String attribute) {
      this.attribute = attribute;
    }

    public String attribute() {
      return attribute;
    }

    boolean isNested() {
      return this == SET || this == RECORD;
    }
  }
}
