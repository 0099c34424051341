package io.margay.cedar.json;

import io.margay.cedar.CedarParseException;
import io.margay.cedar.ast.Span;
import io.margay.cedar.json.JsonTree.Arr;
import io.margay.cedar.json.JsonTree.Bool;
import io.margay.cedar.json.JsonTree.Obj;
import io.margay.cedar.json.JsonTree.Str;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Takes trees for what a format says they are, and says so when they are something else. */
public final class JsonFields {
  private JsonFields() {}

  public static Obj object(JsonTree tree) {
    if (tree instanceof Obj object) {
      return object;
    }
    throw wrong(tree, "an object: { … }");
  }

  public static List<JsonTree> list(JsonTree tree) {
    if (tree instanceof Arr array) {
      return array.elements();
    }
    throw wrong(tree, "a list: [ … ]");
  }

  public static String string(JsonTree tree) {
    if (tree instanceof Str string) {
      return string.text();
    }
    throw wrong(tree, "a string");
  }

  public static boolean bool(JsonTree tree) {
    if (tree instanceof Bool bool) {
      return bool.value();
    }
    throw wrong(tree, "true or false");
  }

  /** The value of a key that must be there. */
  public static JsonTree required(Obj object, String key) {
    JsonTree value = object.get(key);
    if (value == null) {
      throw new CedarParseException(
          object.span(), "\"" + key + "\" is missing from this object", "add it");
    }
    return value;
  }

  /** Refuses keys that the format does not have: one misspelt would be silently without effect. */
  public static void allowOnly(Obj object, Set<String> keys) {
    object
        .fields()
        .forEach((key, value) -> {
          if (!keys.contains(key)) {
            throw new CedarParseException(
                value.span(),
                "the key \"" + key + "\" has no meaning here",
                keys.isEmpty() ? "remove it" : "the keys are " + String.join(", ", sorted(keys)));
          }
        });
  }

  private static List<String> sorted(Set<String> keys) {
    return keys.stream().sorted().toList();
  }

  private static CedarParseException wrong(JsonTree tree, String wanted) {
    return new CedarParseException(tree.span(), "this is " + tree.what(), "write " + wanted);
  }

  /** The span of a tree that may be missing. */
  public static Span spanOf(@Nullable JsonTree tree) {
    return tree == null ? Span.NONE : tree.span();
  }
}
