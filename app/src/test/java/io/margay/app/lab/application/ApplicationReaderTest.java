package io.margay.app.lab.application;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.margay.app.cli.CommandFailure;
import io.margay.model.net.Protocol;
import io.margay.model.resource.Kind;
import io.margay.testkit.SharedVectors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ApplicationReaderTest {
  private static final String CART =
      """
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: cart, namespace: shop}
      spec:
        replicas: 2
        selector: {matchLabels: {app: cart}}
        template:
          metadata: {labels: {app: cart}}
          spec:
            containers:
              - name: main
                image: cart
                ports: [{containerPort: 7000}]
                env:
                  %s
      ---
      apiVersion: v1
      kind: Service
      metadata: {name: store, namespace: data}
      spec:
        selector: {app: store}
        ports: [{name: redis, port: 6379}, {name: stats, port: 8125, protocol: UDP}]
      """;

  @TempDir Path folder;

  @Test
  void theBundledShopIsComplete() {
    Application shop = ApplicationReader.bundled();
    assertThat(shop.workloads()).hasSize(11);
    assertThat(shop.calls()).hasSize(14).allMatch(Call::expected);
    assertThat(shop.notes()).isEmpty();
    assertThat(shop.objects()).anyMatch(object -> object.kind() == Kind.STAGED_NETWORK_POLICY);
    assertThat(shop.objects()).filteredOn(object -> object.kind() == Kind.TIER).hasSize(1);
  }

  @Test
  void theOnlineBoutiqueHasItsPoliciesAndCalls() {
    Application boutique = ApplicationReader.ofFolder(SharedVectors.root().resolve("boutique"));
    assertThat(boutique.workloads()).hasSize(12);
    assertThat(boutique.calls()).hasSize(16);
    assertThat(boutique.objects())
        .filteredOn(object -> object.kind() == Kind.KUBERNETES_NETWORK_POLICY)
        .hasSize(13);
  }

  @Test
  void variablesNameServices() throws IOException {
    write(
        "cart.yaml",
        CART.formatted(
            """
            - {name: REDIS_ADDR, value: "store.data:6379"}
                        - {name: STATS_HOST, value: "udp://store.data.svc.cluster.local"}
                        - {name: STATS_PORT, value: "8125"}
                        - {name: MAIL_ADDR, value: "smtp.example.com:25"}
                        - {name: LOG_LEVEL, value: debug}\
            """));
    Application application = ApplicationReader.ofFolder(folder);
    assertThat(application.calls())
        .containsExactly(
            new Call("shop", "cart", "data", "store", 6379, Protocol.TCP, true),
            new Call("shop", "cart", "data", "store", 8125, Protocol.UDP, true));
    assertThat(application.notes())
        .containsExactly(
            "shop/cart: MAIL_ADDR names smtp.example.com:25, which is no service here: no calls");
  }

  @Test
  void aCallGraphFileReplacesVariables() throws IOException {
    write("cart.yaml", CART.formatted("- {name: REDIS_ADDR, value: \"store.data:6379\"}"));
    write(
        "calls.json",
        """
        {"schema": "calls/1", "namespace": "shop", "calls": [
          {"from": "cart", "service": "data/store", "servicePort": 8125, "protocol": "UDP"}]}
        """);
    assertThat(ApplicationReader.ofFolder(folder).calls())
        .containsExactly(new Call("shop", "cart", "data", "store", 8125, Protocol.UDP, true));
  }

  @Test
  void aFolderWithNothingToRunIsRefused() throws IOException {
    write("readme.txt", "nothing");
    assertFailure("it needs a Deployment, StatefulSet, DaemonSet or Pod");
  }

  @Test
  void whatIsNoFolderIsRefused() {
    assertThatThrownBy(() -> ApplicationReader.ofFolder(folder.resolve("missing")))
        .isInstanceOf(CommandFailure.class)
        .hasMessageContaining("not a folder");
  }

  @Test
  void everythingThatIsWrongIsToldAtOnce() throws IOException {
    write("broken.yaml", "kind: [");
    write(
        "policy.yaml",
        """
        apiVersion: projectcalico.org/v3
        kind: NetworkPolicy
        metadata: {name: web, namespace: shop}
        spec:
          selektor: app == 'web'
        """);
    write("replicas.yaml", CART.formatted("[]").replace("replicas: 2", "replicas: many"));
    write("kind.yaml", "apiVersion: example.com/v1\nkind: FirewallRule\nmetadata: {name: x}\n");
    assertThatThrownBy(() -> ApplicationReader.ofFolder(folder))
        .isInstanceOfSatisfying(
            CommandFailure.class,
            failure ->
                assertThat(failure.lines())
                    .anyMatch(line -> line.startsWith("broken.yaml"))
                    .anyMatch(line -> line.contains("selektor") && line.contains("selector"))
                    .anyMatch(line -> line.contains("spec.replicas \"many\""))
                    .anyMatch(line -> line.contains("FirewallRule")));
  }

  @Test
  void aCallGraphMustNameWhatExists() throws IOException {
    write("cart.yaml", CART.formatted("[]"));
    write(
        "calls.json",
        """
        {"schema": "calls/1", "namespace": "shop", "calls": [
          {"from": "kart", "service": "data/store", "servicePort": 6379},
          {"from": "cart", "service": "data/store", "servicePort": 1}]}
        """);
    assertFailure("calls[0].from \"shop/kart\"", "calls[1].service \"data/store:1\"");
  }

  private void assertFailure(String... parts) {
    assertThatThrownBy(() -> ApplicationReader.ofFolder(folder))
        .isInstanceOf(CommandFailure.class)
        .hasMessageContainingAll(parts);
  }

  private void write(String name, String text) throws IOException {
    Files.writeString(folder.resolve(name), text);
  }

  @Test
  void podNamesAreTheSameInEveryRun() {
    List<String> names =
        ApplicationReader.bundled().workloads().stream().map(w -> w.podName(0)).toList();
    assertThat(names).doesNotHaveDuplicates();
    assertThat(names)
        .isEqualTo(
            ApplicationReader.bundled().workloads().stream().map(w -> w.podName(0)).toList());
  }
}
