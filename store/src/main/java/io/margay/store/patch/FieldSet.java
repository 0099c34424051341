package io.margay.store.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A set of fields of an object, in the tree form of the API's {@code fieldsV1}: {@code f:} before a
 * field's name, {@code k:} before the key of a list item, {@code v:} before the value of a set
 * item. A node that is a member is in the set itself; its children are in it besides. Immutable.
 */
final class FieldSet {
  static final FieldSet EMPTY = new FieldSet(false, new TreeMap<>());
  static final FieldSet LEAF = new FieldSet(true, new TreeMap<>());

  private final boolean member;
  private final TreeMap<String, FieldSet> children;

  private FieldSet(boolean member, TreeMap<String, FieldSet> children) {
    this.member = member;
    this.children = children;
  }

  /** A node with these children, those that are empty left out. */
  static FieldSet node(boolean member, Map<String, FieldSet> children) {
    TreeMap<String, FieldSet> kept = new TreeMap<>();
    children.forEach((step, child) -> {
      if (!child.isEmpty()) {
        kept.put(step, child);
      }
    });
    return new FieldSet(member, kept);
  }

  boolean member() {
    return member;
  }

  Map<String, FieldSet> children() {
    return children;
  }

  FieldSet child(String step) {
    return children.getOrDefault(step, EMPTY);
  }

  boolean isEmpty() {
    return !member && children.isEmpty();
  }

  FieldSet union(FieldSet other) {
    Map<String, FieldSet> merged = new TreeMap<>(children);
    other.children.forEach((step, child) -> merged.merge(step, child, FieldSet::union));
    return node(member || other.member, merged);
  }

  FieldSet minus(FieldSet other) {
    Map<String, FieldSet> left = new TreeMap<>();
    children.forEach((step, child) -> left.put(step, child.minus(other.child(step))));
    return node(member && !other.member, left);
  }

  /**
   * The fields of this set of which the other set has neither the field nor anything below it: a
   * list item stays while somebody else manages a part of it.
   */
  FieldSet exclusive(FieldSet other) {
    Map<String, FieldSet> left = new TreeMap<>();
    children.forEach((step, child) -> left.put(step, child.exclusive(other.child(step))));
    return node(member && other.isEmpty(), left);
  }

  FieldSet intersect(FieldSet other) {
    Map<String, FieldSet> both = new TreeMap<>();
    children.forEach((step, child) -> both.put(step, child.intersect(other.child(step))));
    return node(member && other.member, both);
  }

  /** This set without the nodes that the other one has as members, and all below those. */
  FieldSet without(FieldSet removed) {
    if (removed.member) {
      return EMPTY;
    }
    Map<String, FieldSet> left = new TreeMap<>();
    children.forEach((step, child) -> left.put(step, child.without(removed.child(step))));
    return node(member, left);
  }

  /** This set without some of its direct children. */
  FieldSet keeping(Set<String> steps) {
    if (steps.isEmpty()) {
      return this;
    }
    Map<String, FieldSet> left = new TreeMap<>(children);
    left.keySet().removeAll(steps);
    return node(member, left);
  }

  /** The members as paths fit for messages: {@code .spec.ports[name="http"].port}. */
  List<String> paths() {
    List<String> paths = new ArrayList<>();
    collect("", paths);
    return paths;
  }

  private void collect(String path, List<String> paths) {
    if (member) {
      paths.add(path);
    }
    children.forEach((step, child) -> child.collect(path + readable(step), paths));
  }

  private static String readable(String step) {
    String name = step.substring(2);
    return switch (step.substring(0, 2)) {
      case "f:" -> "." + name;
      case "k:" ->
          "["
              + name.substring(1, name.length() - 1).replace("\":", "=").replaceAll("(^|,)\"", "$1")
              + "]";
      default -> "[=" + name + "]";
    };
  }

  ObjectNode toJson() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    if (member && !children.isEmpty()) {
      json.putObject(".");
    }
    children.forEach((step, child) -> json.set(step, child.toJson()));
    return json;
  }

  static FieldSet fromJson(JsonNode json) {
    Map<String, FieldSet> children = new TreeMap<>();
    boolean member = json.isEmpty();
    for (Map.Entry<String, JsonNode> entry : json.properties()) {
      if (entry.getKey().equals(".")) {
        member = true;
      } else if (entry.getKey().length() > 2) {
        children.put(entry.getKey(), fromJson(entry.getValue()));
      }
    }
    return node(member, children);
  }

  /** The fields of a whole document: unlike {@link #fromJson}, {@code {}} is the empty set. */
  static FieldSet fromDocument(JsonNode fieldsV1) {
    return fieldsV1.isEmpty() ? EMPTY : fromJson(fieldsV1);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof FieldSet set && member == set.member && children.equals(set.children);
  }

  @Override
  public int hashCode() {
    return children.hashCode() * 2 + (member ? 1 : 0);
  }

  @Override
  public String toString() {
    return toJson().toString();
  }
}
