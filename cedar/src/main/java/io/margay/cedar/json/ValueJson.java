package io.margay.cedar.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.margay.cedar.CedarParseException;
import io.margay.cedar.ast.ExtensionFunction;
import io.margay.cedar.ast.Span;
import io.margay.cedar.eval.EvaluationException;
import io.margay.cedar.eval.ExtensionCalls;
import io.margay.cedar.json.JsonTree.Arr;
import io.margay.cedar.json.JsonTree.Bool;
import io.margay.cedar.json.JsonTree.Null;
import io.margay.cedar.json.JsonTree.Num;
import io.margay.cedar.json.JsonTree.Obj;
import io.margay.cedar.json.JsonTree.Str;
import io.margay.cedar.value.BoolValue;
import io.margay.cedar.value.DatetimeValue;
import io.margay.cedar.value.DurationValue;
import io.margay.cedar.value.EntityUid;
import io.margay.cedar.value.ExtensionValue;
import io.margay.cedar.value.LongValue;
import io.margay.cedar.value.RecordValue;
import io.margay.cedar.value.SetValue;
import io.margay.cedar.value.StringValue;
import io.margay.cedar.value.Value;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Values in JSON: numbers, texts, lists and objects for themselves; {@code __entity} and {@code
 * __extn} for entities and for values of extension types.
 */
public final class ValueJson {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private ValueJson() {}

  /** The value that a tree stands for. */
  public static Value read(JsonTree tree) {
    return switch (tree) {
      case Bool(boolean value, _) -> BoolValue.of(value);
      case Num number -> number(number);
      case Str _ -> new StringValue(string(tree));
      case Arr(List<JsonTree> elements, _) ->
          SetValue.of(elements.stream().map(ValueJson::read).toList());
      case Obj object -> object(object);
      case Null(Span span) ->
          throw new CedarParseException(span, "Cedar has no null", "leave the attribute out");
    };
  }

  /** An object whose fields are attributes, whatever their names. */
  public static RecordValue readRecord(JsonTree tree) {
    return record(JsonFields.object(tree));
  }

  private static Value number(Num number) {
    try {
      return new LongValue(Long.parseLong(number.text()));
    } catch (NumberFormatException e) {
      boolean fraction = number.text().matches(".*[.eE].*");
      throw new CedarParseException(
          number.span(),
          fraction ? "not an integer" : "an integer beyond 64 bits",
          fraction ? "write {\"__extn\": {\"fn\": \"decimal\", \"arg\": \"1.5\"}}" : "");
    }
  }

  private static Value object(Obj object) {
    EntityUid entity = entityEscape(object);
    if (entity != null) {
      return entity;
    }
    Extension extension = extensionEscape(object);
    return extension == null ? record(object) : extension(extension);
  }

  private static RecordValue record(Obj object) {
    Map<String, Value> fields = new LinkedHashMap<>();
    object
        .fields()
        .forEach((name, field) -> fields.put(wholeCharacters(name, object.span()), read(field)));
    return RecordValue.of(fields);
  }

  /** A string of whole characters: JSON's escapes can write halves, which Cedar cannot hold. */
  public static String string(JsonTree tree) {
    return wholeCharacters(JsonFields.string(tree), tree.span());
  }

  static String wholeCharacters(String text, Span span) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isSurrogate(c)) {
        boolean pair =
            Character.isHighSurrogate(c)
                && i + 1 < text.length()
                && Character.isLowSurrogate(text.charAt(i + 1));
        if (!pair) {
          throw new CedarParseException(
              span,
              "half of a surrogate pair, which is no character",
              "write both halves, or none");
        }
        i++;
      }
    }
    return text;
  }

  /** What {@code __entity} names; null when the object is no such escape. */
  public static @Nullable EntityUid entityEscape(Obj object) {
    return object.fields().size() == 1
            && object.get("__entity") instanceof Obj inner
            && inner.get("type") instanceof Str
            && inner.get("id") instanceof Str
        ? UidJson.read(object)
        : null;
  }

  /** A call written as {@code __extn}. */
  public record Extension(ExtensionFunction function, List<JsonTree> arguments, Span span) {}

  /** What {@code __extn} calls; null when the object is no such escape. */
  public static @Nullable Extension extensionEscape(Obj object) {
    if (object.fields().size() != 1) {
      return null;
    }
    if (object.get("__expr") instanceof Str(_, Span span)) {
      throw new CedarParseException(span, "__expr is no longer read", "write __entity or __extn");
    }
    if (!(object.get("__extn") instanceof Obj inner)
        || !(inner.get("fn") instanceof Str(String name, Span nameSpan))) {
      return null;
    }
    JsonTree argument = inner.get("arg");
    List<JsonTree> arguments;
    if (argument != null) {
      arguments = List.of(argument);
    } else if (inner.get("args") instanceof Arr(List<JsonTree> several, _)) {
      arguments = several;
    } else {
      return null;
    }
    ExtensionFunction function =
        ExtensionFunction.named(name)
            .orElseThrow(() ->
                new CedarParseException(
                    nameSpan,
                    "not a function of Cedar",
                    "the functions are ip, decimal, datetime and duration"));
    return new Extension(function, arguments, object.span());
  }

  private static Value extension(Extension extension) {
    Value[] arguments = extension.arguments().stream().map(ValueJson::read).toArray(Value[]::new);
    try {
      return ExtensionCalls.call(extension.function(), arguments, extension.span());
    } catch (EvaluationException e) {
      throw new CedarParseException(extension.span(), String.valueOf(e.getMessage()), "");
    }
  }

  /** The JSON that reads back as the value. */
  public static JsonNode write(Value value) {
    return switch (value) {
      case BoolValue(boolean bool) -> NODES.booleanNode(bool);
      case LongValue(long number) -> NODES.numberNode(number);
      case StringValue(String text) -> NODES.textNode(text);
      case EntityUid uid -> NODES.objectNode().set("__entity", UidJson.write(uid));
      case SetValue set -> {
        ArrayNode array = NODES.arrayNode();
        set.elements().forEach(element -> array.add(write(element)));
        yield array;
      }
      case RecordValue record -> writeRecord(record);
      case DatetimeValue(long epochMillis) ->
          // Every time is so long after 1970; only some have a text of their own.
          wrapped(
              escape("offset")
                  .set(
                      "args",
                      NODES
                          .arrayNode()
                          .add(wrapped(escape("datetime").put("arg", "1970-01-01")))
                          .add(write(new DurationValue(epochMillis)))));
      case ExtensionValue extension ->
          wrapped(escape(extension.constructor()).put("arg", extension.argument()));
    };
  }

  /** The attributes as fields. */
  public static ObjectNode writeRecord(RecordValue record) {
    ObjectNode object = NODES.objectNode();
    record.attributes().forEach((name, field) -> object.set(name, write(field)));
    return object;
  }

  private static ObjectNode escape(String function) {
    return NODES.objectNode().put("fn", function);
  }

  private static ObjectNode wrapped(JsonNode escape) {
    return NODES.objectNode().set("__extn", escape);
  }
}
