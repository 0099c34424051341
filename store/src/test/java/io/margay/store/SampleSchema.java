package io.margay.store;

import com.fasterxml.jackson.databind.node.TextNode;
import io.margay.model.schema.Schema;
import io.margay.model.schema.Schema.Common;
import io.margay.model.schema.Schema.ListSchema;
import io.margay.model.schema.Schema.ListType;
import io.margay.model.schema.Schema.ObjectSchema;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A schema of a made-up kind: spec.ports by number and protocol, spec.tags a set. */
public final class SampleSchema {
  private static final Schema ANY = new Schema.AnySchema(common(null));

  public static final Schema SCHEMA =
      object(
          Map.of(
              "spec",
              object(
                  Map.of(
                      "ports",
                      list(port(), ListType.MAP, List.of("port", "protocol"), true, "port"),
                      "tags",
                      list(ANY, ListType.SET, List.of(), true, ""),
                      "plain",
                      list(ANY, ListType.ATOMIC, List.of(), false, "")))));

  private SampleSchema() {}

  private static Schema port() {
    Schema protocol = new Schema.TextSchema(common("TCP"), "", List.of(), 0, Integer.MAX_VALUE);
    return object(Map.of("port", ANY, "protocol", protocol));
  }

  private static Schema object(Map<String, Schema> properties) {
    return new ObjectSchema(common(null), properties, List.of(), true, 0, Integer.MAX_VALUE);
  }

  private static Schema list(
      Schema items, ListType type, List<String> keys, boolean merges, String mergeKey) {
    return new ListSchema(common(null), items, type, keys, merges, mergeKey, 0, Integer.MAX_VALUE);
  }

  private static Common common(@Nullable String defaultValue) {
    return new Common("", defaultValue == null ? null : TextNode.valueOf(defaultValue), false);
  }
}
