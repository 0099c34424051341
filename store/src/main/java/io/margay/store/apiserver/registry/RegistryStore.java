package io.margay.store.apiserver.registry;

import io.margay.model.manifest.KubeObject;
import io.margay.model.resource.Kind;
import io.margay.model.resource.ResourceKey;
import io.margay.store.ResourceStore;
import io.margay.store.StoreException;
import io.margay.store.apiserver.ApiException;
import io.margay.store.apiserver.registry.WriteOptions.Part;
import io.margay.store.apiserver.registry.WriteOptions.UnknownFields;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The objects of an API server for those who live in its process: the same rules as over HTTP, and
 * status may be written together with the rest. Closing it closes nothing: the server owns the
 * objects.
 */
public final class RegistryStore implements ResourceStore {
  private static final WriteOptions OPTIONS =
      new WriteOptions("margay", Part.EVERYTHING, UnknownFields.STRICT, false);

  private final ResourceRegistry registry;

  public RegistryStore(ResourceRegistry registry) {
    this.registry = registry;
  }

  @Override
  public Optional<KubeObject> get(ResourceKey key) {
    return registry.store().get(key);
  }

  @Override
  public Listing list(Kind kind, String namespace) {
    return registry.store().list(kind, namespace);
  }

  @Override
  public KubeObject create(KubeObject object) {
    return translated(() -> registry.create(object.kind(), object.json(), OPTIONS).object());
  }

  @Override
  public KubeObject update(KubeObject object) {
    return translated(() -> registry.update(object.key(), object.json(), OPTIONS).object());
  }

  @Override
  public KubeObject delete(ResourceKey key, String resourceVersion) {
    return translated(() -> registry.delete(key, new Preconditions("", resourceVersion), false));
  }

  @Override
  public Watch watch(Kind kind, long afterVersion, Watcher watcher) {
    return registry.store().watch(kind, afterVersion, watcher);
  }

  @Override
  public void close() {}

  private static KubeObject translated(Supplier<KubeObject> write) {
    try {
      return write.get();
    } catch (ApiException e) {
      throw new StoreException(reason(e), String.valueOf(e.getMessage()), e);
    }
  }

  private static StoreException.Reason reason(ApiException refusal) {
    return switch (refusal.reason()) {
      case NOT_FOUND -> StoreException.Reason.NOT_FOUND;
      case ALREADY_EXISTS -> StoreException.Reason.ALREADY_EXISTS;
      case CONFLICT -> StoreException.Reason.CONFLICT;
      case FORBIDDEN, UNAUTHORIZED -> StoreException.Reason.FORBIDDEN;
      case EXPIRED -> StoreException.Reason.EXPIRED;
      case UNAVAILABLE, INTERNAL -> StoreException.Reason.UNAVAILABLE;
      case BAD_REQUEST, INVALID, METHOD_NOT_ALLOWED, NOT_ACCEPTABLE ->
          StoreException.Reason.INVALID;
      case TOO_LARGE, UNSUPPORTED_MEDIA_TYPE -> StoreException.Reason.INVALID;
    };
  }
}
