package io.margay.cedar.json;

import io.margay.cedar.ast.Span;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A JSON value and where it stands. Trees are at most {@link JsonTrees#MAX_DEPTH} deep. */
public sealed interface JsonTree {
  Span span();

  /** What it is, for messages: {@code an object}, {@code a number}. */
  String what();

  /** An object; no key is there twice. */
  record Obj(Map<String, JsonTree> fields, Span span) implements JsonTree {
    public Obj {
      fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
    }

    /** The value of a key; null where it is not there. */
    public @Nullable JsonTree get(String key) {
      return fields.get(key);
    }

    @Override
    public String what() {
      return "an object";
    }
  }

  record Arr(List<JsonTree> elements, Span span) implements JsonTree {
    public Arr {
      elements = List.copyOf(elements);
    }

    @Override
    public String what() {
      return "a list";
    }
  }

  record Str(String text, Span span) implements JsonTree {
    @Override
    public String what() {
      return "a string";
    }
  }

  /** A number as it is written: {@code 1}, {@code -0.5e3}. */
  record Num(String text, Span span) implements JsonTree {
    @Override
    public String what() {
      return "a number";
    }
  }

  record Bool(boolean value, Span span) implements JsonTree {
    @Override
    public String what() {
      return "a truth value";
    }
  }

  record Null(Span span) implements JsonTree {
    @Override
    public String what() {
      return "null";
    }
  }
}
