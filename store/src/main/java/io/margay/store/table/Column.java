package io.margay.store.table;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.function.BiFunction;

/**
 * One column of a table of objects.
 *
 * @param name as a heading: {@code Tier}; the command line writes it in upper case
 * @param description what the column shows
 * @param wide whether it is shown only when much is asked for ({@code -o wide})
 * @param value the cell's text for an object at a time; empty where there is nothing to show
 */
public record Column(
    String name, String description, boolean wide, BiFunction<ObjectNode, Instant, String> value) {

  public String cell(ObjectNode object, Instant now) {
    return value.apply(object, now);
  }
}
