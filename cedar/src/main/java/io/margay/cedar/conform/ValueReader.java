package io.margay.cedar.conform;

import io.margay.cedar.CedarParseException;
import io.margay.cedar.ast.ExtensionFunction;
import io.margay.cedar.ast.Span;
import io.margay.cedar.eval.EvaluationException;
import io.margay.cedar.eval.ExtensionCalls;
import io.margay.cedar.json.JsonFields;
import io.margay.cedar.json.JsonTree;
import io.margay.cedar.json.UidJson;
import io.margay.cedar.json.ValueJson;
import io.margay.cedar.schema.Type;
import io.margay.cedar.value.RecordValue;
import io.margay.cedar.value.SetValue;
import io.margay.cedar.value.Value;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads the JSON form of values whose types a schema tells: an entity is then {@code {"type": …,
 * "id": …}}, and an address {@code "10.0.0.1"}, without the escapes {@code __entity} and {@code
 * __extn}. Types are not checked beyond what reading needs: {@link TypeConformance} does that.
 */
final class ValueReader {
  private ValueReader() {}

  /**
   * A value of an expected type, or of any type where none is known.
   *
   * @throws CedarParseException for what is no value
   */
  static Value read(JsonTree tree, @Nullable Type expected) {
    return switch (expected) {
      case null -> ValueJson.read(tree);
      case Type.Entity _ -> UidJson.read(tree);
      case Type.Extension extension -> extension(tree, extension);
      case Type.SetOf(Type element) ->
          tree instanceof JsonTree.Arr array
              ? SetValue.of(array.elements().stream().map(e -> read(e, element)).toList())
              : ValueJson.read(tree);
      case Type.Record record ->
          tree instanceof JsonTree.Obj ? record(tree, record) : ValueJson.read(tree);
      case Type.Simple _ -> ValueJson.read(tree);
    };
  }

  /** Attributes; one that the type does not have is read as if without a schema. */
  static RecordValue record(JsonTree tree, Type.Record type) {
    Map<String, Value> attributes = new LinkedHashMap<>();
    JsonFields.object(tree)
        .fields()
        .forEach((name, value) -> {
          Type.Attribute attribute = type.attributes().get(name);
          attributes.put(name, read(value, attribute == null ? null : attribute.type()));
        });
    return RecordValue.of(attributes);
  }

  /** Tags: all values of one type. */
  static RecordValue recordOf(JsonTree tree, @Nullable Type type) {
    Map<String, Value> values = new LinkedHashMap<>();
    JsonFields.object(tree).fields().forEach((name, value) -> values.put(name, read(value, type)));
    return RecordValue.of(values);
  }

  /** A value of an extension: escaped, as function and arguments alone, or as its text alone. */
  private static Value extension(JsonTree tree, Type.Extension type) {
    if (tree instanceof JsonTree.Obj object) {
      boolean bare = object.get("fn") != null;
      return ValueJson.read(
          bare ? new JsonTree.Obj(Map.of("__extn", object), object.span()) : object);
    }
    ExtensionFunction constructor =
        switch (type) {
          case DECIMAL -> ExtensionFunction.DECIMAL;
          case IPADDR -> ExtensionFunction.IP;
          case DATETIME -> ExtensionFunction.DATETIME;
          case DURATION -> ExtensionFunction.DURATION;
        };
    return call(constructor, ValueJson.read(tree), tree.span());
  }

  private static Value call(ExtensionFunction constructor, Value argument, Span span) {
    try {
      return ExtensionCalls.call(constructor, new Value[] {argument}, span);
    } catch (EvaluationException e) {
      throw new CedarParseException(span, String.valueOf(e.getMessage()), "");
    }
  }
}
