package io.margay.model.resource;

import java.util.Map;

/**
 * Makes equal texts one object where they are many: label keys and values, namespaces and nodes
 * repeat in every pod of a cluster. Remembers a bounded number of texts, so text that never repeats
 * costs nothing for long. Threads may overwrite each other's entries: then a text is not shared.
 */
final class SharedText {
  private static final String[] KNOWN = new String[1 << 13];

  private SharedText() {}

  /** A text that equals this one. */
  static String of(String text) {
    int hash = text.hashCode() * 0x9e3779b9;
    int at = hash >>> 19;
    String known = KNOWN[at];
    if (text.equals(known)) {
      return known;
    }
    KNOWN[at] = text;
    return text;
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
