package io.margay.store.kubernetes;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.DeletionPropagation;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceList;
import io.fabric8.kubernetes.api.model.ListOptions;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.MixedOperation;
import io.fabric8.kubernetes.client.dsl.NonNamespaceOperation;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.margay.model.manifest.KubeObject;
import io.margay.model.resource.Kind;
import io.margay.model.resource.ResourceKey;
import io.margay.store.ResourceStore;
import io.margay.store.StoreException;
import io.margay.store.StoreException.Reason;
import java.net.HttpURLConnection;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Resources of a cluster, through its Kubernetes API. Objects are read as plain JSON, so nothing
 * that this version does not know gets lost on the way back.
 *
 * <p>Kinds that the cluster does not have, because their custom resource definition is not
 * installed, are read as empty; watching them fails, so that whoever watches asks again.
 */
public final class KubernetesStore implements ResourceStore {
  private static final long PAGE = 500;

  private final KubernetesClient client;

  /**
   * Connects on first use.
   *
   * @throws StoreException if there is no cluster to be found
   */
  public static KubernetesStore open(ClusterAccess access) {
    Config config = access.resolve(System.getenv());
    return call(
        () -> new KubernetesStore(new KubernetesClientBuilder().withConfig(config).build()));
  }

  KubernetesStore(KubernetesClient client) {
    this.client = client;
  }

  @Override
  public Optional<KubeObject> get(ResourceKey key) {
    return call(() -> Optional.ofNullable(one(key).get()).map(found -> object(key.kind(), found)));
  }

  @Override
  public Listing list(Kind kind, String namespace) {
    List<KubeObject> items = new ArrayList<>();
    long version = visit(kind, namespace, items::add);
    items.sort((a, b) -> a.key().compareTo(b.key()));
    return new Listing(items, version);
  }

  @Override
  public long visit(Kind kind, Consumer<KubeObject> visitor) {
    return visit(kind, "", visitor);
  }

  private long visit(Kind kind, String namespace, Consumer<KubeObject> visitor) {
    try {
      return call(() -> visitPages(kind, namespace, visitor));
    } catch (StoreException e) {
      if (e.reason() == Reason.NOT_FOUND) {
        return 0;
      }
      throw e;
    }
  }

  private long visitPages(Kind kind, String namespace, Consumer<KubeObject> visitor) {
    String next = "";
    while (true) {
      ListOptions page =
          new ListOptionsBuilder()
              .withLimit(PAGE)
              .withContinue(next.isEmpty() ? null : next)
              .build();
      GenericKubernetesResourceList found =
          namespace.isEmpty()
              ? kind(kind).inAnyNamespace().list(page)
              : kind(kind).inNamespace(namespace).list(page);
      found.getItems().forEach(item -> visitor.accept(object(kind, item)));
      next = Optional.ofNullable(found.getMetadata().getContinue()).orElse("");
      if (next.isEmpty()) {
        return Long.parseLong(found.getMetadata().getResourceVersion());
      }
    }
  }

  @Override
  public KubeObject create(KubeObject object) {
    return call(() ->
        object(
            object.kind(),
            in(object.kind(), object.namespace()).resource(generic(object)).create()));
  }

  @Override
  public KubeObject update(KubeObject object) {
    return call(() ->
        object(
            object.kind(),
            in(object.kind(), object.namespace()).resource(generic(object)).update()));
  }

  @Override
  public KubeObject updateStatus(KubeObject object) {
    return call(() ->
        object(
            object.kind(),
            in(object.kind(), object.namespace()).resource(generic(object)).updateStatus()));
  }

  @Override
  public KubeObject delete(ResourceKey key, String resourceVersion) {
    return call(() -> {
      GenericKubernetesResource last = one(key).get();
      if (last == null) {
        throw new StoreException(Reason.NOT_FOUND, key + " does not exist");
      }
      if (resourceVersion.isEmpty()) {
        one(key).withPropagationPolicy(DeletionPropagation.BACKGROUND).delete();
      } else {
        last.getMetadata().setResourceVersion(resourceVersion);
        in(key.kind(), key.namespace())
            .resource(last)
            .lockResourceVersion(resourceVersion)
            .delete();
      }
      return object(key.kind(), last);
    });
  }

  @Override
  public Watch watch(Kind kind, long afterVersion, Watcher watcher) {
    ListOptions options =
        new ListOptionsBuilder()
            .withResourceVersion(Long.toString(afterVersion))
            .withAllowWatchBookmarks(true)
            .build();
    io.fabric8.kubernetes.client.Watch running =
        call(() -> kind(kind).inAnyNamespace().watch(options, new WatchAdapter(kind, watcher)));
    return running::close;
  }

  @Override
  public void close() {
    client.close();
  }

  private MixedOperation<
          GenericKubernetesResource,
          GenericKubernetesResourceList,
          Resource<GenericKubernetesResource>>
      kind(Kind kind) {
    return client.genericKubernetesResources(
        new ResourceDefinitionContext.Builder()
            .withGroup(kind.group())
            .withVersion(kind.version())
            .withKind(kind.kind())
            .withPlural(kind.plural())
            .withNamespaced(kind.namespaced())
            .build());
  }

  private NonNamespaceOperation<
          GenericKubernetesResource,
          GenericKubernetesResourceList,
          Resource<GenericKubernetesResource>>
      in(Kind kind, String namespace) {
    return kind.namespaced() ? kind(kind).inNamespace(namespace) : kind(kind);
  }

  private Resource<GenericKubernetesResource> one(ResourceKey key) {
    return in(key.kind(), key.namespace()).withName(key.name());
  }

  private GenericKubernetesResource generic(KubeObject object) {
    return client
        .getKubernetesSerialization()
        .convertValue(object.json(), GenericKubernetesResource.class);
  }

  private KubeObject object(Kind kind, GenericKubernetesResource resource) {
    return new KubeObject(
        kind, client.getKubernetesSerialization().convertValue(resource, ObjectNode.class));
  }

  private static <T> T call(Supplier<T> operation) {
    try {
      return operation.get();
    } catch (KubernetesClientException e) {
      throw refusal(e);
    }
  }

  /** The server's refusal in the store's terms, with the server's own words. */
  static StoreException refusal(KubernetesClientException e) {
    Reason reason =
        switch (e.getCode()) {
          case HttpURLConnection.HTTP_NOT_FOUND -> Reason.NOT_FOUND;
          case HttpURLConnection.HTTP_CONFLICT ->
              e.getStatus() != null && "AlreadyExists".equals(e.getStatus().getReason())
                  ? Reason.ALREADY_EXISTS
                  : Reason.CONFLICT;
          case HttpURLConnection.HTTP_UNAUTHORIZED, HttpURLConnection.HTTP_FORBIDDEN ->
              Reason.FORBIDDEN;
          case HttpURLConnection.HTTP_GONE -> Reason.EXPIRED;
          case HttpURLConnection.HTTP_BAD_REQUEST, 422 -> Reason.INVALID;
          default -> Reason.UNAVAILABLE;
        };
    return new StoreException(reason, words(e), e);
  }

  private static String words(KubernetesClientException e) {
    if (e.getStatus() != null && e.getStatus().getMessage() != null) {
      return e.getStatus().getMessage();
    }
    Throwable cause = e;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    String text = cause.getMessage() == null ? cause.toString() : cause.getMessage();
    return "the cluster cannot be reached: " + text;
  }

  /** Passes on what a watch receives. */
  private final class WatchAdapter
      implements io.fabric8.kubernetes.client.Watcher<GenericKubernetesResource> {
    private final Kind kind;
    private final Watcher watcher;

    WatchAdapter(Kind kind, Watcher watcher) {
      this.kind = kind;
      this.watcher = watcher;
    }

    @Override
    public void eventReceived(Action action, GenericKubernetesResource resource) {
      switch (action) {
        case ADDED -> watcher.changed(ChangeType.ADDED, object(kind, resource));
        case MODIFIED -> watcher.changed(ChangeType.MODIFIED, object(kind, resource));
        case DELETED -> watcher.changed(ChangeType.DELETED, object(kind, resource));
        case BOOKMARK ->
            watcher.bookmark(Long.parseLong(resource.getMetadata().getResourceVersion()));
        case ERROR ->
            watcher.ended(new StoreException(Reason.UNAVAILABLE, "the watch of the server failed"));
      }
    }

    @Override
    public void onClose(io.fabric8.kubernetes.client.WatcherException cause) {
      Reason reason = cause.isHttpGone() ? Reason.EXPIRED : Reason.UNAVAILABLE;
      watcher.ended(new StoreException(reason, String.valueOf(cause.getMessage()), cause));
    }
  }
}
