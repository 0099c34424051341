package io.margay.app.cli.resources;

import io.margay.app.cli.CommandFailure;
import io.margay.store.ResourceStore;
import io.margay.store.folder.FolderStore;
import io.margay.store.kubernetes.ClusterAccess;
import io.margay.store.kubernetes.KubernetesStore;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which resources a command works on: a cluster's, or those of a folder. */
public final class StoreOptions {
  /** How often a command that runs for long looks whether the folder has changed. */
  private static final Duration FOLDER_INTERVAL = Duration.ofMillis(500);

  @Option(
      names = {"--kubeconfig", "-c", "--config"},
      paramLabel = "FILE",
      description =
          "How to reach the cluster (default: KUBECONFIG, then ~/.kube/config, then the pod's"
              + " service account).")
  private @Nullable Path kubeconfig;

  @Option(
      names = "--context",
      paramLabel = "NAME",
      description = "Context of the kubeconfig file (default: its current one).")
  private @Nullable String context;

  @Option(
      names = "--from",
      paramLabel = "DIR",
      description = "Read resources from the YAML and JSON files below a folder instead.")
  private @Nullable Path folder;

  /** Whether the user named a cluster or a folder. */
  public boolean given() {
    return kubeconfig != null || context != null || folder != null;
  }

  /** Whether it is a folder. */
  public boolean isFolder() {
    return folder != null;
  }

  /**
   * Opens the store; the caller closes it.
   *
   * @throws CommandFailure if the options exclude each other
   */
  public ResourceStore open() {
    if (folder == null) {
      return KubernetesStore.open(new ClusterAccess(kubeconfig, context));
    }
    if (kubeconfig != null || context != null) {
      throw new CommandFailure("--from DIR and --kubeconfig exclude each other: give one of them");
    }
    return FolderStore.open(folder, FOLDER_INTERVAL);
  }
}
