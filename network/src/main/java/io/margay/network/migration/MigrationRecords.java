package io.margay.network.migration;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.margay.model.manifest.KubeObject;
import io.margay.model.manifest.ResourceDecoder;
import io.margay.model.resource.Kind;
import io.margay.model.resource.LiveMigration;
import io.margay.model.resource.LiveMigration.Outcome;
import io.margay.model.resource.LiveMigration.Phase;
import io.margay.model.resource.LiveMigration.Place;
import io.margay.model.resource.ResourceKey;
import io.margay.model.resource.VirtualMachineInstanceMigration;
import io.margay.store.ResourceStore;
import io.margay.store.StoreException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/** Writes LiveMigrations. Each change is a compare-and-swap: two nodes write the same record. */
final class MigrationRecords {
  /** So many of a machine are kept. */
  static final int KEPT = 20;

  /** On records that follow one of KubeVirt's migrations: its name. */
  static final String MIGRATION_ANNOTATION = "network.margay.io/kubevirt-migration";

  private static final int TRIES = 100;
  private static final int UID_DIGITS = 8;

  private final ResourceStore store;

  MigrationRecords(ResourceStore store) {
    this.store = store;
  }

  /**
   * Writes the record of one of KubeVirt's migrations, unless there is one, and removes the oldest
   * beyond {@value #KEPT}. The record goes with the machine, not with the migration.
   */
  void create(VirtualMachineInstanceMigration migration, Place source, Place target) {
    String namespace = migration.metadata().namespace();
    String machine = migration.spec().machine();
    String uid = migration.metadata().uid();
    String name = migration.metadata().name();
    Optional<KubeObject> namesake = store.get(key(namespace, name));
    if (namesake.isPresent()) {
      if (namesake.get().json().path("spec").path("uid").asText().equals(uid)) {
        return;
      }
      // An earlier migration had the name.
      name += "-" + uid.substring(0, Math.min(UID_DIGITS, uid.length()));
    }
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("apiVersion", Kind.LIVE_MIGRATION.apiVersion());
    json.put("kind", Kind.LIVE_MIGRATION.kind());
    ObjectNode metadata = json.putObject("metadata").put("name", name).put("namespace", namespace);
    metadata.putObject("annotations").put(MIGRATION_ANNOTATION, migration.metadata().name());
    owner(namespace, machine).ifPresent(metadata.putArray("ownerReferences")::add);
    ObjectNode spec = json.putObject("spec");
    spec.putObject("machine").put("name", machine);
    spec.putObject("source").put("pod", source.pod()).put("node", source.node());
    spec.putObject("target").put("pod", target.pod()).put("node", target.node());
    spec.put("uid", uid);
    try {
      store.create(new KubeObject(Kind.LIVE_MIGRATION, json));
    } catch (StoreException e) {
      if (e.reason() != StoreException.Reason.ALREADY_EXISTS) {
        throw e;
      }
    }
    prune(namespace, machine);
  }

  static ResourceKey key(String namespace, String name) {
    return new ResourceKey(Kind.LIVE_MIGRATION, namespace, name);
  }

  /** The VirtualMachine, or the instance where there is none. */
  private Optional<ObjectNode> owner(String namespace, String machine) {
    return store
        .get(new ResourceKey(Kind.VIRTUAL_MACHINE, namespace, machine))
        .or(() -> store.get(new ResourceKey(Kind.VIRTUAL_MACHINE_INSTANCE, namespace, machine)))
        .map(found ->
            JsonNodeFactory.instance
                .objectNode()
                .put("apiVersion", found.kind().apiVersion())
                .put("kind", found.kind().kind())
                .put("name", found.name())
                .put("uid", found.json().path("metadata").path("uid").asText()));
  }

  private void prune(String namespace, String machine) {
    List<LiveMigration> all =
        store.list(Kind.LIVE_MIGRATION, namespace).items().stream()
            .map(object -> (LiveMigration) ResourceDecoder.decode(object).resource())
            .filter(record -> record.spec().machine().equals(machine))
            .sorted(Comparator.comparing(MigrationRecords::made).reversed())
            .toList();
    for (LiveMigration old : all.subList(Math.min(KEPT, all.size()), all.size())) {
      if (old.status().phase().isFinal()) {
        try {
          store.delete(old.key(), "");
        } catch (StoreException e) {
          if (e.reason() != StoreException.Reason.NOT_FOUND) {
            throw e;
          }
        }
      }
    }
  }

  private static Instant made(LiveMigration record) {
    Instant made = record.metadata().creationTimestamp();
    return made == null ? Instant.MIN : made;
  }

  /** Writes what KubeVirt says of the migration's end; what is said already stays. */
  void outcome(ResourceKey key, Outcome outcome) {
    edit(
        key,
        json -> {
          ObjectNode spec = json.withObjectProperty("spec");
          if (!spec.hasNonNull("outcome")) {
            spec.put("outcome", outcome == Outcome.SUCCEEDED ? "Succeeded" : "Failed");
          }
        },
        false);
  }

  /**
   * Writes that a phase has begun. One that was written stays, and so does the last.
   *
   * @param reason why it went another way than usual; empty if it did not
   * @param owner who has the machine's addresses now
   * @return whether this wrote it
   */
  boolean phase(ResourceKey key, Phase phase, Instant at, String reason, Optional<Place> owner) {
    AtomicBoolean written = new AtomicBoolean();
    status(
        key,
        status -> {
          written.set(!isFinal(status) && !has(status, phase));
          if (!written.get()) {
            return;
          }
          status.put("phase", text(phase));
          status
              .withArrayProperty("phases")
              .addObject()
              .put("phase", text(phase))
              .put("at", at.truncatedTo(ChronoUnit.MILLIS).toString());
          owner.ifPresent(place -> status.put("owner", place.pod() + "@" + place.node()));
          if (!reason.isEmpty()) {
            status.put("reason", reason);
          }
          if (phase.isFinal()) {
            status.remove("handover");
          }
        });
    return written.get();
  }

  /** Whether a status says that nothing more comes. */
  static boolean isFinal(ObjectNode status) {
    return status.path("phase").asText().equals(text(Phase.SUCCEEDED))
        || status.path("phase").asText().equals(text(Phase.FAILED));
  }

  private static boolean has(ObjectNode status, Phase phase) {
    if (status.path("phases") instanceof ArrayNode steps) {
      for (JsonNode step : steps) {
        if (step.path("phase").asText().equals(text(phase))) {
          return true;
        }
      }
    }
    return false;
  }

  private static String text(Phase phase) {
    return phase.name().charAt(0) + phase.name().substring(1).toLowerCase(Locale.ROOT);
  }

  /** Changes the status of a record, if it is still there. */
  void status(ResourceKey key, Consumer<ObjectNode> change) {
    edit(key, json -> change.accept(json.withObjectProperty("status")), true);
  }

  private void edit(ResourceKey key, Consumer<ObjectNode> change, boolean status) {
    for (int attempt = 0; attempt < TRIES; attempt++) {
      Optional<KubeObject> current = store.get(key);
      if (current.isEmpty()) {
        return;
      }
      ObjectNode json = current.get().json().deepCopy();
      change.accept(json);
      if (json.equals(current.get().json())) {
        return;
      }
      KubeObject changed = new KubeObject(Kind.LIVE_MIGRATION, json);
      try {
        KubeObject unused = status ? store.updateStatus(changed) : store.update(changed);
        return;
      } catch (StoreException e) {
        if (e.reason() != StoreException.Reason.CONFLICT
            && e.reason() != StoreException.Reason.NOT_FOUND) {
          throw e;
        }
      }
    }
    throw new IllegalStateException(key + " was changed by others " + TRIES + " times in a row");
  }
}
