package io.margay.store.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.margay.model.manifest.KubeObject;
import io.margay.model.resource.Kind;
import io.margay.model.resource.ResourceChange;
import io.margay.store.RecordingWatcher;
import io.margay.store.ResourceStore;
import io.margay.store.ResourceStoreContract;
import io.margay.store.ResourceStream;
import io.margay.store.Samples;
import io.margay.store.StoreException;
import io.margay.store.StoreException.Reason;
import io.margay.store.StreamListener;
import io.margay.store.apiserver.ApiServerConfig;
import io.margay.store.apiserver.EmbeddedApiServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
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
  void passesOnTheServersWords() {
    assertThatThrownBy(() -> store.create(Samples.networkSet("prod", "a", "10.0.0/8")))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("spec.nets[0]")
        .hasMessageContaining("10.0.0/8");
    assertRefused(() -> store.create(Samples.networkSet("none", "a")), Reason.NOT_FOUND);
  }

  @Test
  void aWatchFromAnotherLifeOfTheServerIsExpired() throws Exception {
    RecordingWatcher watcher = new RecordingWatcher();
    try (ResourceStore.Watch watch = store.watch(Kind.TIER, 100_000, watcher)) {
      assertThat(watcher.takeEnd().reason()).isEqualTo(Reason.EXPIRED);
      assertThat(watch).isNotNull();
    }
  }

  @Test
  void aWrongCredentialIsToldSo() throws Exception {
    String good = Files.readString(server.kubeconfig());
    Path bad = folder.resolve("bad.kubeconfig");
    Files.writeString(
        bad,
        good.replaceAll("client-(certificate|key)-data: \\S+", "")
            .replaceAll("token: \\S+", "token: wrong"));
    try (ResourceStore stranger = KubernetesStore.open(new ClusterAccess(bad, null))) {
      assertRefused(() -> stranger.list(Kind.TIER, ""), Reason.FORBIDDEN);
      assertRefused(() -> stranger.create(Samples.tier("a", 1)), Reason.FORBIDDEN);
    }
  }

  @Test
  void aStreamSurvivesARestartOfTheServer() {
    Queue<ResourceChange> changes = new ConcurrentLinkedQueue<>();
    StreamListener listener = changes::add;
    int port = server.url().getPort();
    try (ResourceStream stream = ResourceStream.start(store, EnumSet.of(Kind.TIER), listener)) {
      await().atMost(Duration.ofSeconds(20)).until(() -> stream.status().inSync());
      server.close();
      server =
          EmbeddedApiServer.start(
              new ApiServerConfig(folder, ApiServerConfig.LOOPBACK, port, List.of(), true));
      server.store().create(Samples.tier("after", 7));
      await()
          .atMost(Duration.ofSeconds(40))
          .until(() ->
              changes.stream()
                  .anyMatch(change ->
                      change instanceof ResourceChange.Upsert upsert
                          && upsert.resource().metadata().name().equals("after")));
      assertThat(changes.stream().filter(ResourceChange.InSync.class::isInstance)).hasSize(1);
    }
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
