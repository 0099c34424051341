package io.margay.model.resource;

import java.util.Map;

/**
 * Makes equal values one object where they are many: label keys and values, namespaces, nodes and
 * containers repeat in every pod of a cluster. Remembers a bounded number of values, so one that
 * never repeats costs nothing for long. Threads may overwrite each other's entries: then a value is
 * not shared.
 */
final class Shared {
  private static final Object[] KNOWN = new Object[1 << 13];

  private Shared() {}

  /** An immutable value that equals this one and is of the same type. */
  @SuppressWarnings("unchecked") // texts and lists of records equal nothing of another type
  static <T> T of(T value) {
    int hash = value.hashCode() * 0x9e3779b9;
    int at = hash >>> 19;
    Object known = KNOWN[at];
    if (value.equals(known)) {
      return (T) known;
    }
    KNOWN[at] = value;
    return value;
  }

  /** An immutable map that equals this one. */
  @SuppressWarnings({"unchecked", "rawtypes"}) // there are no arrays of generic types
  static Map<String, String> of(Map<String, String> labels) {
    if (labels.isEmpty()) {
      return Map.of();
    }
    Map.Entry<String, String>[] entries = new Map.Entry[labels.size()];
    int at = 0;
    for (Map.Entry<String, String> label : labels.entrySet()) {
      entries[at++] = Map.entry(of(label.getKey()), of(label.getValue()));
    }
    return Map.ofEntries(entries);
  }
}
