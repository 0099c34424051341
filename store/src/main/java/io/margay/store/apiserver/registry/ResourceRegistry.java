package io.margay.store.apiserver.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.margay.model.manifest.KubeObject;
import io.margay.model.resource.Kind;
import io.margay.model.resource.ResourceKey;
import io.margay.model.schema.Defaults;
import io.margay.model.schema.Schema;
import io.margay.model.schema.Schemas;
import io.margay.store.StoreException;
import io.margay.store.apiserver.ApiException;
import io.margay.store.apiserver.ApiException.Reason;
import io.margay.store.apiserver.fields.FieldManager;
import io.margay.store.apiserver.registry.WriteOptions.Part;
import io.margay.store.local.LocalStore;
import io.margay.store.local.Transaction;
import io.margay.store.patch.JsonPatch;
import io.margay.store.patch.MergePatch;
import io.margay.store.patch.PatchException;
import io.margay.store.patch.StrategicMergePatch;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Every write to the API, whoever makes it. Patches are computed outside the store's transaction
 * and tried again when somebody else was faster; the rules between objects are checked inside it.
 */
public final class ResourceRegistry {
  /** A writer that loses so often in a row is told to try again itself. */
  private static final int MAX_ATTEMPTS = 20;

  private final LocalStore store;
  private final InstantSource clock;
  private final NameGenerator names = new NameGenerator();

  /** Serves the objects of a store, after adding the built-in ones that it lacks. */
  public ResourceRegistry(LocalStore store, InstantSource clock) {
    this.store = store;
    this.clock = clock;
    BuiltIns.ensure(store);
  }

  public LocalStore store() {
    return store;
  }

  /** The object with this key, or NOT_FOUND. */
  public KubeObject get(ResourceKey key) {
    return store.get(key).orElseThrow(() -> notFound(key));
  }

  /**
   * Adds an object.
   *
   * @param wanted with a name or generateName, and for namespaced kinds a namespace; kept as it is
   */
  public Written create(Kind kind, ObjectNode wanted, WriteOptions options) {
    ObjectNode json = wanted.deepCopy();
    if (!json.path("metadata").path("resourceVersion").asText().isEmpty()) {
      throw new ApiException(
          Reason.BAD_REQUEST, "resourceVersion should not be set on objects to be created");
    }
    clearServerFields(json);
    return create(kind, json, options, true);
  }

  private Written create(Kind kind, ObjectNode json, WriteOptions options, boolean noteOwner) {
    String prefix = json.path("metadata").path("generateName").asText();
    boolean generated = json.path("metadata").path("name").asText().isEmpty() && !prefix.isEmpty();
    for (int attempt = 1; ; attempt++) {
      if (generated) {
        json.withObjectProperty("metadata").put("name", names.after(prefix));
      }
      ObjectNode complete = json.deepCopy();
      List<String> warnings =
          new ArrayList<>(ObjectRules.complete(kind, complete, options.unknownFields()));
      if (kind == Kind.NAMESPACE) {
        complete.withObjectProperty("status").put("phase", "Active");
      }
      KubeObject object = new KubeObject(kind, complete);
      ObjectRules.check(object);
      if (noteOwner) {
        manager(kind, options, false).noteUpdate(null, complete);
      }
      try {
        KubeObject created =
            commit(
                options,
                transaction -> {
                  CrossRules.beforeCreate(transaction, object);
                  warnings.addAll(CrossRules.warnings(transaction, object));
                  return transaction.create(object);
                });
        return new Written(options.dryRun() ? withVersion(created, "") : created, true, warnings);
      } catch (StoreException e) {
        boolean clash = e.reason() == StoreException.Reason.ALREADY_EXISTS;
        if (!generated || !clash || attempt == MAX_ATTEMPTS) {
          throw ApiException.of(e, kind, object.name());
        }
      }
    }
  }

  /** Replaces an object; NOT_FOUND if there is none, CONFLICT if it names another version. */
  public Written update(ResourceKey key, ObjectNode wanted, WriteOptions options) {
    return modify(key, options, false, live -> wanted.deepCopy());
  }

  /** Changes an object. Only apply creates what is not there. */
  public Written patch(ResourceKey key, Patch patch, WriteOptions options) {
    try {
      return switch (patch) {
        case Patch.Apply apply -> apply(key, apply, options);
        case Patch.Json json ->
            modify(key, options, false, live -> JsonPatch.apply(live, json.operations()));
        case Patch.Merge merge ->
            modify(key, options, false, live -> MergePatch.apply(live, merge.patch()));
        case Patch.Strategic strategic -> {
          Schema schema = Schemas.of(key.kind());
          yield modify(
              key,
              options,
              false,
              live -> StrategicMergePatch.apply(schema, live, strategic.patch()));
        }
      };
    } catch (PatchException e) {
      throw ApiException.about(
          Reason.INVALID,
          key.kind(),
          key.name(),
          "the patch cannot be applied to " + key + ": " + e.getMessage());
    }
  }

  private Written apply(ResourceKey key, Patch.Apply apply, WriteOptions options) {
    ObjectNode configuration = apply.configuration().deepCopy();
    if (configuration.path("metadata").has("managedFields")) {
      throw new ApiException(
          Reason.BAD_REQUEST, "metadata.managedFields must be nil: remove it from what is applied");
    }
    Optional<KubeObject> existing = store.get(key);
    if (existing.isEmpty()) {
      if (options.part() == Part.STATUS) {
        throw notFound(key);
      }
      try {
        return create(key.kind(), applied(null, configuration, apply, options), options, false);
      } catch (ApiException e) {
        if (e.reason() != Reason.ALREADY_EXISTS) {
          throw e;
        }
        // Somebody has just created it: apply to that.
      }
    }
    return modify(key, options, true, live -> applied(live, configuration, apply, options));
  }

  private ObjectNode applied(
      @Nullable ObjectNode live,
      ObjectNode configuration,
      Patch.Apply apply,
      WriteOptions options) {
    Kind kind =
        Kind.of(configuration.path("apiVersion").asText(), configuration.path("kind").asText())
            .orElseThrow();
    return manager(kind, options, true)
        .apply(live, configuration, result -> Defaults.apply(kind, result), apply.force());
  }

  /**
   * @param ownersNoted whether the change itself has kept the managed fields
   */
  private Written modify(
      ResourceKey key,
      WriteOptions options,
      boolean ownersNoted,
      UnaryOperator<ObjectNode> change) {
    for (int attempt = 1; ; attempt++) {
      KubeObject live = get(key);
      ObjectNode next = keepOtherPart(live.json(), change.apply(live.json()), options.part());
      requireSameIdentity(key, next);
      Finalizers.keepMark(live, next);
      String version = next.path("metadata").path("resourceVersion").asText();
      next.withObjectProperty("metadata")
          .put("resourceVersion", version.isEmpty() ? live.resourceVersion() : version);
      List<String> warnings =
          new ArrayList<>(ObjectRules.complete(key.kind(), next, options.unknownFields()));
      KubeObject object = new KubeObject(key.kind(), next);
      ObjectRules.check(object);
      if (!ownersNoted) {
        manager(key.kind(), options, false).noteUpdate(live.json(), next);
      }
      try {
        KubeObject updated =
            commit(
                options,
                transaction -> {
                  warnings.addAll(CrossRules.warnings(transaction, object));
                  KubeObject stored = transaction.update(object);
                  if (Finalizers.isLeaving(stored) && !Finalizers.hold(stored)) {
                    transaction.delete(key, "");
                  }
                  return stored;
                });
        return new Written(
            options.dryRun() ? withVersion(updated, live.resourceVersion()) : updated,
            false,
            warnings);
      } catch (StoreException e) {
        boolean overtaken =
            e.reason() == StoreException.Reason.CONFLICT
                && object.resourceVersion().equals(live.resourceVersion());
        if (!overtaken || attempt == MAX_ATTEMPTS) {
          throw ApiException.of(e, key.kind(), key.name());
        }
      }
    }
  }

  /** A rehearsal gives no new version. */
  private static KubeObject withVersion(KubeObject object, String version) {
    ObjectNode json = object.json().deepCopy();
    ObjectNode metadata = json.withObjectProperty("metadata");
    if (version.isEmpty()) {
      metadata.remove("resourceVersion");
    } else {
      metadata.put("resourceVersion", version);
    }
    return new KubeObject(object.kind(), json);
  }

  /**
   * Deletes an object and what goes with it; returns its last state. One with finalizers is only
   * marked, and goes with the last of them.
   */
  public KubeObject delete(ResourceKey key, Preconditions preconditions, boolean dryRun) {
    Function<Transaction, KubeObject> deletion =
        transaction -> {
          KubeObject live = transaction.get(key).orElseThrow(() -> notFound(key));
          String uid = live.json().path("metadata").path("uid").asText();
          if (!preconditions.uid().isEmpty() && !preconditions.uid().equals(uid)) {
            throw ApiException.about(
                Reason.CONFLICT,
                key.kind(),
                key.name(),
                "Precondition failed: UID in precondition: "
                    + preconditions.uid()
                    + ", UID in object meta: "
                    + uid);
          }
          if (Finalizers.hold(live)) {
            return Finalizers.isLeaving(live)
                ? live
                : transaction.update(Finalizers.marked(live, clock.instant()));
          }
          CrossRules.beforeDelete(transaction, live);
          return transaction.delete(key, preconditions.resourceVersion());
        };
    try {
      return dryRun ? store.rehearse(deletion) : store.write(deletion);
    } catch (StoreException e) {
      throw ApiException.of(e, key.kind(), key.name());
    }
  }

  private KubeObject commit(WriteOptions options, Function<Transaction, KubeObject> operation) {
    return options.dryRun() ? store.rehearse(operation) : store.write(operation);
  }

  private FieldManager manager(Kind kind, WriteOptions options, boolean applies) {
    return new FieldManager(
        kind, options.manager(), applies, options.part().subresource(), clock.instant());
  }

  /** Takes from the live object what the address that was written to does not stand for. */
  private static ObjectNode keepOtherPart(ObjectNode live, ObjectNode next, Part part) {
    switch (part) {
      case EVERYTHING -> {
        // There is no other part.
      }
      case OBJECT -> put(next, "status", live.get("status"));
      case STATUS -> {
        JsonNode status = next.get("status");
        JsonNode version = next.path("metadata").path("resourceVersion");
        JsonNode managed = next.path("metadata").path("managedFields");
        next.removeAll();
        next.setAll(live.deepCopy());
        put(next, "status", status);
        ObjectNode metadata = next.withObjectProperty("metadata");
        metadata.set("resourceVersion", version);
        put(metadata, "managedFields", managed.isMissingNode() ? null : managed);
      }
    }
    return next;
  }

  private static void put(ObjectNode object, String field, @Nullable JsonNode value) {
    if (value == null) {
      object.remove(field);
    } else {
      object.set(field, value);
    }
  }

  private static void clearServerFields(ObjectNode json) {
    if (json.get("metadata") instanceof ObjectNode metadata) {
      metadata.remove(
          List.of("uid", "creationTimestamp", "generation", "managedFields", "selfLink"));
      metadata.remove(List.of("resourceVersion", "deletionTimestamp"));
    }
  }

  private static void requireSameIdentity(ResourceKey key, ObjectNode next) {
    JsonNode metadata = next.path("metadata");
    boolean same =
        metadata.path("name").asText().equals(key.name())
            && metadata.path("namespace").asText().equals(key.namespace())
            && Kind.of(next.path("apiVersion").asText(), next.path("kind").asText())
                .equals(Optional.of(key.kind()));
    if (!same) {
      throw ApiException.about(
          Reason.BAD_REQUEST,
          key.kind(),
          key.name(),
          "a write to " + key + " may not change its kind, namespace or name");
    }
  }

  private static ApiException notFound(ResourceKey key) {
    Kind kind = key.kind();
    return ApiException.about(
        Reason.NOT_FOUND,
        kind,
        key.name(),
        kind.plural()
            + (kind.group().isEmpty() ? "" : "." + kind.group())
            + " \""
            + key.name()
            + "\" not found");
  }
}
