package io.margay.store.apiserver.registry;

import io.margay.model.manifest.KubeObject;
import java.util.List;

/**
 * The outcome of a write.
 *
 * @param created whether the object is new
 */
public record Written(KubeObject object, boolean created, List<String> warnings) {
  public Written {
    warnings = List.copyOf(warnings);
  }
}
