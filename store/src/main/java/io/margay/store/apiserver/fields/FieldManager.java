package io.margay.store.apiserver.fields;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.margay.model.resource.Kind;
import io.margay.model.schema.Schema;
import io.margay.model.schema.Schemas;
import io.margay.store.apiserver.ApiException;
import io.margay.store.apiserver.ApiException.Cause;
import io.margay.store.apiserver.ApiException.Reason;
import io.margay.store.apiserver.fields.ManagedEntry.Owner;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Keeps {@code metadata.managedFields} true, and carries out server-side apply. What a manager has
 * applied belongs to it; another one that wants a different value gets a conflict, and what the
 * manager applies no longer is removed unless somebody else owns it, too.
 */
public final class FieldManager {
  private static final FieldPath METADATA = FieldPath.of("f:metadata");
  private static final FieldPath STATUS = FieldPath.of("f:status");

  /** What the server sets belongs to nobody. */
  private static final Set<FieldPath> SERVER_OWNED =
      Set.of(
          FieldPath.of("f:apiVersion"),
          FieldPath.of("f:kind"),
          METADATA,
          METADATA.child("f:name"),
          METADATA.child("f:namespace"),
          METADATA.child("f:uid"),
          METADATA.child("f:resourceVersion"),
          METADATA.child("f:generation"),
          METADATA.child("f:creationTimestamp"),
          METADATA.child("f:deletionTimestamp"),
          METADATA.child("f:selfLink"));

  private static final FieldPath MANAGED_FIELDS = METADATA.child("f:managedFields");

  private final Kind kind;
  private final Schema schema;
  private final Owner writer;
  private final Instant now;

  /**
   * @param manager the name that the client goes by
   * @param applies whether it writes by server-side apply
   * @param subresource {@code status}, or empty for the object itself
   */
  public FieldManager(Kind kind, String manager, boolean applies, String subresource, Instant now) {
    this(kind, Schemas.of(kind), manager, applies, subresource, now);
  }

  FieldManager(
      Kind kind, Schema schema, String manager, boolean applies, String subresource, Instant now) {
    this.kind = kind;
    this.schema = schema;
    this.writer = new Owner(manager, applies, kind.apiVersion(), subresource);
    this.now = now;
  }

  /**
   * Notes in an object that is about to be stored, complete with its defaults, what this write has
   * changed.
   *
   * @param before null for a new object
   */
  public void noteUpdate(@Nullable ObjectNode before, ObjectNode after) {
    FlatObject old = flat(before);
    FlatObject changed = flat(after);
    FieldSet written = mine(changed.changedSince(old));
    FieldSet gone = old.fields().minus(changed.fields());
    // A client may hand in managed fields of its own, to give up or take over ownership.
    Map<Owner, ManagedEntry> entries =
        entries(after.path("metadata").has("managedFields") ? after : before);
    entries.replaceAll((owner, entry) -> entry.withFields(entry.fields().minus(gone)));
    if (!written.isEmpty()) {
      FieldSet owned = entries.containsKey(writer) ? entries.get(writer).fields() : FieldSet.EMPTY;
      entries.replaceAll((owner, entry) -> entry.withFields(entry.fields().minus(written)));
      entries.put(writer, new ManagedEntry(writer, time(), owned.plus(written)));
    }
    store(entries, after);
  }

  /**
   * The object that results from applying a configuration.
   *
   * @param live null to create the object
   * @param complete writes the API's defaults into the result: what differs from the live object by
   *     a default only is no change
   * @param force take fields over from their owners
   * @throws ApiException CONFLICT with every field that others own and that would change
   */
  public ObjectNode apply(
      @Nullable ObjectNode live,
      ObjectNode configuration,
      Consumer<ObjectNode> complete,
      boolean force) {
    ObjectNode base = live == null ? configuration.objectNode() : live;
    FlatObject before = flat(base);
    FieldSet wanted = mine(flat(configuration).fields());
    Map<Owner, ManagedEntry> entries = entries(base);
    ManagedEntry last = entries.remove(writer);

    ObjectNode result = AppliedMerge.merge(schema, base, configuration);
    FieldSet others = FieldSet.EMPTY;
    for (ManagedEntry entry : entries.values()) {
      others = others.plus(entry.fields());
    }
    if (last != null) {
      FieldSet dropped = last.fields().minus(wanted).minus(others);
      AppliedMerge.remove(schema, result, dropped, wanted.plus(others));
    }

    complete.accept(result);
    FlatObject after = flat(result);
    FieldSet changed = after.changedSince(before);
    if (!force) {
      refuseConflicts(entries, changed, configuration);
    }
    FieldSet lost = changed.plus(before.fields().minus(after.fields()));
    entries.replaceAll((owner, entry) -> entry.withFields(entry.fields().minus(lost)));
    // Applying the same again is no write, so it must not look like one.
    String time =
        last != null && last.fields().equals(wanted) && lost.isEmpty() ? last.time() : time();
    entries.put(writer, new ManagedEntry(writer, time, wanted));
    store(entries, result);
    return result;
  }

  private void refuseConflicts(
      Map<Owner, ManagedEntry> entries, FieldSet changed, ObjectNode configuration) {
    List<Cause> causes = new ArrayList<>();
    for (ManagedEntry entry : entries.values()) {
      String owner =
          "conflict with \""
              + entry.owner().manager()
              + "\""
              + (entry.owner().subresource().isEmpty()
                  ? ""
                  : " with subresource \"" + entry.owner().subresource() + "\"")
              + " using "
              + entry.owner().apiVersion();
      for (FieldPath path : entry.fields().filter(changed::contains).paths()) {
        causes.add(new Cause("FieldManagerConflict", owner, path.toString()));
      }
    }
    if (!causes.isEmpty()) {
      String list =
          causes.stream()
              .map(cause -> cause.message() + ": " + cause.field())
              .collect(Collectors.joining("; "));
      throw ApiException.withCauses(
          Reason.CONFLICT,
          kind,
          configuration.path("metadata").path("name").asText(),
          "Apply failed with "
              + causes.size()
              + (causes.size() == 1 ? " conflict: " : " conflicts: ")
              + list,
          causes);
    }
  }

  private FlatObject flat(@Nullable ObjectNode object) {
    if (object == null) {
      return FlatObject.none();
    }
    FlatObject all = FlatObject.of(schema, object);
    Map<FieldPath, JsonNode> owned = new LinkedHashMap<>();
    all.leaves()
        .forEach((path, value) -> {
          if (!SERVER_OWNED.contains(path) && !path.startsWith(MANAGED_FIELDS)) {
            owned.put(path, value);
          }
        });
    return new FlatObject(owned);
  }

  /** Only the status is written through the status subresource, and only through it. */
  private FieldSet mine(FieldSet fields) {
    boolean status = writer.subresource().equals("status");
    return fields.filter(path -> path.startsWith(STATUS) == status);
  }

  private static Map<Owner, ManagedEntry> entries(@Nullable ObjectNode object) {
    Map<Owner, ManagedEntry> entries = new LinkedHashMap<>();
    if (object != null) {
      for (JsonNode json : object.path("metadata").path("managedFields")) {
        ManagedEntry entry = ManagedEntry.fromJson(json);
        if (!entry.owner().manager().isEmpty()) {
          entries.put(entry.owner(), entry);
        }
      }
    }
    return entries;
  }

  private static void store(Map<Owner, ManagedEntry> entries, ObjectNode object) {
    ObjectNode metadata = object.withObjectProperty("metadata");
    metadata.remove("managedFields");
    ArrayNode list = metadata.arrayNode();
    for (ManagedEntry entry : entries.values()) {
      if (!entry.fields().isEmpty()) {
        list.add(entry.toJson());
      }
    }
    if (!list.isEmpty()) {
      metadata.set("managedFields", list);
    }
  }

  private String time() {
    return now.truncatedTo(ChronoUnit.SECONDS).toString();
  }
}
