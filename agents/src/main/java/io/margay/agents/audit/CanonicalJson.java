package io.margay.agents.audit;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;

/**
 * Writes JSON in the one form in which it is hashed: members sorted by name, no white space,
 * strings as in RFC 8785. Numbers are integers in records; elsewhere they stay as they came.
 */
public final class CanonicalJson {
  private static final String HEX = "0123456789abcdef";

  private final StringBuilder text = new StringBuilder(1024);

  /** The last member's name of each open object; members have to come in order. */
  private final Deque<String> names = new ArrayDeque<>();

  /** The canonical form of a value. */
  public static String of(JsonNode value) {
    CanonicalJson json = new CanonicalJson();
    json.value(value);
    return json.toString();
  }

  CanonicalJson begin() {
    text.append('{');
    names.push("");
    return this;
  }

  CanonicalJson end() {
    text.append('}');
    names.pop();
    return this;
  }

  /** Begins a member. */
  CanonicalJson name(String name) {
    String last = names.pop();
    if (last.compareTo(name) >= 0 && !(last.isEmpty() && isFirst())) {
      throw new IllegalStateException("member " + name + " after " + last + ": not in order");
    }
    if (!isFirst()) {
      text.append(',');
    }
    names.push(name);
    quoted(name);
    text.append(':');
    return this;
  }

  private boolean isFirst() {
    return text.charAt(text.length() - 1) == '{';
  }

  CanonicalJson member(String name, String value) {
    name(name);
    quoted(value);
    return this;
  }

  CanonicalJson member(String name, long value) {
    name(name);
    text.append(value);
    return this;
  }

  CanonicalJson member(String name, List<String> values) {
    name(name);
    text.append('[');
    String separator = "";
    for (String value : values) {
      text.append(separator);
      quoted(value);
      separator = ",";
    }
    text.append(']');
    return this;
  }

  private void value(JsonNode value) {
    switch (value.getNodeType()) {
      case OBJECT -> {
        begin();
        List<String> sorted = new ArrayList<>();
        value.fieldNames().forEachRemaining(sorted::add);
        Collections.sort(sorted);
        for (String name : sorted) {
          name(name);
          value(value.path(name));
        }
        end();
      }
      case ARRAY -> {
        text.append('[');
        for (int i = 0; i < value.size(); i++) {
          text.append(i == 0 ? "" : ",");
          value(value.path(i));
        }
        text.append(']');
      }
      case STRING, BINARY -> quoted(value.asText());
      case NUMBER, BOOLEAN -> text.append(value.asText());
      case NULL, MISSING -> text.append("null");
      case POJO -> throw new IllegalArgumentException("an object of Java's is no JSON");
    }
  }

  private void quoted(String value) {
    text.append('"');
    // Nearly all strings need no escapes: text goes over in runs, not character by character.
    int copied = 0;
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c < ' ' || c == '"' || c == '\\') {
        text.append(value, copied, i);
        escaped(c);
        copied = i + 1;
      }
    }
    text.append(value, copied, value.length()).append('"');
  }

  private void escaped(char c) {
    switch (c) {
      case '"' -> text.append("\\\"");
      case '\\' -> text.append("\\\\");
      case '\b' -> text.append("\\b");
      case '\t' -> text.append("\\t");
      case '\n' -> text.append("\\n");
      case '\f' -> text.append("\\f");
      case '\r' -> text.append("\\r");
      default -> text.append("\\u00").append(HEX.charAt(c >> 4)).append(HEX.charAt(c & 15));
    }
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
