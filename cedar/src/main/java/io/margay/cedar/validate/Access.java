package io.margay.cedar.validate;

import io.margay.cedar.ast.Expr;
import io.margay.cedar.ast.Variable;
import io.margay.cedar.schema.EntityTypeInfo;
import io.margay.cedar.schema.NearestName;
import io.margay.cedar.schema.Type;
import io.margay.cedar.schema.Type.Attribute;
import io.margay.cedar.schema.Type.Simple;
import io.margay.cedar.validate.TypeLattice.Bound;
import io.margay.cedar.validate.ValidationProblem.Kind;
import io.margay.cedar.value.CedarText;
import io.margay.cedar.value.EntityType;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Attributes and tags: whether they exist, and whether that is sure before they are read. */
final class Access {
  private static final List<Type> WITH_ATTRIBUTES = List.of(Simple.ANY_ENTITY, Type.Record.ANY);

  private final EnvironmentChecker checker;

  Access(EnvironmentChecker checker) {
    this.checker = checker;
  }

  Answer getAttribute(Capabilities prior, Expr.GetAttribute get) {
    Answer target = checker.expectOneOf(prior, get.target(), WITH_ATTRIBUTES, actual -> "");
    List<TypedExpr> parts = List.of(target.typed());
    Type owner = target.type();
    if (owner == null) {
      return Answer.failure(get, null, parts);
    }
    Attribute attribute = attributes(owner).get(get.attribute());
    if (attribute == null) {
      reportUnknown(get, owner);
      return Answer.failure(get, null, parts);
    }
    if (!attribute.required()
        && !prior.has(Capabilities.attribute(get.target(), get.attribute()))) {
      reportOptional(get, owner);
      return Answer.failure(get, attribute.type(), parts);
    }
    return Answer.success(get, attribute.type(), parts).given(target.ok());
  }

  Answer hasAttribute(Capabilities prior, Expr.HasAttribute has) {
    String name = has.path().getFirst();
    Answer target =
        checker.expectOneOf(
            prior,
            has.target(),
            WITH_ATTRIBUTES,
            actual -> {
              if (actual == Simple.STRING) {
                return "use like to look into a string";
              }
              return Operators.isSet(actual) ? "use contains to look into a set" : "";
            });
    List<TypedExpr> parts = List.of(target.typed());
    Type owner = target.type();
    if (owner == null) {
      return Answer.failure(has, Simple.BOOL, parts);
    }
    Attribute attribute = attributes(owner).get(name);
    if (attribute == null) {
      Simple result = mayHave(owner, name) ? Simple.BOOL : Simple.FALSE;
      return Answer.success(has, result, parts).given(target.ok());
    }
    Capabilities.Capability capability = Capabilities.attribute(has.target(), name);
    // An entity may be missing from the store, so even a required attribute of it may be.
    boolean sure = (attribute.required() && owner instanceof Type.Record) || prior.has(capability);
    return Answer.success(has, sure ? Simple.TRUE : Simple.BOOL, parts, Capabilities.of(capability))
        .given(target.ok());
  }

  /** The attributes that a value of the type is known to have, or may have where optional. */
  private SortedMap<String, Attribute> attributes(Type owner) {
    return switch (owner) {
      case Type.Record record -> record.attributes();
      case Type.Entity(var names) -> {
        SortedMap<String, Attribute> common = null;
        for (EntityType name : names) {
          EntityTypeInfo info = checker.schema.entityType(name);
          SortedMap<String, Attribute> own = info == null ? new TreeMap<>() : info.attributes();
          common = common == null ? own : TypeLattice.commonAttributes(common, own);
        }
        yield common == null ? new TreeMap<>() : common;
      }
      case Simple _, Type.SetOf _, Type.Extension _ -> new TreeMap<>();
    };
  }

  /** True where an attribute that is not known may be there all the same. */
  private boolean mayHave(Type owner, String name) {
    return switch (owner) {
      case Type.Record record -> record.open() || record.attributes().containsKey(name);
      case Type.Entity(var names) -> names.stream().anyMatch(type -> mayHave(type, name));
      case Simple simple -> simple == Simple.NEVER || simple == Simple.ANY_ENTITY;
      case Type.SetOf _, Type.Extension _ -> false;
    };
  }

  private boolean mayHave(EntityType type, String name) {
    EntityTypeInfo info = checker.schema.entityType(type);
    // Nothing is known about an undeclared type; actions have no attributes.
    return info == null ? !type.isAction() : info.attributes().containsKey(name);
  }

  private void reportUnknown(Expr.GetAttribute get, Type owner) {
    String otherwise =
        mayHave(owner, get.attribute())
            ? "only some of these types have it; test the type with is first"
            : "declare it in the schema";
    checker.report(
        Kind.UNKNOWN_ATTRIBUTE,
        get.span(),
        "no attribute " + shown(get, owner),
        NearestName.suggestion(get.attribute(), attributes(owner).keySet(), otherwise));
  }

  private void reportOptional(Expr.GetAttribute get, Type owner) {
    String guard =
        get.target() instanceof Expr.Var(Variable variable, _) ? variable.text() : "the same value";
    checker.report(
        Kind.OPTIONAL_ATTRIBUTE,
        get.span(),
        "the optional attribute " + shown(get, owner) + " may be missing here",
        "test before with " + guard + " has " + name(get.attribute()) + " && …");
  }

  private static String shown(Expr.GetAttribute get, Type owner) {
    boolean context =
        get.target() instanceof Expr.Var(Variable variable, _) && variable == Variable.CONTEXT;
    String where = context ? "the context" : owner.toString();
    return name(get.attribute()) + " in " + where;
  }

  private static String name(String attribute) {
    return CedarText.isIdentifier(attribute) ? attribute : CedarText.quote(attribute);
  }

  Answer hasTag(Capabilities prior, Expr.Binary has) {
    Answer target = entity(prior, has.left());
    Answer key = tagName(prior, has.right());
    List<TypedExpr> parts = List.of(target.typed(), key.typed());
    Type owner = target.type();
    if (owner == null) {
      return Answer.failure(has, null, parts);
    }
    Capabilities.Capability capability = Capabilities.tag(has.left(), has.right());
    Simple result = Simple.BOOL;
    if (tagTypes(owner).isEmpty()) {
      result = Simple.FALSE;
    } else if (prior.has(capability)) {
      result = Simple.TRUE;
    }
    return Answer.success(has, result, parts, Capabilities.of(capability))
        .given(target.ok() && key.ok());
  }

  Answer getTag(Capabilities prior, Expr.Binary get) {
    Answer target = entity(prior, get.left());
    Answer key = tagName(prior, get.right());
    List<TypedExpr> parts = List.of(target.typed(), key.typed());
    Type owner = target.type();
    if (owner == null) {
      return Answer.failure(get, null, parts);
    }
    if (!prior.has(Capabilities.tag(get.left(), get.right()))) {
      checker.report(
          Kind.UNCHECKED_TAG,
          get.span(),
          "the tag may be missing from this " + owner,
          "test before with .hasTag(…) && … on the same entity and name");
      return Answer.failure(get, null, parts);
    }
    Type tag = tagType(get, owner);
    return tag == null
        ? Answer.failure(get, null, parts)
        : Answer.success(get, tag, parts).given(target.ok() && key.ok());
  }

  private @Nullable Type tagType(Expr.Binary get, Type owner) {
    List<Type> types = List.copyOf(tagTypes(owner));
    if (types.isEmpty()) {
      checker.report(
          Kind.NO_TAGS,
          get.span(),
          "entities of " + owner + " have no tags",
          "declare tags for it");
      return null;
    }
    return switch (checker.lattice.upperBound(types)) {
      case Bound.Found(Type type) -> type;
      case Bound.Missing(TypeLattice.Clash clash) -> {
        checker.reportIncompatible(get, types, clash, "the tags of these entity types");
        yield null;
      }
    };
  }

  private Set<Type> tagTypes(Type owner) {
    Set<Type> types = new LinkedHashSet<>();
    for (EntityTypeInfo info : checker.schema.entityTypes()) {
      boolean counts = !(owner instanceof Type.Entity(var names)) || names.contains(info.name());
      if (counts) {
        info.tags().ifPresent(types::add);
      }
    }
    return types;
  }

  private Answer entity(Capabilities prior, Expr expr) {
    return checker.expect(prior, expr, Simple.ANY_ENTITY, actual -> "only entities have tags");
  }

  private Answer tagName(Capabilities prior, Expr expr) {
    return checker.expect(prior, expr, Simple.STRING, actual -> "names of tags are strings");
  }
}
