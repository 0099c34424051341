package io.margay.cedar.schema;

import io.margay.cedar.CedarError;
import io.margay.cedar.schema.SchemaDocument.TypeExpression;
import io.margay.cedar.value.EntityType;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** Resolves types as written, through common types, to the types of values. */
final class TypeResolver {
  /** Types nested deeper, common types expanded, are refused: validation recurses into them. */
  private static final int MAX_DEPTH = 400;

  /** A resolved type and how deep it nests; unknown names give {@code NEVER} and an error. */
  private record Resolved(Type type, int depth) {
    static final Resolved UNKNOWN = new Resolved(Type.Simple.NEVER, 1);
  }

  private final Map<String, CommonDeclaration> declared = new TreeMap<>();
  private final DeclaredNames names;
  private final List<CedarError> errors;
  private final Map<String, Resolved> resolvedCommonTypes = new HashMap<>();
  private final Set<String> inProgress = new HashSet<>();

  private record CommonDeclaration(TypeExpression type, String namespace) {}

  TypeResolver(SchemaDocument document, DeclaredNames names, List<CedarError> errors) {
    this.names = names;
    this.errors = errors;
    document
        .namespaces()
        .forEach((ns, namespace) ->
            namespace
                .commonTypes()
                .forEach((id, common) ->
                    declared.put(
                        SchemaNames.qualify(ns, id), new CommonDeclaration(common.type(), ns))));
  }

  /** Finds cycles and unknown names in all common types, also in those that nothing refers to. */
  void resolveCommonTypes() {
    declared.forEach((name, declaration) -> common(name, declaration.type()));
  }

  Type resolve(TypeExpression expression, String namespace) {
    return resolveAt(expression, namespace).type();
  }

  private Resolved resolveAt(TypeExpression expression, String namespace) {
    return switch (expression) {
      case TypeExpression.Primitive(Type type, _) -> new Resolved(type, 1);
      case TypeExpression.SetOf(TypeExpression element, _) -> {
        Resolved inner = resolveAt(element, namespace);
        yield deeper(new Type.SetOf(inner.type()), inner.depth(), expression);
      }
      case TypeExpression.RecordOf record -> record(record, namespace);
      case TypeExpression.Reference reference -> reference(reference, namespace);
    };
  }

  private Resolved deeper(Type type, int innerDepth, TypeExpression expression) {
    if (innerDepth < MAX_DEPTH) {
      return new Resolved(type, innerDepth + 1);
    }
    return refuse(
        expression,
        "with its common types expanded, the type nests deeper than " + MAX_DEPTH,
        "put the inner parts into entities of their own");
  }

  private Resolved record(TypeExpression.RecordOf record, String namespace) {
    SortedMap<String, Type.Attribute> attributes = new TreeMap<>();
    int depth = 0;
    for (var entry : record.attributes().entrySet()) {
      Resolved inner = resolveAt(entry.getValue().type(), namespace);
      depth = Math.max(depth, inner.depth());
      attributes.put(entry.getKey(), new Type.Attribute(inner.type(), entry.getValue().required()));
    }
    return deeper(Type.Record.closed(attributes), depth, record);
  }

  private Resolved reference(TypeExpression.Reference reference, String namespace) {
    String written = reference.name().text();
    Optional<String> found =
        switch (reference.kind()) {
          case COMMON -> names.commonType(written, namespace);
          case ENTITY -> names.entityType(written, namespace).map(EntityType::name);
          case COMMON_OR_ENTITY -> names.anyType(written, namespace);
        };
    if (found.isEmpty()) {
      String what =
          switch (reference.kind()) {
            case COMMON -> "the common type ";
            case ENTITY -> "the entity type ";
            case COMMON_OR_ENTITY -> "the type ";
          };
      return refuse(
          reference,
          what + written + " is not declared",
          NearestName.suggestion(written, names.typeNames(), "declare it with entity or type"));
    }
    String name = found.get();
    boolean common = reference.kind() != TypeExpression.Kind.ENTITY && names.isCommonType(name);
    return common ? common(name, reference) : new Resolved(Type.Entity.of(new EntityType(name)), 1);
  }

  private Resolved common(String name, TypeExpression mention) {
    Resolved known = resolvedCommonTypes.get(name);
    if (known != null) {
      return known;
    }
    CommonDeclaration declaration = declared.get(name);
    Type builtIn = BuiltInTypes.named(name);
    if (declaration == null) {
      return builtIn == null ? Resolved.UNKNOWN : new Resolved(builtIn, 1);
    }
    if (!inProgress.add(name)) {
      return refuse(
          mention, "the type " + name + " contains itself", "break the cycle with an entity type");
    }
    if (inProgress.size() > MAX_DEPTH) {
      return refuse(
          mention,
          "common types refer to each other more than " + MAX_DEPTH + " deep",
          "name the inner types directly");
    }
    Resolved resolved = resolveAt(declaration.type(), declaration.namespace());
    inProgress.remove(name);
    resolvedCommonTypes.put(name, resolved);
    return resolved;
  }

  private Resolved refuse(TypeExpression expression, String message, String suggestion) {
    errors.add(CedarError.at(expression.span(), message, suggestion));
    return Resolved.UNKNOWN;
  }
}
