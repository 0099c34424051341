package io.margay.store.apiserver.fields;

import java.util.ArrayList;
import java.util.List;

/**
 * Where a field is in an object, in the notation of managed fields: {@code f:name} for a field,
 * {@code k:{"name":"web"}} for the list item with that key, {@code v:"a"} for an item of a set.
 */
record FieldPath(List<String> elements) implements Comparable<FieldPath> {
  static final FieldPath ROOT = new FieldPath(List.of());

  FieldPath {
    elements = List.copyOf(elements);
  }

  static FieldPath of(String... elements) {
    return new FieldPath(List.of(elements));
  }

  FieldPath child(String element) {
    List<String> longer = new ArrayList<>(elements);
    longer.add(element);
    return new FieldPath(longer);
  }

  boolean startsWith(FieldPath prefix) {
    return elements.size() >= prefix.elements.size()
        && elements.subList(0, prefix.elements.size()).equals(prefix.elements);
  }

  /** A prefix sorts before what it is a prefix of. */
  @Override
  public int compareTo(FieldPath other) {
    int common = Math.min(elements.size(), other.elements.size());
    for (int i = 0; i < common; i++) {
      int byElement = elements.get(i).compareTo(other.elements.get(i));
      if (byElement != 0) {
        return byElement;
      }
    }
    return Integer.compare(elements.size(), other.elements.size());
  }

  /** {@code .spec.ports[name="http"].port}, as kubectl prints conflicts. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    for (String element : elements) {
      String value = element.substring(2);
      switch (element.charAt(0)) {
        case 'f' -> text.append('.').append(value);
        case 'k' ->
            text.append('[')
                .append(value.substring(1, value.length() - 1).replaceAll("\"([^\"]*)\":", "$1="))
                .append(']');
        default -> text.append("[=").append(value).append(']');
      }
    }
    return text.toString();
  }
}
