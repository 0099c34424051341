package io.margay.store;

import io.margay.model.manifest.KubeObject;
import io.margay.model.resource.Kind;
import io.margay.model.resource.ResourceKey;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Objects of all kinds with one growing resource version, as the Kubernetes API keeps them.
 * Thread-safe.
 */
public interface ResourceStore extends AutoCloseable {

  /** The object with this key, if there is one. */
  Optional<KubeObject> get(ResourceKey key);

  /**
   * The objects of a kind at one moment, sorted by namespace and name.
   *
   * @param namespace empty for all namespaces
   */
  Listing list(Kind kind, String namespace);

  /**
   * Shows all objects of a kind at one moment, in any order. A store that reads them in parts does
   * not hold more than one part, however many there are. When it throws halfway, what was shown was
   * true nevertheless.
   *
   * @return the resource version of that moment
   */
  default long visit(Kind kind, Consumer<KubeObject> visitor) {
    Listing all = list(kind, "");
    all.items().forEach(visitor);
    return all.resourceVersion();
  }

  /**
   * Adds an object; the store sets uid, resource version, generation and creation time.
   *
   * @throws StoreException if one with its key exists or it is not valid
   */
  KubeObject create(KubeObject object);

  /**
   * Replaces an object.
   *
   * @throws StoreException if there is none, if the object carries a resource version other than
   *     the current one, or if it is not valid
   */
  KubeObject update(KubeObject object);

  /**
   * Replaces an object's status, and nothing else where the store tells the two apart.
   *
   * @throws StoreException as {@link #update} does
   */
  default KubeObject updateStatus(KubeObject object) {
    return update(object);
  }

  /**
   * Removes an object and returns its last state.
   *
   * @param resourceVersion the version that is to be deleted; empty for any
   * @throws StoreException if there is none or its version differs
   */
  KubeObject delete(ResourceKey key, String resourceVersion);

  /**
   * Sends every change of a kind that is later than a version, in order, until closed.
   *
   * @throws StoreException if the version is so old that changes since then are forgotten
   */
  Watch watch(Kind kind, long afterVersion, Watcher watcher);

  @Override
  void close();

  /** What a list call saw, and when. */
  record Listing(List<KubeObject> items, long resourceVersion) {
    public Listing {
      items = List.copyOf(items);
    }
  }

  /** Receives changes on one thread at a time. */
  interface Watcher {
    void changed(ChangeType type, KubeObject object);

    /** Nothing was missed up to this version. */
    default void bookmark(long resourceVersion) {}

    /** The watch ended and sends no more: list again. Too slow a watcher is ended like this. */
    void ended(StoreException reason);
  }

  /** What happened to an object. */
  enum ChangeType {
    ADDED,
    MODIFIED,
    DELETED
  }

  /** A running watch. */
  interface Watch extends AutoCloseable {
    @Override
    void close();
  }
}
