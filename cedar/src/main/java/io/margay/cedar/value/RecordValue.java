package io.margay.cedar.value;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Attributes by name.
 *
 * @param attributes in the order given, which has no meaning
 */
public record RecordValue(Map<String, Value> attributes) implements Value {
  public static final RecordValue EMPTY = new RecordValue(Map.of());

  public RecordValue {
    attributes = Collections.unmodifiableMap(new LinkedHashMap<>(attributes));
  }

  public static RecordValue of(Map<String, ? extends Value> attributes) {
    return attributes.isEmpty() ? EMPTY : new RecordValue(new LinkedHashMap<>(attributes));
  }

  /** The attribute's value; null when the record has none of this name. */
  public @Nullable Value get(String attribute) {
    return attributes.get(attribute);
  }

  @Override
  public String typeName() {
    return "record";
  }

  @Override
  public String toString() {
    return attributes.entrySet().stream()
        .map(entry -> CedarText.quote(entry.getKey()) + ": " + entry.getValue())
        .collect(Collectors.joining(", ", "{", "}"));
  }
}
