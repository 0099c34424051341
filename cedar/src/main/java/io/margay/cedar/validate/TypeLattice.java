package io.margay.cedar.validate;

import io.margay.cedar.schema.Type;
import io.margay.cedar.schema.Type.Attribute;
import io.margay.cedar.value.EntityType;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Subtypes and least upper bounds. Strict mode knows no subtypes but those of Bool: entity types
 * must be the same, records must have the same attributes, all of them equally optional. Permissive
 * mode unites entity types and keeps the attributes that both records have.
 */
record TypeLattice(ValidationMode mode) {

  /** Why two types have no upper bound. */
  enum Clash {
    NONE("Types must be exactly equal to be compatible"),
    ENTITY_TYPE("Different entity types are never compatible, even when their attributes would be"),
    ENTITY_AND_RECORD("Entity and record types are never compatible"),
    RECORD_WIDTH("Compatible record types must have exactly the same attributes"),
    OPTIONALITY(
        "Attributes of compatible record types must be required in both or optional in both");

    private final String text;

    Clash(String text) {
      this.text = text;
    }

    @Override
    public String toString() {
      return text;
    }
  }

  /** An upper bound, or why there is none. */
  sealed interface Bound {
    record Found(Type type) implements Bound {}

    record Missing(Clash clash) implements Bound {}
  }

  private static Bound found(Type type) {
    return new Bound.Found(type);
  }

  private static Bound missing(Clash clash) {
    return new Bound.Missing(clash);
  }

  private boolean strict() {
    return mode == ValidationMode.STRICT;
  }

  boolean isSubtype(Type low, Type high) {
    if (low == Type.Simple.NEVER) {
      return true;
    }
    return switch (high) {
      case Type.Simple simple -> isSubtypeOfSimple(low, simple);
      case Type.Extension extension -> low == extension;
      case Type.Entity(var names) ->
          low instanceof Type.Entity(var lowNames)
              && (strict() ? lowNames.equals(names) : names.containsAll(lowNames));
      case Type.SetOf(Type element) ->
          low instanceof Type.SetOf(Type lowElement) && isSubtype(lowElement, element);
      case Type.Record record ->
          low instanceof Type.Record lowRecord && isSubrecord(lowRecord, record);
    };
  }

  private boolean isSubtypeOfSimple(Type low, Type.Simple high) {
    return switch (high) {
      case BOOL -> low.isBool();
      case ANY_SET -> low == high || low instanceof Type.SetOf;
      case ANY_ENTITY -> low == high || (low instanceof Type.Entity && !strict());
      case NEVER, TRUE, FALSE, LONG, STRING -> low == high;
    };
  }

  private boolean isSubrecord(Type.Record low, Type.Record high) {
    if (low.open() && !high.open()) {
      return false;
    }
    boolean sameWidth = low.attributes().keySet().equals(high.attributes().keySet());
    boolean widthMatches = sameWidth || (high.open() && !strict());
    return widthMatches
        && high.attributes().entrySet().stream()
            .allMatch(wanted -> {
              Attribute has = low.attributes().get(wanted.getKey());
              return has != null && isSubtype(has, wanted.getValue());
            });
  }

  private boolean isSubtype(Attribute low, Attribute high) {
    boolean qualifies =
        strict() ? low.required() == high.required() : low.required() || !high.required();
    return qualifies && isSubtype(low.type(), high.type());
  }

  /** The bound of all of them; of none it is {@code NEVER}. */
  Bound upperBound(List<Type> types) {
    Type bound = Type.Simple.NEVER;
    for (Type type : types) {
      switch (upperBound(bound, type)) {
        case Bound.Found(Type next) -> bound = next;
        case Bound.Missing clash -> {
          return clash;
        }
      }
    }
    return found(bound);
  }

  Bound upperBound(Type one, Type other) {
    if (isSubtype(one, other)) {
      return found(other);
    }
    if (isSubtype(other, one)) {
      return found(one);
    }
    if (one.isBool() && other.isBool()) {
      return found(Type.Simple.BOOL);
    }
    if (one instanceof Type.SetOf(Type first) && other instanceof Type.SetOf(Type second)) {
      return switch (upperBound(first, second)) {
        case Bound.Found(Type element) -> found(new Type.SetOf(element));
        case Bound.Missing clash -> clash;
      };
    }
    if (one instanceof Type.Record first && other instanceof Type.Record second) {
      return strict() ? strictBound(first, second) : permissiveBound(first, second);
    }
    if (isEntity(one) && isEntity(other)) {
      return strict() ? missing(Clash.ENTITY_TYPE) : found(union(one, other));
    }
    boolean entityAndRecord =
        (isEntity(one) && other instanceof Type.Record)
            || (one instanceof Type.Record && isEntity(other));
    return missing(entityAndRecord ? Clash.ENTITY_AND_RECORD : Clash.NONE);
  }

  static boolean isEntity(Type type) {
    return type == Type.Simple.ANY_ENTITY || type instanceof Type.Entity;
  }

  private static Type union(Type one, Type other) {
    if (one instanceof Type.Entity(var first) && other instanceof Type.Entity(var second)) {
      SortedSet<EntityType> names = new TreeSet<>(first);
      names.addAll(second);
      return new Type.Entity(names);
    }
    return Type.Simple.ANY_ENTITY;
  }

  private Bound strictBound(Type.Record one, Type.Record other) {
    if (!one.attributes().keySet().equals(other.attributes().keySet())) {
      return missing(Clash.RECORD_WIDTH);
    }
    SortedMap<String, Attribute> attributes = new TreeMap<>();
    for (Map.Entry<String, Attribute> entry : one.attributes().entrySet()) {
      Attribute first = entry.getValue();
      Attribute second = other.attributes().getOrDefault(entry.getKey(), first);
      switch (upperBound(first.type(), second.type())) {
        case Bound.Missing clash -> {
          return clash;
        }
        case Bound.Found(Type type) -> {
          if (first.required() != second.required()) {
            return missing(Clash.OPTIONALITY);
          }
          attributes.put(entry.getKey(), new Attribute(type, first.required()));
        }
      }
    }
    return found(new Type.Record(attributes, one.open() || other.open()));
  }

  private Bound permissiveBound(Type.Record one, Type.Record other) {
    SortedMap<String, Attribute> attributes =
        commonAttributes(one.attributes(), other.attributes());
    boolean narrowed =
        !attributes.keySet().containsAll(one.attributes().keySet())
            || !attributes.keySet().containsAll(other.attributes().keySet());
    return found(new Type.Record(attributes, one.open() || other.open() || narrowed));
  }

  /** Attributes that both have, with types that have a bound; required where both require them. */
  static SortedMap<String, Attribute> commonAttributes(
      SortedMap<String, Attribute> one, SortedMap<String, Attribute> other) {
    TypeLattice permissive = new TypeLattice(ValidationMode.PERMISSIVE);
    SortedMap<String, Attribute> common = new TreeMap<>();
    one.forEach((name, first) -> {
      Attribute second = other.get(name);
      if (second != null
          && permissive.upperBound(first.type(), second.type()) instanceof Bound.Found(var t)) {
        common.put(name, new Attribute(t, first.required() && second.required()));
      }
    });
    return common;
  }

  /** True where no value can have both types; false where that is not known. */
  static boolean areDisjoint(Type one, Type other) {
    return one instanceof Type.Entity(var first)
        && other instanceof Type.Entity(var second)
        && Collections.disjoint(first, second);
  }
}
