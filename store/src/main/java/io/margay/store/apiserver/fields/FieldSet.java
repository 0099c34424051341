package io.margay.store.apiserver.fields;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collection;
import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Predicate;

/** A set of fields, as an entry of managed fields holds it. */
record FieldSet(SortedSet<FieldPath> paths) {
  static final FieldSet EMPTY = new FieldSet(new TreeSet<>());

  /** The mark of a node that is itself in the set and has children that are, too. */
  private static final String SELF = ".";

  FieldSet {
    paths = Collections.unmodifiableSortedSet(new TreeSet<>(paths));
  }

  static FieldSet of(Collection<FieldPath> paths) {
    return new FieldSet(new TreeSet<>(paths));
  }

  boolean isEmpty() {
    return paths.isEmpty();
  }

  boolean contains(FieldPath path) {
    return paths.contains(path);
  }

  /** Whether anything at or below a path is in the set. */
  boolean touches(FieldPath path) {
    SortedSet<FieldPath> from = paths.tailSet(path);
    return !from.isEmpty() && from.first().startsWith(path);
  }

  FieldSet plus(FieldSet other) {
    TreeSet<FieldPath> union = new TreeSet<>(paths);
    union.addAll(other.paths);
    return new FieldSet(union);
  }

  FieldSet minus(FieldSet other) {
    return filter(path -> !other.contains(path));
  }

  FieldSet filter(Predicate<FieldPath> keep) {
    TreeSet<FieldPath> kept = new TreeSet<>();
    for (FieldPath path : paths) {
      if (keep.test(path)) {
        kept.add(path);
      }
    }
    return new FieldSet(kept);
  }

  /** The FieldsV1 form: nested objects, with {@code {}} for a field of the set. */
  ObjectNode toJson() {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    for (FieldPath path : paths) {
      ObjectNode node = root;
      FieldPath at = FieldPath.ROOT;
      for (String element : path.elements()) {
        // An empty object is a field of the set: that must still show once it has children.
        if (node.isEmpty() && contains(at)) {
          node.putObject(SELF);
        }
        node = node.withObjectProperty(element);
        at = at.child(element);
      }
    }
    return root;
  }

  static FieldSet fromJson(JsonNode json) {
    TreeSet<FieldPath> paths = new TreeSet<>();
    collect(json, FieldPath.ROOT, paths);
    return new FieldSet(paths);
  }

  private static void collect(JsonNode node, FieldPath at, SortedSet<FieldPath> paths) {
    if ((node.isEmpty() || node.has(SELF)) && !at.elements().isEmpty()) {
      paths.add(at);
    }
    node.properties()
        .forEach(property -> {
          if (property.getKey().length() > 2) {
            collect(property.getValue(), at.child(property.getKey()), paths);
          }
        });
  }
}
