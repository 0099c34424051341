package io.margay.console.policies;

import io.margay.console.http.HttpFailure;
import io.margay.model.manifest.KubeObject;
import io.margay.model.manifest.Problem;
import io.margay.model.resource.ResourceKey;
import io.margay.store.ResourceStore;
import io.margay.store.StoreException;
import java.util.List;
import java.util.function.Supplier;

/** Writes to the store, with its refusals as those of a request. */
public final class StoreCalls {
  private StoreCalls() {}

  /**
   * Does something to an object.
   *
   * @param operation on a {@link ResourceStore}
   */
  public static KubeObject call(ResourceKey key, Supplier<KubeObject> operation) {
    try {
      return operation.get();
    } catch (StoreException e) {
      int status =
          switch (e.reason()) {
            case NOT_FOUND -> 404;
            case ALREADY_EXISTS, CONFLICT -> 409;
            case INVALID -> 422;
            case FORBIDDEN -> 403;
            case EXPIRED, UNAVAILABLE -> 503;
          };
      throw HttpFailure.of(
          status, List.of(new Problem(key.toString(), "", "", String.valueOf(e.getMessage()), "")));
    }
  }
}
