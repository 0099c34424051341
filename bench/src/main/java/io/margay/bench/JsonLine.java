package io.margay.bench;

import java.util.Locale;
import java.util.StringJoiner;

/**
 * One result as a line of JSON. Names and texts are the benchmarks' own: nothing needs escaping.
 */
public final class JsonLine {
  private final StringJoiner fields = new StringJoiner(", ", "{", "}");

  public static JsonLine of(String benchmark, String result) {
    return new JsonLine().text("bench", benchmark).text("result", result);
  }

  public JsonLine text(String name, String value) {
    fields.add("\"" + name + "\": \"" + value + "\"");
    return this;
  }

  public JsonLine number(String name, long value) {
    fields.add("\"" + name + "\": " + value);
    return this;
  }

  /** With three digits behind the point, or three that count: nothing is measured more exactly. */
  public JsonLine number(String name, double value) {
    String format = value != 0 && Math.abs(value) < 0.01 ? "\"%s\": %.2e" : "\"%s\": %.3f";
    fields.add(String.format(Locale.ROOT, format, name, value));
    return this;
  }

  @Override
  public String toString() {
    return fields.toString();
  }
}
