package io.margay.store.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import io.margay.model.manifest.KubeObject;
import io.margay.model.resource.Kind;
import io.margay.model.resource.ResourceKey;
import io.margay.store.ResourceStore;
import io.margay.store.ResourceStoreContract;
import io.margay.store.Samples;
import io.margay.store.StoreException.Reason;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The objects of an API server, seen from inside its process. */
final class EmbeddedStoreTest extends ResourceStoreContract {
  @TempDir Path directory;

  private EmbeddedApiServer server;

  @Override
  protected ResourceStore open() {
    server =
        EmbeddedApiServer.start(
            new ApiServerConfig(directory, ApiServerConfig.LOOPBACK, 0, List.of(), false));
    server.store().create(Samples.namespace("prod"));
    server.store().create(Samples.namespace("test"));
    return server.store();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void followsTheRulesOfTheApi() {
    KubeObject set = Samples.networkSet("prod", "a", "10.0.0/8");
    assertRefused(() -> store.create(set), Reason.INVALID);
    assertRefused(() -> store.create(Samples.networkSet("none", "a")), Reason.NOT_FOUND);
    assertRefused(
        () -> store.delete(new ResourceKey(Kind.TIER, "", "default"), ""), Reason.FORBIDDEN);
  }

  @Test
  void hasTheBuiltInTiers() {
    assertThat(store.list(Kind.TIER, "").items())
        .extracting(KubeObject::name)
        .containsExactly("default", "kube-admin", "kube-baseline");
  }
}
