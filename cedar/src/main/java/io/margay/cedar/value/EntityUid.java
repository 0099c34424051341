package io.margay.cedar.value;

import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/** The name of an entity, {@code User::"alice"}, whether or not the entity exists. */
public record EntityUid(EntityType type, String id) implements Value, Comparable<EntityUid> {
  private static final Comparator<EntityUid> ORDER =
      Comparator.comparing(EntityUid::type).thenComparing(EntityUid::id);

  public EntityUid {
    id = Texts.known(id);
  }

  public static EntityUid of(String type, String id) {
    return new EntityUid(new EntityType(type), id);
  }

  // Written out since decisions spend much of their time here: ids differ more often than types.
  @Override
  public boolean equals(@Nullable Object other) {
    return this == other
        || (other instanceof EntityUid uid && id.equals(uid.id) && type.equals(uid.type));
  }

  @Override
  public int hashCode() {
    return 31 * type.hashCode() + id.hashCode();
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
