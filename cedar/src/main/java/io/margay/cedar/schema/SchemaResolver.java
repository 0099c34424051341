package io.margay.cedar.schema;

import io.margay.cedar.CedarError;
import io.margay.cedar.CedarParseException;
import io.margay.cedar.schema.SchemaDocument.ActionDeclaration;
import io.margay.cedar.schema.SchemaDocument.ActionName;
import io.margay.cedar.schema.SchemaDocument.EntityDeclaration;
import io.margay.cedar.schema.SchemaDocument.Namespace;
import io.margay.cedar.schema.SchemaDocument.TypeExpression;
import io.margay.cedar.schema.SchemaDocument.TypeName;
import io.margay.cedar.value.EntityType;
import io.margay.cedar.value.EntityUid;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** Turns a document into a schema: resolves every name and closes the hierarchies. */
final class SchemaResolver {
  private final SchemaDocument document;
  private final DeclaredNames names;
  private final TypeResolver types;
  private final List<CedarError> errors = new ArrayList<>();

  SchemaResolver(SchemaDocument document) {
    this.document = document;
    this.names = new DeclaredNames(document);
    this.types = new TypeResolver(document, names, errors);
  }

  Schema resolve() {
    errors.addAll(names.shadowed());
    stopOnErrors();
    types.resolveCommonTypes();
    SortedMap<EntityType, SortedSet<EntityType>> parents = new TreeMap<>();
    SortedMap<EntityUid, SortedSet<EntityUid>> groups = new TreeMap<>();
    document
        .namespaces()
        .forEach((name, namespace) -> {
          namespace
              .entityTypes()
              .forEach((id, e) -> parents.put(type(name, id), parentTypes(name, e)));
          namespace
              .actions()
              .forEach((id, a) -> groups.put(names.action(name, id), groups(name, a)));
        });
    Hierarchy<EntityType> typeHierarchy = Hierarchy.of(parents);
    Hierarchy<EntityUid> actionHierarchy = Hierarchy.of(groups);
    refuseCycles(actionHierarchy);

    SortedMap<EntityType, EntityTypeInfo> entityTypes = new TreeMap<>();
    SortedMap<EntityUid, ActionInfo> actions = new TreeMap<>();
    document
        .namespaces()
        .forEach((name, namespace) -> {
          addEntityTypes(name, namespace, typeHierarchy, entityTypes);
          addActions(name, namespace, actionHierarchy, actions);
        });
    stopOnErrors();
    return new Schema(document, entityTypes, actions);
  }

  private void stopOnErrors() {
    if (!errors.isEmpty()) {
      throw new CedarParseException(errors);
    }
  }

  private static EntityType type(String namespace, String id) {
    return new EntityType(SchemaNames.qualify(namespace, id));
  }

  private void addEntityTypes(
      String namespace,
      Namespace declared,
      Hierarchy<EntityType> hierarchy,
      Map<EntityType, EntityTypeInfo> into) {
    declared
        .entityTypes()
        .forEach((id, declaration) -> {
          EntityType name = type(namespace, id);
          into.put(name, entityType(namespace, name, declaration, hierarchy));
        });
  }

  private EntityTypeInfo entityType(
      String namespace,
      EntityType name,
      EntityDeclaration declaration,
      Hierarchy<EntityType> hierarchy) {
    SortedSet<EntityType> ancestors = hierarchy.ancestors(name);
    SortedSet<EntityType> descendants = hierarchy.descendants(name);
    return switch (declaration) {
      case EntityDeclaration.Standard standard ->
          new EntityTypeInfo(
              name,
              ancestors,
              descendants,
              record(standard.shape(), namespace, "the attributes of an entity type"),
              Optional.ofNullable(standard.tags()).map(tags -> types.resolve(tags, namespace)),
              Optional.empty(),
              standard.annotations());
      case EntityDeclaration.Enumerated enumerated ->
          new EntityTypeInfo(
              name,
              ancestors,
              descendants,
              Type.Record.EMPTY,
              Optional.empty(),
              Optional.of(new TreeSet<>(enumerated.ids())),
              enumerated.annotations());
    };
  }

  private SortedSet<EntityType> parentTypes(String namespace, EntityDeclaration declaration) {
    return switch (declaration) {
      case EntityDeclaration.Standard standard -> entityTypes(standard.parents(), namespace);
      case EntityDeclaration.Enumerated _ -> new TreeSet<>();
    };
  }

  /** Declared entity types only: actions are neither parents of other types nor in requests. */
  private SortedSet<EntityType> entityTypes(List<TypeName> written, String namespace) {
    SortedSet<EntityType> found = new TreeSet<>();
    for (TypeName name : written) {
      Optional<EntityType> type = names.entityType(name.text(), namespace);
      if (type.isPresent() && names.isDeclaredEntityType(type.get())) {
        found.add(type.get());
      } else {
        errors.add(
            CedarError.at(
                name.span(),
                "the entity type " + name.text() + " is not declared",
                NearestName.suggestion(
                    name.text(), names.entityTypeNames(), "declare it with entity")));
      }
    }
    return found;
  }

  private void addActions(
      String namespace,
      Namespace declared,
      Hierarchy<EntityUid> hierarchy,
      Map<EntityUid, ActionInfo> into) {
    declared
        .actions()
        .forEach((id, declaration) -> {
          EntityUid name = names.action(namespace, id);
          into.put(name, action(namespace, name, declaration, hierarchy));
        });
  }

  private ActionInfo action(
      String namespace,
      EntityUid name,
      ActionDeclaration declaration,
      Hierarchy<EntityUid> hierarchy) {
    // A group applies to nothing.
    SchemaDocument.AppliesTo applies =
        Objects.requireNonNullElse(
            declaration.appliesTo(),
            new SchemaDocument.AppliesTo(List.of(), List.of(), TypeExpression.RecordOf.empty()));
    return new ActionInfo(
        name,
        entityTypes(applies.principals(), namespace),
        entityTypes(applies.resources(), namespace),
        record(applies.context(), namespace, "the context"),
        hierarchy.ancestors(name),
        hierarchy.descendants(name),
        declaration.annotations());
  }

  private SortedSet<EntityUid> groups(String namespace, ActionDeclaration declaration) {
    SortedSet<EntityUid> found = new TreeSet<>();
    for (ActionName written : declaration.memberOf()) {
      names
          .actionNamed(written, namespace)
          .ifPresentOrElse(
              found::add,
              () ->
                  errors.add(
                      CedarError.at(
                          written.span(),
                          "the action \"" + written.id() + "\" is not declared",
                          NearestName.suggestion(
                              written.id(), names.actionIds(), "declare it with action"))));
    }
    return found;
  }

  private Type.Record record(TypeExpression expression, String namespace, String what) {
    if (types.resolve(expression, namespace) instanceof Type.Record record) {
      return record;
    }
    // An unresolved name has an error of its own already.
    if (errors.isEmpty()) {
      errors.add(
          CedarError.at(
              expression.span(),
              what + " must be a record",
              "write { … } or name a type that is one"));
    }
    return Type.Record.EMPTY;
  }

  private void refuseCycles(Hierarchy<EntityUid> hierarchy) {
    Set<EntityUid> cyclic = hierarchy.cyclic();
    if (!cyclic.isEmpty()) {
      EntityUid first = cyclic.iterator().next();
      errors.add(
          CedarError.at(
              names.actionSpan(first),
              "the action " + first + " is in itself through its groups",
              "remove one of the memberships"));
    }
  }
}
