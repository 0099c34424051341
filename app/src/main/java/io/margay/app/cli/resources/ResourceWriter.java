package io.margay.app.cli.resources;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.margay.app.cli.CommandFailure;
import io.margay.model.manifest.KubeObject;
import io.margay.model.resource.ResourceKey;
import io.margay.store.ResourceStore;
import io.margay.store.StoreException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Carries out one command's changes, resource by resource, a line each. One that is refused does
 * not stop the others; the command fails in the end.
 */
final class ResourceWriter {
  /** One change to one resource; returns what was done, for the user. */
  @FunctionalInterface
  interface Change {
    String apply(KubeObject object);
  }

  private final ResourceStore store;
  private final PrintWriter out;

  ResourceWriter(ResourceStore store, PrintWriter out) {
    this.store = store;
    this.out = out;
  }

  /** Every resource of the input, in the order of creation. */
  static List<KubeObject> ordered(Map<String, List<KubeObject>> input) {
    return input.values().stream().flatMap(List::stream).sorted(DependencyOrder.CREATION).toList();
  }

  /**
   * Makes the change to each object.
   *
   * @throws CommandFailure at the end, if any was refused
   */
  void each(List<KubeObject> objects, Change change) {
    List<String> refused = new ArrayList<>();
    for (KubeObject object : objects) {
      try {
        out.println(name(object.key()) + " " + change.apply(object));
      } catch (StoreException e) {
        refused.add(object.key() + ": " + e.getMessage());
      }
    }
    out.flush();
    if (!refused.isEmpty()) {
      if (objects.size() > 1) {
        refused.add(refused.size() + " of " + objects.size() + " resources were refused");
      }
      throw CommandFailure.ofLines(refused);
    }
  }

  String create(KubeObject object, boolean skipExisting) {
    try {
      store.create(object);
      return "created";
    } catch (StoreException e) {
      if (skipExisting && e.reason() == StoreException.Reason.ALREADY_EXISTS) {
        return "skipped, it exists";
      }
      throw e;
    }
  }

  String replace(KubeObject object) {
    KubeObject current =
        store
            .get(object.key())
            .orElseThrow(() ->
                new StoreException(
                    StoreException.Reason.NOT_FOUND, "does not exist; use create or apply"));
    return update(current, object, "replaced");
  }

  String apply(KubeObject object) {
    Optional<KubeObject> current = store.get(object.key());
    if (current.isEmpty()) {
      return create(object, false);
    }
    return update(current.get(), object, "configured");
  }

  String delete(ResourceKey key, boolean skipMissing) {
    try {
      store.delete(key, "");
      return "deleted";
    } catch (StoreException e) {
      if (skipMissing && e.reason() == StoreException.Reason.NOT_FOUND) {
        return "skipped, it does not exist";
      }
      throw e;
    }
  }

  /** Replaces the current state, unless somebody changes it first: then the store says so. */
  String update(KubeObject current, KubeObject wanted, String done) {
    ObjectNode json = wanted.json().deepCopy();
    ObjectNode metadata = json.withObjectProperty("metadata");
    if (!metadata.hasNonNull("resourceVersion")) {
      metadata.put("resourceVersion", current.resourceVersion());
    }
    // The status belongs to controllers: a manifest that leaves it out does not clear it.
    if (!json.has("status") && current.json().has("status")) {
      json.set("status", current.json().get("status").deepCopy());
    }
    KubeObject stored = store.update(new KubeObject(wanted.kind(), json));
    return stored.resourceVersion().equals(current.resourceVersion()) ? "unchanged" : done;
  }

  /** {@code networkpolicy prod/web}. */
  static String name(ResourceKey key) {
    return KindNames.unambiguous(key.kind())
        + " "
        + (key.namespace().isEmpty() ? "" : key.namespace() + "/")
        + key.name();
  }
}
