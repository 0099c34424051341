package io.margay.store.patch;

import io.margay.model.schema.Schema;

/** Goes down a schema beside a value. */
public final class SchemaWalk {
  private static final Schema ANY = new Schema.AnySchema(new Schema.Common("", null, true));

  private SchemaWalk() {}

  /** The schema of a field; of a field that no schema knows, anything. */
  public static Schema field(Schema schema, String name) {
    return switch (schema) {
      case Schema.ObjectSchema object -> object.properties().getOrDefault(name, ANY);
      case Schema.MapSchema map -> map.values();
      case Schema.ListSchema list -> ANY;
      case Schema.TextSchema text -> ANY;
      case Schema.NumberSchema number -> ANY;
      case Schema.BooleanSchema bool -> ANY;
      case Schema.IntOrTextSchema intOrText -> ANY;
      case Schema.AnySchema any -> ANY;
    };
  }
}
