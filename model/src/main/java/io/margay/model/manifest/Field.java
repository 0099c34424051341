package io.margay.model.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A place in an object that is being decoded. Reading never throws: what does not fit is told as a
 * {@link Problem} and read as absent, and the caller asks {@link Mark} whether something was wrong
 * so that the part around it can fail closed.
 */
final class Field {
  private static final int SHOWN_VALUE = 60;

  private final String resource;
  private final String path;
  private final JsonNode node;
  private final List<Problem> problems;

  private Field(String resource, String path, JsonNode node, List<Problem> problems) {
    this.resource = resource;
    this.path = path;
    this.node = node;
    this.problems = problems;
  }

  static Field root(KubeObject object, List<Problem> problems) {
    return new Field(object.key().toString(), "", object.json(), problems);
  }

  Field at(String name) {
    if (present() && !node.isObject()) {
      return child(name, MissingNode.getInstance());
    }
    return child(name, node.path(name));
  }

  private Field child(String name, JsonNode value) {
    return new Field(resource, path.isEmpty() ? name : path + "." + name, value, problems);
  }

  boolean present() {
    return !node.isMissingNode() && !node.isNull();
  }

  /** The members of an array; none when absent. */
  List<Field> items() {
    if (!present()) {
      return List.of();
    }
    if (!node.isArray()) {
      problem("not a list", "write a list");
      return List.of();
    }
    List<Field> items = new ArrayList<>(node.size());
    for (int i = 0; i < node.size(); i++) {
      items.add(new Field(resource, path + "[" + i + "]", node.get(i), problems));
    }
    return items;
  }

  /** The members of an array, read one by one; what cannot be read is left out and told. */
  <T> List<T> items(Function<Field, Optional<T>> read) {
    return items().stream().map(read).flatMap(Optional::stream).toList();
  }

  /** Text, also of a number where both may stand; empty when absent. */
  String text() {
    if (!present()) {
      return "";
    }
    if (node.isContainerNode()) {
      problem("not text", "write text");
      return "";
    }
    return node.asText();
  }

  boolean flag() {
    if (present() && !node.isBoolean()) {
      problem("not true or false", "write true or false");
    }
    return node.asBoolean();
  }

  /** Whether it is {@code true}; anything else is not, and no problem. */
  boolean isTrue() {
    return node.isBoolean() && node.asBoolean();
  }

  /** Text, and empty for anything else, which is no problem. */
  String word() {
    return node.isTextual() ? node.asText() : "";
  }

  @Nullable Boolean optionalFlag() {
    return present() ? flag() : null;
  }

  /** A whole number, null when absent. */
  @Nullable Integer integer() {
    if (!present()) {
      return null;
    }
    if (!node.isIntegralNumber() || !node.canConvertToInt()) {
      problem("not a whole number", "write a whole number");
      return null;
    }
    return node.intValue();
  }

  /** A whole number within limits, null when absent. */
  @Nullable Integer integer(int least, int most) {
    Integer value = integer();
    if (value != null && (value < least || value > most)) {
      problem("not between " + least + " and " + most, "");
      return null;
    }
    return value;
  }

  /** A whole number of up to 63 bits that is not negative, 0 when absent. */
  long count() {
    if (!present()) {
      return 0;
    }
    if (!node.isIntegralNumber() || !node.canConvertToLong() || node.longValue() < 0) {
      problem("not a whole number from 0", "");
      return 0;
    }
    return node.longValue();
  }

  @Nullable Double number() {
    if (!present()) {
      return null;
    }
    if (!node.isNumber()) {
      problem("not a number", "write a number like 100");
      return null;
    }
    return node.doubleValue();
  }

  /** A map from text to text. */
  Map<String, String> texts() {
    if (!present()) {
      return Map.of();
    }
    if (!node.isObject()) {
      problem("not a map", "write key: value pairs");
      return Map.of();
    }
    Map<String, String> texts = new LinkedHashMap<>();
    node.properties()
        .forEach(
            entry -> texts.put(entry.getKey(), child(entry.getKey(), entry.getValue()).text()));
    return texts;
  }

  /**
   * Text that a parser reads.
   *
   * @param parse throws {@link IllegalArgumentException} for text that it refuses
   */
  <T> Optional<T> parsed(Function<String, T> parse) {
    if (!present()) {
      return Optional.empty();
    }
    if (node.isContainerNode()) {
      problem("not text", "write text");
      return Optional.empty();
    }
    try {
      return Optional.of(parse.apply(node.asText()));
    } catch (IllegalArgumentException e) {
      problem(String.valueOf(e.getMessage()), "");
      return Optional.empty();
    }
  }

  /** Like {@link #parsed}, but absence is a problem too. */
  <T> Optional<T> required(Function<String, T> parse) {
    if (!present()) {
      problem("missing", "");
    }
    return parsed(parse);
  }

  /** Tells every field that is not among the known ones: ignoring it would change the meaning. */
  void knowsOnly(Set<String> known) {
    if (present() && !node.isObject()) {
      problem("not an object", "");
      return;
    }
    node.fieldNames()
        .forEachRemaining(name -> {
          if (!known.contains(name)) {
            at(name).problem("unknown field", "");
          }
        });
  }

  /** The names of the fields that are there, whatever they hold. */
  Set<String> names() {
    Set<String> names = new java.util.LinkedHashSet<>();
    node.fieldNames().forEachRemaining(names::add);
    return names;
  }

  void problem(String reason, String fix) {
    String value = !present() ? "" : node.isValueNode() ? node.asText() : node.toString();
    if (value.length() > SHOWN_VALUE) {
      value = value.substring(0, SHOWN_VALUE) + "...";
    }
    problems.add(new Problem(resource, path, value, reason, fix));
  }

  /** Remembers how many problems there are now. */
  Mark mark() {
    return new Mark(problems, problems.size());
  }

  /** A moment in the reading of an object. */
  record Mark(List<Problem> problems, int before) {
    /** The first problem since then; null when there was none. */
    @Nullable String failure() {
      return problems.size() == before ? null : problems.get(before).toString();
    }
  }
}
