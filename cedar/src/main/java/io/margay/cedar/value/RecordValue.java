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
    Map<String, Value> copy = LinkedHashMap.newLinkedHashMap(attributes.size());
    attributes.forEach((name, value) -> copy.put(Texts.known(name), value));
    attributes = Collections.unmodifiableMap(copy);
  }

  public static RecordValue of(Map<String, ? extends Value> attributes) {
    return attributes.isEmpty() ? EMPTY : new RecordValue(Collections.unmodifiableMap(attributes));
  }

  /** The same name as records keep it: who asks often finds it faster by this one. */
  public static String name(String attribute) {
    return Texts.known(attribute);
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
