package io.margay.cedar.conform;

import io.margay.cedar.CedarError;
import io.margay.cedar.ast.Span;
import io.margay.cedar.conform.TypeConformance.Mismatch;
import io.margay.cedar.entity.StoredEntity;
import io.margay.cedar.schema.ActionInfo;
import io.margay.cedar.schema.EntityTypeInfo;
import io.margay.cedar.schema.NearestName;
import io.margay.cedar.schema.Schema;
import io.margay.cedar.schema.Type;
import io.margay.cedar.value.EntityUid;
import io.margay.cedar.value.Value;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Whether entities are as a schema says: attributes, tags, ancestors, ids. */
public final class EntityConformance {
  private final Schema schema;

  public EntityConformance(Schema schema) {
    this.schema = schema;
  }

  /**
   * What is wrong with an entity; nothing where it conforms.
   *
   * @param span where it is written
   */
  public List<CedarError> check(StoredEntity stored, Span span) {
    List<CedarError> errors = new ArrayList<>();
    EntityUid uid = stored.uid();
    if (uid.type().isAction()) {
      checkAction(stored, span, errors);
      return errors;
    }
    EntityTypeInfo info = schema.entityType(uid.type());
    if (info == null) {
      Set<String> known = new HashSet<>();
      schema.entityTypes().forEach(type -> known.add(type.name().name()));
      errors.add(
          error(
              span,
              uid,
              new Mismatch(
                  "",
                  "the schema has no entity type " + uid.type(),
                  NearestName.suggestion(uid.type().name(), known, "declare it"))));
      return errors;
    }
    TypeConformance.unknown(uid, schema).ifPresent(m -> errors.add(error(span, uid, m)));
    TypeConformance.check(stored.entity().attributes(), info.shape(), schema)
        .ifPresent(m -> errors.add(error(span, uid, m)));
    checkTags(stored, info, span, errors);
    checkAncestors(stored, info, span, errors);
    return errors;
  }

  private static CedarError error(Span span, EntityUid uid, Mismatch mismatch) {
    return CedarError.at(
        span, "entity " + uid + mismatch.path() + ": " + mismatch.message(), mismatch.suggestion());
  }

  private void checkTags(
      StoredEntity stored, EntityTypeInfo info, Span span, List<CedarError> errors) {
    Map<String, Value> tags = stored.entity().tags().attributes();
    if (tags.isEmpty()) {
      return;
    }
    if (info.tags().isEmpty()) {
      errors.add(
          error(
              span,
              stored.uid(),
              new Mismatch("", "entities of " + info.name() + " have no tags", "remove them")));
      return;
    }
    Type type = info.tags().get();
    tags.forEach((name, value) ->
        TypeConformance.check(value, type, schema)
            .ifPresent(m -> errors.add(error(span, stored.uid(), m.under(name)))));
  }

  private void checkAncestors(
      StoredEntity stored, EntityTypeInfo info, Span span, List<CedarError> errors) {
    for (EntityUid ancestor : stored.ancestors().toSet()) {
      if (!info.ancestors().contains(ancestor.type())) {
        errors.add(
            error(
                span,
                stored.uid(),
                new Mismatch(
                    "",
                    "it is in "
                        + ancestor
                        + ", but the schema lets no "
                        + info.name()
                        + " be in a "
                        + ancestor.type(),
                    "remove the parent, or declare it: entity "
                        + info.name().basename()
                        + " in …")));
      }
      TypeConformance.unknown(ancestor, schema)
          .ifPresent(m -> errors.add(error(span, stored.uid(), m)));
    }
  }

  /** Actions come from the schema; an entity that repeats one must say the same. */
  private void checkAction(StoredEntity stored, Span span, List<CedarError> errors) {
    ActionInfo action = schema.action(stored.uid());
    if (action == null) {
      errors.add(
          error(
              span,
              stored.uid(),
              new Mismatch("", "the schema has no such action", "declare it in the schema")));
      return;
    }
    boolean same =
        stored.ancestors().toSet().equals(action.ancestors())
            && stored.entity().attributes().attributes().isEmpty()
            && stored.entity().tags().attributes().isEmpty();
    if (!same) {
      errors.add(
          error(
              span,
              stored.uid(),
              new Mismatch(
                  "",
                  "it differs from the schema, which puts it in " + action.ancestors(),
                  "leave actions out of the entities: the schema adds them")));
    }
  }
}
