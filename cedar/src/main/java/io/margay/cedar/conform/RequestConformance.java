package io.margay.cedar.conform;

import io.margay.cedar.CedarError;
import io.margay.cedar.Request;
import io.margay.cedar.ast.Span;
import io.margay.cedar.conform.TypeConformance.Mismatch;
import io.margay.cedar.schema.ActionInfo;
import io.margay.cedar.schema.NearestName;
import io.margay.cedar.schema.Schema;
import io.margay.cedar.value.EntityType;
import io.margay.cedar.value.EntityUid;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;

/**
 * Whether a request is one that a schema allows: known types and action, and a context that fits.
 */
public final class RequestConformance {
  private RequestConformance() {}

  /** What is wrong with a request; nothing where the schema allows it. */
  public static List<CedarError> check(Request request, Schema schema) {
    List<CedarError> errors = new ArrayList<>();
    checkEntity("principal", request.principal(), schema, errors);
    checkEntity("resource", request.resource(), schema, errors);
    ActionInfo action = schema.action(request.action());
    if (action == null) {
      Set<String> known = new HashSet<>();
      schema.actions().forEach(info -> known.add(info.name().toString()));
      errors.add(
          error(
              "action",
              "the schema has no action " + request.action(),
              NearestName.suggestion(request.action().toString(), known, "declare it")));
      return errors;
    }
    checkApplies("principal", request.principal().type(), action, action.principals(), errors);
    checkApplies("resource", request.resource().type(), action, action.resources(), errors);
    TypeConformance.check(request.context(), action.context(), schema)
        .ifPresent(m -> errors.add(error("context" + m.path(), m.message(), m.suggestion())));
    return errors;
  }

  private static CedarError error(String part, String message, String suggestion) {
    return CedarError.at(Span.NONE, "request " + part + ": " + message, suggestion);
  }

  private static void checkEntity(
      String part, EntityUid uid, Schema schema, List<CedarError> errors) {
    if (schema.entityType(uid.type()) == null) {
      Set<String> known = new HashSet<>();
      schema.entityTypes().forEach(type -> known.add(type.name().name()));
      errors.add(
          error(
              part,
              "the schema has no entity type " + uid.type(),
              NearestName.suggestion(uid.type().name(), known, "declare it")));
      return;
    }
    Optional<Mismatch> unknown = TypeConformance.unknown(uid, schema);
    unknown.ifPresent(m -> errors.add(error(part, m.message(), m.suggestion())));
  }

  private static void checkApplies(
      String part,
      EntityType type,
      ActionInfo action,
      SortedSet<EntityType> types,
      List<CedarError> errors) {
    if (!types.contains(type)) {
      errors.add(
          error(
              part,
              action.name() + " does not apply to a " + part + " of type " + type,
              types.isEmpty() ? "it applies to none" : "it applies to " + types));
    }
  }
}
