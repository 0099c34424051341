package io.margay.cedar.schema;

import io.margay.cedar.CedarError;
import io.margay.cedar.ast.Span;
import io.margay.cedar.schema.SchemaDocument.ActionName;
import io.margay.cedar.value.EntityType;
import io.margay.cedar.value.EntityUid;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Every name that a document declares, and what a written name refers to. An unqualified name is
 * looked for in the namespace that it is written in, then outside of all namespaces; a qualified
 * one is complete. In each place a common type is found before an entity type of the same name.
 */
final class DeclaredNames {
  private final Map<String, Span> commonTypes = new TreeMap<>();
  private final Map<String, Span> entityTypes = new TreeMap<>();
  private final Map<EntityUid, Span> actions = new TreeMap<>();
  private final Set<String> actionTypes = new TreeSet<>();

  DeclaredNames(SchemaDocument document) {
    document
        .namespaces()
        .forEach((ns, namespace) -> {
          namespace
              .commonTypes()
              .forEach((id, t) -> commonTypes.put(SchemaNames.qualify(ns, id), t.span()));
          namespace
              .entityTypes()
              .forEach((id, e) -> entityTypes.put(SchemaNames.qualify(ns, id), e.span()));
          namespace.actions().forEach((id, a) -> actions.put(action(ns, id), a.span()));
        });
    actions.keySet().forEach(action -> actionTypes.add(action.type().name()));
  }

  EntityUid action(String namespace, String id) {
    return EntityUid.of(SchemaNames.qualify(namespace, "Action"), id);
  }

  Span actionSpan(EntityUid action) {
    return actions.getOrDefault(action, Span.NONE);
  }

  boolean isDeclaredEntityType(EntityType type) {
    return entityTypes.containsKey(type.name());
  }

  SortedSet<String> entityTypeNames() {
    return new TreeSet<>(entityTypes.keySet());
  }

  /** What a type may be called at all. */
  SortedSet<String> typeNames() {
    SortedSet<String> known = new TreeSet<>(entityTypes.keySet());
    known.addAll(commonTypes.keySet());
    known.addAll(BuiltInTypes.NAMES);
    return known;
  }

  SortedSet<String> actionIds() {
    SortedSet<String> ids = new TreeSet<>();
    actions.keySet().forEach(action -> ids.add(action.id()));
    return ids;
  }

  /** The complete name of a declared common type; empty where there is none. */
  Optional<String> commonType(String name, String namespace) {
    return possibilities(name, namespace).stream().filter(this::isCommonType).findFirst();
  }

  Optional<EntityType> entityType(String name, String namespace) {
    return possibilities(name, namespace).stream()
        .filter(this::isEntityType)
        .map(EntityType::new)
        .findFirst();
  }

  /** The first complete name that is anything; a caller asks whether that is a common type. */
  Optional<String> anyType(String name, String namespace) {
    return possibilities(name, namespace).stream()
        .filter(n -> isCommonType(n) || isEntityType(n))
        .findFirst();
  }

  /** Declared, built in, or a built-in type's short name that nothing declared takes. */
  boolean isCommonType(String name) {
    return commonTypes.containsKey(name)
        || BuiltInTypes.isQualified(name)
        || (BuiltInTypes.NAMES.contains(name) && !entityTypes.containsKey(name));
  }

  private boolean isEntityType(String name) {
    return entityTypes.containsKey(name) || actionTypes.contains(name);
  }

  Optional<EntityUid> actionNamed(ActionName written, String namespace) {
    String type = written.type() == null ? "Action" : written.type();
    return possibilities(type, namespace).stream()
        .map(name -> EntityUid.of(name, written.id()))
        .filter(actions::containsKey)
        .findFirst();
  }

  private static List<String> possibilities(String name, String namespace) {
    return name.contains("::") || namespace.isEmpty()
        ? List.of(name)
        : List.of(SchemaNames.qualify(namespace, name), name);
  }

  /** A name outside of all namespaces may not be declared again in one: it would change meaning. */
  List<CedarError> shadowed() {
    List<CedarError> errors = new ArrayList<>();
    Map<String, String> inNamespaces = new HashMap<>();
    Map<String, Span> all = new TreeMap<>(entityTypes);
    all.putAll(commonTypes);
    for (String name : all.keySet()) {
      EntityType type = new EntityType(name);
      if (!type.namespace().isEmpty()) {
        inNamespaces.putIfAbsent(type.basename(), name);
      }
    }
    all.forEach((name, span) -> addShadowing(name, inNamespaces.get(name), span, errors));
    Map<String, EntityUid> actionsInNamespaces = new HashMap<>();
    for (EntityUid action : actions.keySet()) {
      if (!action.type().namespace().isEmpty()) {
        actionsInNamespaces.putIfAbsent(action.id(), action);
      }
    }
    actions.forEach((action, span) -> {
      if (action.type().namespace().isEmpty()) {
        EntityUid other = actionsInNamespaces.get(action.id());
        addShadowing(action.toString(), other == null ? null : other.toString(), span, errors);
      }
    });
    return errors;
  }

  private static void addShadowing(
      String name, @Nullable String other, Span span, List<CedarError> errors) {
    if (other != null) {
      errors.add(
          CedarError.at(
              span,
              other + " hides " + name + ", which is declared outside of all namespaces",
              "rename one of them"));
    }
  }
}
