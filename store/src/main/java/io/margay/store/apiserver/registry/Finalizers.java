package io.margay.store.apiserver.registry;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.margay.model.manifest.KubeObject;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * Objects that somebody still has to clean up behind: a deletion only marks them, and they go when
 * the last of their finalizers is taken away.
 */
final class Finalizers {
  private Finalizers() {}

  static boolean hold(KubeObject object) {
    return !object.json().path("metadata").path("finalizers").isEmpty();
  }

  static boolean isLeaving(KubeObject object) {
    return object.json().path("metadata").has("deletionTimestamp");
  }

  static KubeObject marked(KubeObject object, Instant now) {
    ObjectNode json = object.json().deepCopy();
    json.withObjectProperty("metadata")
        .put("deletionTimestamp", now.truncatedTo(ChronoUnit.SECONDS).toString())
        .put("deletionGracePeriodSeconds", 0);
    return new KubeObject(object.kind(), json);
  }

  /** Only a deletion marks an object, and nothing takes the mark away. */
  static void keepMark(KubeObject live, ObjectNode next) {
    ObjectNode metadata = next.withObjectProperty("metadata");
    for (String mark : new String[] {"deletionTimestamp", "deletionGracePeriodSeconds"}) {
      if (isLeaving(live)) {
        metadata.set(mark, live.json().path("metadata").path(mark));
      } else {
        metadata.remove(mark);
      }
    }
  }
}
