package io.margay.store.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Server-side apply: a manager states the fields it cares about; they are merged into the object,
 * fields that it stated before and states no longer are removed unless somebody else manages them,
 * and changing what somebody else manages is a conflict unless forced.
 */
public final class ServerSideApply {
  private ServerSideApply() {}

  /** What became of an apply. */
  public sealed interface Result {
    /** The object to store. */
    record Applied(ObjectNode object) implements Result {}

    /** Others manage fields that this would change. Nothing is to be stored. */
    record Conflicts(List<Conflict> conflicts) implements Result {}
  }

  /** One field that somebody else manages. */
  public record Conflict(String manager, String field) {}

  /**
   * Applies a manager's intent.
   *
   * @param current the stored object; an empty object where there is none
   * @param applied apiVersion, kind, name, and the fields that the manager cares about
   * @param force take fields over instead of reporting a conflict
   * @throws PatchException if the intent carries managed fields, or list items without identity
   */
  public static Result apply(
      ObjectNode current,
      ObjectNode applied,
      String manager,
      boolean force,
      Instant now,
      ListTypes types) {
    JsonNode stated = applied.path("metadata").path("managedFields");
    if (!stated.isMissingNode() && !stated.isEmpty()) {
      throw new PatchException("metadata.managedFields must be left out of an applied object");
    }
    FieldTree tree = new FieldTree(types);
    ObjectNode intent = ManagedFields.unmanaged(applied);
    FieldSet wanted = intent.isEmpty() ? FieldSet.EMPTY : tree.fields(intent);
    ManagedFields managers = ManagedFields.of(current);
    ObjectNode merged = tree.merge(withoutManagers(current), withoutManagers(applied));

    FieldSet changed =
        tree.changed(ManagedFields.unmanaged(current), ManagedFields.unmanaged(merged));
    Map<String, FieldSet> owners = managers.othersOwning(changed, manager);
    if (!owners.isEmpty() && !force) {
      List<Conflict> conflicts = new ArrayList<>();
      owners.forEach((owner, fields) ->
          fields.paths().forEach(path -> conflicts.add(new Conflict(owner, path))));
      return new Result.Conflicts(List.copyOf(conflicts));
    }
    ManagedFields kept = managers.mapFields(fields -> fields.minus(changed));

    FieldSet abandoned = managers.fields(manager, "Apply", "").minus(wanted);
    for (ManagedFields.Entry entry : kept.entries()) {
      if (!entry.is(manager, "Apply", "")) {
        abandoned = abandoned.exclusive(entry.fields());
      }
    }
    ObjectNode result = abandoned.isEmpty() ? merged : tree.remove(merged, abandoned);
    return new Result.Applied(
        kept.put(manager, "Apply", "", applied.path("apiVersion").asText(), now, wanted)
            .writeTo(result));
  }

  private static ObjectNode withoutManagers(ObjectNode object) {
    ObjectNode copy = object.deepCopy();
    if (copy.get("metadata") instanceof ObjectNode metadata) {
      metadata.remove("managedFields");
    } else {
      copy.set("metadata", JsonNodeFactory.instance.objectNode());
    }
    return copy;
  }
}
