package io.margay.store.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/** Who manages which field of an object, as {@code metadata.managedFields} records it. */
public final class ManagedFields {
  /** Identity and bookkeeping have no manager. */
  private static final Set<String> UNMANAGED_METADATA =
      Set.of(
          "name",
          "namespace",
          "uid",
          "resourceVersion",
          "generation",
          "creationTimestamp",
          "deletionTimestamp",
          "selfLink",
          "managedFields");

  private final List<Entry> entries;

  ManagedFields(List<Entry> entries) {
    this.entries = List.copyOf(entries);
  }

  /** One manager's fields. */
  record Entry(
      String manager,
      String operation,
      String subresource,
      String apiVersion,
      String time,
      FieldSet fields) {

    Entry with(FieldSet changed) {
      return new Entry(manager, operation, subresource, apiVersion, time, changed);
    }

    boolean is(String otherManager, String otherOperation, String otherSubresource) {
      return manager.equals(otherManager)
          && operation.equals(otherOperation)
          && subresource.equals(otherSubresource);
    }
  }

  /**
   * The second object with its managers after somebody created or replaced it: whoever writes owns
   * what changed by it, and nobody owns what is gone.
   *
   * @param before the stored object; an empty object where there was none
   * @param subresource {@code status}, or empty
   */
  public static ObjectNode afterUpdate(
      ObjectNode before,
      ObjectNode after,
      String manager,
      String subresource,
      Instant now,
      ListTypes types) {
    FieldTree tree = new FieldTree(types);
    ObjectNode old = unmanaged(before);
    ObjectNode fresh = unmanaged(after);
    FieldSet changed = tree.changed(old, fresh);
    FieldSet removed = tree.removed(old, fresh);
    ManagedFields managers = of(before);
    if (!changed.isEmpty() || !removed.isEmpty()) {
      FieldSet owned = managers.fields(manager, "Update", subresource).without(removed);
      managers =
          managers
              .mapFields(fields -> fields.without(removed).minus(changed))
              .put(
                  manager,
                  "Update",
                  subresource,
                  after.path("apiVersion").asText(),
                  now,
                  owned.union(changed));
    }
    return managers.writeTo(after);
  }

  static ManagedFields of(ObjectNode object) {
    List<Entry> entries = new ArrayList<>();
    for (JsonNode entry : object.path("metadata").path("managedFields")) {
      if (entry.path("fieldsV1").isObject()) {
        entries.add(
            new Entry(
                entry.path("manager").asText(),
                entry.path("operation").asText(),
                entry.path("subresource").asText(),
                entry.path("apiVersion").asText(),
                entry.path("time").asText(),
                FieldSet.fromDocument(entry.path("fieldsV1"))));
      }
    }
    return new ManagedFields(entries);
  }

  List<Entry> entries() {
    return entries;
  }

  FieldSet fields(String manager, String operation, String subresource) {
    return entries.stream()
        .filter(entry -> entry.is(manager, operation, subresource))
        .map(Entry::fields)
        .reduce(FieldSet.EMPTY, FieldSet::union);
  }

  ManagedFields mapFields(UnaryOperator<FieldSet> change) {
    return new ManagedFields(
        entries.stream().map(entry -> entry.with(change.apply(entry.fields()))).toList());
  }

  /** With this manager's fields replaced. Its time stays if nothing changed. */
  ManagedFields put(
      String manager,
      String operation,
      String subresource,
      String apiVersion,
      Instant now,
      FieldSet fields) {
    List<Entry> result = new ArrayList<>();
    String time = now.truncatedTo(ChronoUnit.SECONDS).toString();
    for (Entry entry : entries) {
      if (!entry.is(manager, operation, subresource)) {
        result.add(entry);
      } else if (entry.fields().equals(fields)) {
        time = entry.time();
      }
    }
    result.add(new Entry(manager, operation, subresource, apiVersion, time, fields));
    return new ManagedFields(result);
  }

  /** A copy of the object with these managers; those without fields are left out. */
  ObjectNode writeTo(ObjectNode object) {
    ObjectNode copy = object.deepCopy();
    ArrayNode list = JsonNodeFactory.instance.arrayNode();
    for (Entry entry : entries) {
      if (entry.fields().isEmpty()) {
        continue;
      }
      ObjectNode json = list.addObject();
      json.put("manager", entry.manager());
      json.put("operation", entry.operation());
      json.put("apiVersion", entry.apiVersion());
      json.put("time", entry.time());
      json.put("fieldsType", "FieldsV1");
      json.set("fieldsV1", entry.fields().toJson());
      if (!entry.subresource().isEmpty()) {
        json.put("subresource", entry.subresource());
      }
    }
    ObjectNode metadata = copy.withObjectProperty("metadata");
    if (list.isEmpty()) {
      metadata.remove("managedFields");
    } else {
      metadata.set("managedFields", list);
    }
    return copy;
  }

  /** The object without what has no manager. */
  static ObjectNode unmanaged(ObjectNode object) {
    ObjectNode copy = object.deepCopy();
    copy.remove("apiVersion");
    copy.remove("kind");
    if (copy.get("metadata") instanceof ObjectNode metadata) {
      metadata.remove(UNMANAGED_METADATA);
      if (metadata.isEmpty()) {
        copy.remove("metadata");
      }
    }
    return copy;
  }

  /** Whose fields these are, apart from one manager's own: manager to the shared fields. */
  Map<String, FieldSet> othersOwning(FieldSet fields, String manager) {
    Map<String, FieldSet> owners = new TreeMap<>();
    for (Entry entry : entries) {
      boolean own = entry.is(manager, "Apply", "");
      FieldSet shared = own ? FieldSet.EMPTY : entry.fields().intersect(fields);
      if (!shared.isEmpty()) {
        owners.merge(entry.manager(), shared, FieldSet::union);
      }
    }
    return owners;
  }
}
