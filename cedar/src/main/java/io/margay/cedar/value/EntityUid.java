package io.margay.cedar.value;

import java.util.Comparator;

/** The name of an entity, {@code User::"alice"}, whether or not the entity exists. */
public record EntityUid(EntityType type, String id) implements Value, Comparable<EntityUid> {
  private static final Comparator<EntityUid> ORDER =
      Comparator.comparing(EntityUid::type).thenComparing(EntityUid::id);

  public static EntityUid of(String type, String id) {
    return new EntityUid(new EntityType(type), id);
  }

  @Override
  public String typeName() {
    return "(entity of type `" + type + "`)";
  }

  @Override
  public int compareTo(EntityUid other) {
    return ORDER.compare(this, other);
  }

  @Override
  public String toString() {
    return type + "::" + CedarText.quote(id);
  }
}
