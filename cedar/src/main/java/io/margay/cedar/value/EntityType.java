package io.margay.cedar.value;

import org.jspecify.annotations.Nullable;

/**
 * The type of an entity.
 *
 * @param name with its namespace: {@code Shop::User}
 */
public record EntityType(String name) implements Comparable<EntityType> {

  public EntityType {
    name = Texts.known(name);
  }

  /** The last part of the name: {@code User}. */
  public String basename() {
    int end = name.lastIndexOf("::");
    return end < 0 ? name : name.substring(end + 2);
  }

  /** What is before the last part: {@code Shop}; empty when there is none. */
  public String namespace() {
    int end = name.lastIndexOf("::");
    return end < 0 ? "" : name.substring(0, end);
  }

  /** Whether entities of the type are actions: {@code Action}, in any namespace. */
  public boolean isAction() {
    return basename().equals("Action");
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return this == other || (other instanceof EntityType type && name.equals(type.name));
  }

  @Override
  public int hashCode() {
    return name.hashCode();
  }

  @Override
  public int compareTo(EntityType other) {
    return name.compareTo(other.name);
  }

  @Override
  public String toString() {
    return name;
  }
}
