package io.margay.model.schema;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One node of a structural OpenAPI v3 schema. */
public sealed interface Schema {
  Common common();

  /**
   * What every node has.
   *
   * @param defaultValue what stands where the field is absent; null for nothing
   * @param nullable whether null means absent; without, null is refused
   */
  record Common(String description, @Nullable JsonNode defaultValue, boolean nullable) {}

  /**
   * An object with known fields.
   *
   * @param open whether unknown fields are kept as they are
   */
  record ObjectSchema(
      Common common,
      Map<String, Schema> properties,
      List<String> required,
      boolean open,
      int minProperties,
      int maxProperties)
      implements Schema {}

  /**
   * An object whose keys the author chooses.
   *
   * @param keyFormat the format of the keys; empty for any
   */
  record MapSchema(Common common, Schema values, String keyFormat) implements Schema {}

  /**
   * A list.
   *
   * @param type how server-side apply merges it
   * @param mapKeys the fields that identify an item of a {@link ListType#MAP} list
   * @param strategicMerge whether strategic merge patches merge it; otherwise they replace it
   * @param mergeKey the field by which they find items; empty for lists of plain values
   */
  record ListSchema(
      Common common,
      Schema items,
      ListType type,
      List<String> mapKeys,
      boolean strategicMerge,
      String mergeKey,
      int minItems,
      int maxItems)
      implements Schema {}

  /** How the items of a list are told apart when several owners write it. */
  enum ListType {
    ATOMIC,
    SET,
    MAP
  }

  /**
   * Text.
   *
   * @param format the name of a {@link Format}, or of one that is not checked; empty for any text
   * @param allowed the only values; empty for any
   */
  record TextSchema(
      Common common, String format, List<String> allowed, int minLength, int maxLength)
      implements Schema {}

  /**
   * A number.
   *
   * @param allowed the only values; empty for any
   */
  record NumberSchema(
      Common common, boolean whole, double minimum, double maximum, List<String> allowed)
      implements Schema {}

  record BooleanSchema(Common common) implements Schema {}

  /** A number or text, such as a port. */
  record IntOrTextSchema(Common common, String format) implements Schema {}

  /** Anything, kept as it is. */
  record AnySchema(Common common) implements Schema {}
}
