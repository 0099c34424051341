package io.margay.store.local;

import io.margay.model.manifest.KubeObject;
import io.margay.model.resource.Kind;
import io.margay.model.resource.ResourceKey;
import java.util.List;
import java.util.Optional;

/**
 * Reads and writes that take effect together or, if the operation throws, not at all. No other
 * write comes between them, so what is read here is still true when the writes take effect.
 */
public interface Transaction {
  Optional<KubeObject> get(ResourceKey key);

  /**
   * Sorted by namespace and name.
   *
   * @param namespace empty for all namespaces
   */
  List<KubeObject> list(Kind kind, String namespace);

  /** As {@link io.margay.store.ResourceStore#create}. */
  KubeObject create(KubeObject object);

  /** As {@link io.margay.store.ResourceStore#update}; an update without a change is no write. */
  KubeObject update(KubeObject object);

  /** As {@link io.margay.store.ResourceStore#delete}. */
  KubeObject delete(ResourceKey key, String resourceVersion);
}
