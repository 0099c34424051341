package io.margay.app.cli.resources;

import io.margay.model.manifest.ResourceDecoder;
import io.margay.model.resource.Kind;
import io.margay.model.resource.Resource;
import io.margay.model.resource.ResourceKey;
import io.margay.store.ResourceStore;
import java.util.Map;
import java.util.TreeMap;

/** Everything in a store that has to do with verdicts. */
public final class StoredResources {
  private StoredResources() {}

  /** Reads it once. */
  public static Map<ResourceKey, Resource> of(ResourceStore store) {
    Map<ResourceKey, Resource> all = new TreeMap<>();
    for (Kind kind : Kind.ofNetwork()) {
      store.list(kind, "").items().stream()
          .map(object -> ResourceDecoder.decode(object).resource())
          .forEach(resource -> all.put(resource.key(), resource));
    }
    return all;
  }
}
