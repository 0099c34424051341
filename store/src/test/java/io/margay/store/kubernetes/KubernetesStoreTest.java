package io.margay.store.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.margay.model.manifest.KubeObject;
import io.margay.model.resource.Kind;
import io.margay.store.ResourceStore;
import io.margay.store.ResourceStoreContract;
import io.margay.store.Samples;
import io.margay.store.apiserver.ApiServerConfig;
import io.margay.store.apiserver.EmbeddedApiServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The store's promises, kept through HTTPS by a server that speaks the Kubernetes API. */
final class KubernetesStoreTest extends ResourceStoreContract {
  @TempDir Path folder;
  private EmbeddedApiServer server;

  @Override
  protected ResourceStore open() {
    server = EmbeddedApiServer.start(ApiServerConfig.local(folder));
    KubernetesStore cluster = KubernetesStore.open(new ClusterAccess(server.kubeconfig(), null));
    cluster.create(Samples.namespace("prod"));
    cluster.create(Samples.namespace("test"));
    return cluster;
  }

  @AfterEach
  void stopServer() {
    server.close();
  }

  @Test
  void readsMoreThanOnePage() {
    for (int i = 0; i < 1_100; i++) {
      server.store().create(Samples.networkSet("prod", "set-" + i, "10.0.0.0/8"));
    }
    assertThat(store.list(Kind.NETWORK_SET, "prod").items())
        .hasSize(1_100)
        .isSortedAccordingTo((a, b) -> a.key().compareTo(b.key()))
        .extracting(KubeObject::resourceVersion)
        .doesNotHaveDuplicates();
  }

  @Test
  void theEnvironmentSaysWhereTheClusterIs() throws Exception {
    ClusterAccess byEnvironment = new ClusterAccess(null, null);
    String file = server.kubeconfig().toString();
    assertThat(byEnvironment.resolve(Map.of("KUBECONFIG", "/nonexistent:" + file)).getMasterUrl())
        .startsWith(server.url().toString());
    Path home = Files.createDirectories(folder.resolve("home/.kube")).getParent();
    Files.copy(server.kubeconfig(), home.resolve(".kube/config"));
    assertThat(byEnvironment.resolve(Map.of("HOME", home.toString())).getMasterUrl())
        .startsWith(server.url().toString());
  }

  @Test
  void aClusterThatCannotBeFoundIsNamed() throws Exception {
    assertThatThrownBy(() -> new ClusterAccess(null, null).resolve(Map.of("HOME", "/nonexistent")))
        .hasMessageContaining("no cluster: name a file with --kubeconfig");
    assertThatThrownBy(() -> new ClusterAccess(null, null).resolve(Map.of("KUBECONFIG", "/no/a")))
        .hasMessage("KUBECONFIG \"/no/a\": there is no such file");
    Path broken = Files.writeString(folder.resolve("broken"), "{ not yaml");
    assertThatThrownBy(() -> new ClusterAccess(broken, null).resolve(Map.of()))
        .hasMessageContaining("kubeconfig " + broken);
  }
}
