package io.margay.cedar.value;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A set: no order, no duplicates, elements of any types.
 *
 * @param elements in the order in which they were first given, which has no meaning
 */
public record SetValue(Set<Value> elements) implements Value {
  public static final SetValue EMPTY = new SetValue(Set.of());

  public SetValue {
    elements = Collections.unmodifiableSet(new LinkedHashSet<>(elements));
  }

  public static SetValue of(Collection<? extends Value> elements) {
    return elements.isEmpty() ? EMPTY : new SetValue(new LinkedHashSet<>(elements));
  }

  public static SetValue of(Value... elements) {
    return of(java.util.List.of(elements));
  }

  @Override
  public String typeName() {
    return "set";
  }

  @Override
  public String toString() {
    return elements.stream().map(Value::toString).collect(Collectors.joining(", ", "[", "]"));
  }
}
