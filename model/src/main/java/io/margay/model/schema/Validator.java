package io.margay.model.schema;

import com.fasterxml.jackson.databind.JsonNode;
import io.margay.model.manifest.KubeObject;
import io.margay.model.manifest.Problem;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Checks objects before they are stored: first against their schema, then the rules that no schema
 * can say. Finds all problems, not only the first.
 */
public final class Validator {
  private final UnknownFields unknownFields;

  private Validator(UnknownFields unknownFields) {
    this.unknownFields = unknownFields;
  }

  /** What becomes of fields that no schema knows. */
  public enum UnknownFields {
    /** They are problems, with the nearest known name. */
    REFUSE,
    /** They are not looked at. {@link Pruner} removes them. */
    PASS_OVER
  }

  /** Everything that is wrong with an object; unknown fields are. */
  public static List<Problem> validate(KubeObject object) {
    return validate(object, UnknownFields.REFUSE);
  }

  /** Everything that is wrong with an object. */
  public static List<Problem> validate(KubeObject object, UnknownFields unknownFields) {
    List<Problem> problems = new ArrayList<>();
    Place root = new Place(describe(object), "", object.json(), problems);
    new Validator(unknownFields).check(Schemas.of(object.kind()), root);
    ObjectChecks.check(object, root);
    return List.copyOf(problems);
  }

  private static String describe(KubeObject object) {
    String generated = object.json().path("metadata").path("generateName").asText();
    return object.name().isEmpty() && !generated.isEmpty()
        ? object.kind().kind() + " " + generated + "*"
        : object.key().toString().strip();
  }

  private void check(Schema schema, Place place) {
    if (place.node().isNull()) {
      // kubectl and Go clients write null for what is empty; the API drops it everywhere.
      return;
    }
    switch (schema) {
      case Schema.ObjectSchema object -> object(object, place);
      case Schema.MapSchema map -> map(map, place);
      case Schema.ListSchema list -> list(list, place);
      case Schema.TextSchema text -> text(text, place);
      case Schema.NumberSchema number -> number(number, place);
      case Schema.BooleanSchema bool -> {
        if (!place.node().isBoolean()) {
          place.problem("not true or false", "write true or false");
        }
      }
      case Schema.IntOrTextSchema port -> intOrText(port, place);
      case Schema.AnySchema any -> {}
    }
  }

  private void object(Schema.ObjectSchema schema, Place place) {
    if (!place.node().isObject()) {
      place.problem("not an object", "write fields below it");
      return;
    }
    Set<String> missing = new HashSet<>();
    for (String field : schema.required()) {
      JsonNode value = place.node().path(field);
      if (!place.at(field).present() || (value.isTextual() && value.asText().isEmpty())) {
        place.at(field).problem("missing", "write " + example(schema, field));
        missing.add(field);
      }
    }
    int known = 0;
    for (Map.Entry<String, JsonNode> field : place.node().properties()) {
      Schema property = schema.properties().get(field.getKey());
      if (property != null) {
        known++;
        if (missing.contains(field.getKey())) {
          continue;
        }
        property(property, place.at(field.getKey()));
      } else if (!schema.open() && unknownFields == UnknownFields.REFUSE) {
        unknown(schema, place.at(field.getKey()), field.getKey());
      }
    }
    fieldCount(schema, place, known);
  }

  /** To the API empty text is the same as none, where text may be left out. */
  private void property(Schema schema, Place place) {
    boolean left =
        schema instanceof Schema.TextSchema text
            && text.allowed().isEmpty()
            && text.minLength() == 0
            && place.node().isTextual()
            && place.text().isEmpty();
    if (!left) {
      check(schema, place);
    }
  }

  private static String example(Schema.ObjectSchema schema, String field) {
    return schema.properties().get(field) instanceof Schema.TextSchema text
            && !text.allowed().isEmpty()
        ? alternatives(text.allowed())
        : field;
  }

  private static void unknown(Schema.ObjectSchema schema, Place place, String name) {
    Optional<String> nearest = NearestName.of(name, schema.properties().keySet());
    place.problemOfWhole(
        "unknown field",
        nearest
            .map(known -> "did you mean " + known + "?")
            .orElseGet(() -> "known are " + String.join(", ", schema.properties().keySet())));
  }

  private static void fieldCount(Schema.ObjectSchema schema, Place place, int known) {
    String names = String.join(", ", schema.properties().keySet());
    if (known < schema.minProperties()) {
      place.problemOfWhole("empty", "write one of " + names);
    } else if (known > schema.maxProperties()) {
      place.problemOfWhole(
          "has " + known + " fields that exclude each other", "write only one of " + names);
    }
  }

  private void map(Schema.MapSchema schema, Place place) {
    if (!place.node().isObject()) {
      place.problem("not a map", "write key: value pairs below it");
      return;
    }
    for (Map.Entry<String, JsonNode> entry : place.node().properties()) {
      Place at = place.at(entry.getKey());
      Format.check(schema.keyFormat(), entry.getKey())
          .ifPresent(v -> at.problemOfWhole("the key is " + v.reason(), v.fix()));
      check(schema.values(), at);
    }
  }

  private void list(Schema.ListSchema schema, Place place) {
    if (!place.node().isArray()) {
      place.problem("not a list", "write items, each behind a -");
      return;
    }
    int size = place.node().size();
    if (size < schema.minItems()) {
      place.problemOfWhole(
          "has " + size + " items, fewer than " + schema.minItems(), "write more items");
    } else if (size > schema.maxItems()) {
      place.problemOfWhole("has " + size + " items, more than " + schema.maxItems(), "split it");
      return;
    }
    Set<JsonNode> seen = new HashSet<>();
    for (Place item : place.items()) {
      if (item.node().isNull() && !schema.items().common().nullable()) {
        item.problem("null", "write a value or leave the item out");
      }
      check(schema.items(), item);
      if (schema.type() == Schema.ListType.SET && !seen.add(item.node())) {
        item.problem("given twice", "leave one out");
      }
    }
  }

  private static void text(Schema.TextSchema schema, Place place) {
    if (!place.node().isTextual()) {
      place.problem(
          "not text",
          place.node().isValueNode() ? "write \"" + place.text() + "\" in quotes" : "write text");
      return;
    }
    String text = place.text();
    if (!schema.allowed().isEmpty() && !schema.allowed().contains(text)) {
      place.problem("not allowed here", "write " + alternatives(schema.allowed()));
    } else if (text.length() > schema.maxLength()) {
      place.problem(
          "has " + text.length() + " characters, more than " + schema.maxLength(), "shorten it");
    } else if (text.length() < schema.minLength()) {
      place.problem("empty", "write a value");
    } else {
      format(schema.format(), place);
    }
  }

  private static void format(String format, Place place) {
    if (place.text().indexOf('\0') >= 0) {
      place.problem("holds a NUL character", "leave it out");
      return;
    }
    Format.check(format, place.text()).ifPresent(v -> place.problem(v.reason(), v.fix()));
  }

  private static void number(Schema.NumberSchema schema, Place place) {
    JsonNode node = place.node();
    if (schema.whole() ? !isWhole(node) : !node.isNumber()) {
      place.problem(
          schema.whole() ? "not a whole number" : "not a number",
          schema.whole() ? "write a number like 10" : "write a number like 100");
      return;
    }
    double value = node.doubleValue();
    if (!Double.isFinite(value)) {
      place.problem("not a finite number", "write a number like 100");
    } else if (!schema.allowed().isEmpty() && !schema.allowed().contains(place.text())) {
      place.problem("not allowed here", "write " + alternatives(schema.allowed()));
    } else if (value < schema.minimum() || value > schema.maximum()) {
      place.problem("out of range", "write " + range(schema));
    }
  }

  private static boolean isWhole(JsonNode node) {
    return node.isIntegralNumber() && node.canConvertToLong();
  }

  private static String range(Schema.NumberSchema schema) {
    long least = (long) schema.minimum();
    return Double.isInfinite(schema.maximum())
        ? "a number of " + least + " or more"
        : "a number from " + least + " to " + (long) schema.maximum();
  }

  private static void intOrText(Schema.IntOrTextSchema schema, Place place) {
    if (!place.node().isTextual() && !isWhole(place.node())) {
      place.problem("neither a number nor text", "write a number or a name");
      return;
    }
    format(schema.format(), place);
  }

  private static String alternatives(List<String> allowed) {
    return allowed.size() == 1
        ? allowed.getFirst()
        : String.join(", ", allowed.subList(0, allowed.size() - 1)) + " or " + allowed.getLast();
  }
}
