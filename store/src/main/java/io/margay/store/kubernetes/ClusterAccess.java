package io.margay.store.kubernetes;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.margay.store.StoreException;
import io.margay.store.StoreException.Reason;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How to reach a cluster, by the rules that kubectl has: the file that is named, else the files in
 * {@code KUBECONFIG}, else {@code ~/.kube/config}, else the service account of the pod that this
 * process runs in.
 *
 * @param kubeconfig null to go by the environment
 * @param context null for the file's current context
 */
public record ClusterAccess(@Nullable Path kubeconfig, @Nullable String context) {

  /** The environment variables that matter, so that tests need not change the process's own. */
  private static final String KUBECONFIG = "KUBECONFIG";

  private static final String IN_CLUSTER = "KUBERNETES_SERVICE_HOST";

  /**
   * A client for what no store does, such as asking who a user is. Connects on first use.
   *
   * @throws StoreException if there is no cluster to be found, or the file cannot be used
   */
  public KubernetesClient connect() {
    return new KubernetesClientBuilder().withConfig(resolve(System.getenv())).build();
  }

  /**
   * The client's configuration.
   *
   * @throws StoreException if there is no cluster to be found, or the file cannot be used
   */
  Config resolve(Map<String, String> environment) {
    Config config = find(environment);
    // Every server has them, and they end as soon as the connection does.
    config.setOnlyHttpWatches(true);
    return config;
  }

  private Config find(Map<String, String> environment) {
    Optional<Path> file = kubeconfig != null ? Optional.of(kubeconfig) : configured(environment);
    if (file.isPresent()) {
      return fromFile(file.get());
    }
    if (environment.containsKey(IN_CLUSTER)) {
      // Reads the service account's token and keeps reading it, since it is rotated.
      return Config.autoConfigure(null);
    }
    throw new StoreException(
        Reason.UNAVAILABLE,
        "no cluster: name a file with --kubeconfig, set KUBECONFIG, or use --from DIR");
  }

  private static Optional<Path> configured(Map<String, String> environment) {
    String listed = environment.getOrDefault(KUBECONFIG, "");
    if (!listed.isBlank()) {
      return Arrays.stream(listed.split(File.pathSeparator))
          .filter(part -> !part.isBlank())
          .map(Path::of)
          .filter(Files::exists)
          .findFirst()
          .or(() -> {
            throw new StoreException(
                Reason.UNAVAILABLE, "KUBECONFIG \"" + listed + "\": there is no such file");
          });
    }
    Path usual = Path.of(environment.getOrDefault("HOME", "."), ".kube", "config");
    return Optional.of(usual).filter(Files::exists);
  }

  private Config fromFile(Path file) {
    if (!Files.isReadable(file)) {
      throw new StoreException(
          Reason.UNAVAILABLE,
          "kubeconfig "
              + file
              + (Files.exists(file) ? ": permission denied" : ": there is no such file"));
    }
    try {
      Config config = Config.fromKubeconfig(context, Files.readString(file), file.toString());
      if (ClientKey.isEllipticPkcs8(config)) {
        config.setClientKeyAlgo("EC");
      }
      return config;
    } catch (IOException | KubernetesClientException | IllegalArgumentException e) {
      throw new StoreException(Reason.UNAVAILABLE, "kubeconfig " + file + ": " + e.getMessage(), e);
    }
  }
}
