package io.margay.store.table;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * A column of the table of a kind.
 *
 * @param wide whether only {@code -o wide} shows it
 * @param cell the text of an object's cell at a moment
 */
public record Column(String name, boolean wide, BiFunction<ObjectNode, Instant, String> cell) {

  static Column of(String name, Function<ObjectNode, String> cell) {
    return new Column(name, false, (object, now) -> cell.apply(object));
  }

  static Column wide(String name, Function<ObjectNode, String> cell) {
    return new Column(name, true, (object, now) -> cell.apply(object));
  }

  /** The text at a JSON pointer. */
  static Column at(String name, String pointer) {
    return of(name, object -> Cells.text(object.at(pointer)));
  }

  static Column wideAt(String name, String pointer) {
    return wide(name, object -> Cells.text(object.at(pointer)));
  }

  public static final Column NAME = at("Name", "/metadata/name");

  static final Column AGE =
      new Column(
          "Age",
          false,
          (object, now) ->
              Age.text(object.path("metadata").path("creationTimestamp").asText(), now));
}
