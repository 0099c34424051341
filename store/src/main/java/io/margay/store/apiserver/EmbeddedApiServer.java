package io.margay.store.apiserver;

import io.margay.store.ResourceStore;
import io.margay.store.StoreException;
import io.margay.store.StoreException.Reason;
import io.margay.store.apiserver.http.HttpGate;
import io.margay.store.apiserver.http.HttpsEndpoint;
import io.margay.store.apiserver.registry.RegistryStore;
import io.margay.store.apiserver.registry.ResourceRegistry;
import io.margay.store.apiserver.tls.Credentials;
import io.margay.store.local.LocalStore;
import io.margay.store.local.MemoryStore;
import io.margay.store.local.MvStore;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.InstantSource;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * A Kubernetes API server for Margay's kinds, inside this process. It writes a kubeconfig, and only
 * who holds that file's credential may read or write.
 */
public final class EmbeddedApiServer implements AutoCloseable {
  private final LocalStore objects;
  private final RegistryStore store;
  private final HttpsEndpoint endpoint;
  private final Path kubeconfig;

  private EmbeddedApiServer(
      LocalStore objects, RegistryStore store, HttpsEndpoint endpoint, Path kubeconfig) {
    this.objects = objects;
    this.store = store;
    this.endpoint = endpoint;
    this.kubeconfig = kubeconfig;
  }

  /**
   * Starts serving.
   *
   * @throws StoreException UNAVAILABLE if the directory or the address cannot be used
   */
  public static EmbeddedApiServer start(ApiServerConfig config) {
    InstantSource clock = InstantSource.system();
    LocalStore objects =
        config.durable()
            ? new MvStore(config.directory().resolve("objects.mv"), clock)
            : new MemoryStore();
    try {
      ResourceRegistry registry = new ResourceRegistry(objects, clock);
      Credentials credentials =
          Credentials.loadOrCreate(config.directory().resolve("pki"), hosts(config), clock);
      HttpsEndpoint endpoint =
          HttpsEndpoint.start(
              config.host(),
              config.port(),
              credentials.server(),
              new HttpGate(credentials, new ApiRouter(registry, clock)));
      Path kubeconfig = config.directory().resolve("kubeconfig");
      credentials.writeKubeconfig(kubeconfig, endpoint.url().toString());
      return new EmbeddedApiServer(objects, new RegistryStore(registry), endpoint, kubeconfig);
    } catch (IOException | GeneralSecurityException e) {
      objects.close();
      throw new StoreException(
          Reason.UNAVAILABLE, "cannot start the API server: " + e.getMessage(), e);
    } catch (RuntimeException e) {
      objects.close();
      throw e;
    }
  }

  private static List<String> hosts(ApiServerConfig config) {
    Set<String> hosts = new LinkedHashSet<>(List.of("localhost", "127.0.0.1", "::1"));
    if (!config.host().equals("0.0.0.0") && !config.host().equals("::")) {
      hosts.add(config.host());
    }
    hosts.addAll(config.alsoKnownAs());
    return List.copyOf(hosts);
  }

  /** Where clients find the server. */
  public URI url() {
    return endpoint.url();
  }

  /** The file that kubectl needs. */
  public Path kubeconfig() {
    return kubeconfig;
  }

  /**
   * The same objects for those in this process, under the same rules. Open until the server closes.
   */
  public ResourceStore store() {
    return store;
  }

  /** Stops serving. What was acknowledged is on disk already. */
  @Override
  public void close() {
    // Watches end first, with a word to their clients, as their requests would else never end.
    objects.close();
    endpoint.close();
  }
}
