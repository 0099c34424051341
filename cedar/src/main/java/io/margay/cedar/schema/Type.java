package io.margay.cedar.schema;

import io.margay.cedar.value.EntityType;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What the validator knows about the value of an expression. A schema declares Bool, Long, String,
 * entity, set, record and extension types; the others arise only while a policy is checked: the
 * truth values that are known ahead ({@code TRUE}, {@code FALSE}), unions of entity types, and the
 * bottom and tops of the lattice.
 */
public sealed interface Type {

  /** Types without parts. */
  enum Simple implements Type {
    /** No value at all: the type of an element of the empty set. */
    NEVER("nothing"),
    TRUE("true"),
    FALSE("false"),
    BOOL("Bool"),
    LONG("Long"),
    STRING("String"),
    ANY_ENTITY("an entity"),
    ANY_SET("a set");

    private final String text;

    Simple(String text) {
      this.text = text;
    }

    @Override
    public String toString() {
      return text;
    }
  }

  /** An entity of one of these types; never empty. */
  record Entity(SortedSet<EntityType> names) implements Type {
    public Entity {
      names = Collections.unmodifiableSortedSet(new TreeSet<>(names));
      if (names.isEmpty()) {
        throw new IllegalArgumentException("a union of no entity types");
      }
    }

    public static Entity of(EntityType name) {
      return new Entity(new TreeSet<>(List.of(name)));
    }

    /** True where the type is exactly this one. */
    public boolean isOnly(EntityType name) {
      return names.size() == 1 && names.first().equals(name);
    }

    @Override
    public String toString() {
      return names.size() == 1
          ? names.first().toString()
          : names.stream().map(EntityType::toString).collect(Collectors.joining(" or "));
    }
  }

  record SetOf(Type element) implements Type {
    @Override
    public String toString() {
      return "Set<" + element + ">";
    }
  }

  /** A record; where it is open, it may have attributes that are not listed. */
  record Record(SortedMap<String, Attribute> attributes, boolean open) implements Type {
    public static final Record EMPTY = new Record(new TreeMap<>(), false);
    public static final Record ANY = new Record(new TreeMap<>(), true);

    public Record {
      attributes = Collections.unmodifiableSortedMap(new TreeMap<>(attributes));
    }

    public static Record closed(SortedMap<String, Attribute> attributes) {
      return new Record(attributes, false);
    }

    @Override
    public String toString() {
      if (this.equals(ANY)) {
        return "a record";
      }
      String listed =
          attributes.entrySet().stream()
              .map(e -> e.getKey() + (e.getValue().required() ? ": " : "?: ") + e.getValue().type())
              .collect(Collectors.joining(", ", "{", "}"));
      return open ? "a record " + listed : listed;
    }
  }

  /** A value of an extension. */
  enum Extension implements Type {
    DECIMAL("decimal"),
    IPADDR("ipaddr"),
    DATETIME("datetime"),
    DURATION("duration");

    private final String text;

    Extension(String text) {
      this.text = text;
    }

    /** True for the types that {@code <} and {@code <=} take. */
    public boolean isOrdered() {
      return this == DATETIME || this == DURATION;
    }

    @Override
    public String toString() {
      return text;
    }
  }

  /** The type of an attribute, and whether it is always there. */
  record Attribute(Type type, boolean required) {}

  /** True for Bool and the two truth values known ahead. */
  default boolean isBool() {
    return this == Simple.BOOL || this == Simple.TRUE || this == Simple.FALSE;
  }
}
