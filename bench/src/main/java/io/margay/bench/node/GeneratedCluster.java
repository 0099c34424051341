package io.margay.bench.node;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.margay.model.manifest.KubeObject;
import io.margay.model.resource.Kind;
import io.margay.model.resource.ResourceKey;
import io.margay.store.ResourceStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A cluster that is made up as it is read, as it comes from an API server: an application of a few
 * tiers in each namespace, and policies that let each tier be reached by the one before it, and by
 * one tier of all the cluster's namespaces, so that every address matters to every node.
 *
 * @param endpoints pods, of which {@link #LOCAL} are on this node
 */
record GeneratedCluster(int endpoints, int policies) implements ResourceStore {
  /** Pods of this node: as many as Kubernetes recommends at the most. */
  static final int LOCAL = 100;

  /** A prime, by which the numbers of pods are mixed. */
  private static final long STEP = 7_919;

  static final String NODE = "bench";

  private static final int PODS_OF_A_NAMESPACE = 100;
  private static final List<String> TIERS = List.of("web", "api", "orders", "stock", "db");
  private static final ObjectMapper JSON = new ObjectMapper();

  private static final String NAMESPACE =
      """
      {"apiVersion": "v1", "kind": "Namespace",
       "metadata": {"name": "team-%1$d", "resourceVersion": "1",
        "labels": {"kubernetes.io/metadata.name": "team-%1$d", "env": "%2$s"}}}
      """;

  private static final String POD =
      """
      {"apiVersion": "v1", "kind": "Pod",
       "metadata": {"name": "%1$s-7d9c5b6f48-%2$05x", "namespace": "team-%3$d",
        "resourceVersion": "1",
        "labels": {"app": "%1$s", "version": "v%4$d", "pod-template-hash": "7d9c5b6f48"}},
       "spec": {"nodeName": "%5$s", "serviceAccountName": "default",
        "containers": [{"name": "main", "image": "shop/%1$s:1",
         "ports": [{"name": "http", "containerPort": 8080, "protocol": "TCP"}]}]},
       "status": {"phase": "Running", "podIP": "%6$s", "podIPs": [{"ip": "%6$s"}]}}
      """;

  private static final String POLICY =
      """
      {"apiVersion": "projectcalico.org/v3", "kind": "NetworkPolicy",
       "metadata": {"name": "allow-%1$d", "namespace": "team-%2$d", "resourceVersion": "1"},
       "spec": {"selector": "app == '%3$s'", "types": ["Ingress"],
        "ingress": [
         {"action": "Allow", "protocol": "TCP", "source": {"selector": "app == '%4$s'"},
          "destination": {"ports": [%5$d]}},
         {"action": "Allow", "protocol": "TCP",
          "source": {"selector": "app == '%6$s'", "namespaceSelector": "env == 'prod'"},
          "destination": {"ports": [9090]}}]}}
      """;

  private int namespaces() {
    return Math.max(1, endpoints / PODS_OF_A_NAMESPACE);
  }

  @Override
  public long visit(Kind kind, Consumer<KubeObject> visitor) {
    switch (kind) {
      case NAMESPACE -> {
        for (int i = 0; i < namespaces(); i++) {
          String environment = i % 50 == 0 ? "shared" : "prod";
          visitor.accept(object(kind, NAMESPACE.formatted(i, environment)));
        }
      }
      case POD -> {
        for (int i = 0; i < endpoints; i++) {
          visitor.accept(object(kind, pod(i)));
        }
      }
      case NETWORK_POLICY -> {
        for (int i = 0; i < policies; i++) {
          visitor.accept(object(kind, policy(i)));
        }
      }
      default -> {}
    }
    return 1;
  }

  private String pod(int number) {
    // Here and there among all, so that they have policies of all kinds.
    boolean local = number * STEP % endpoints < LOCAL;
    return POD.formatted(
        TIERS.get(number / namespaces() % TIERS.size()),
        number,
        number % namespaces(),
        number % 3,
        local ? NODE : "node-" + number % 2_500,
        "%d.%d.%d.%d"
            .formatted(10 + (number >> 24), number >> 16 & 255, number >> 8 & 255, number & 255));
  }

  private String policy(int number) {
    int tier = number / namespaces() % TIERS.size();
    return POLICY.formatted(
        number,
        number % namespaces(),
        TIERS.get(tier),
        TIERS.get((tier + TIERS.size() - 1) % TIERS.size()),
        8080 + number % 5,
        TIERS.get(number % TIERS.size()));
  }

  private static KubeObject object(Kind kind, String json) {
    try {
      return new KubeObject(kind, (ObjectNode) JSON.readTree(json));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public Listing list(Kind kind, String namespace) {
    List<KubeObject> all = new ArrayList<>();
    return new Listing(all, visit(kind, all::add));
  }

  @Override
  public Watch watch(Kind kind, long afterVersion, Watcher watcher) {
    return () -> {};
  }

  @Override
  public Optional<KubeObject> get(ResourceKey key) {
    return Optional.empty();
  }

  @Override
  public KubeObject create(KubeObject object) {
    throw readOnly();
  }

  @Override
  public KubeObject update(KubeObject object) {
    throw readOnly();
  }

  @Override
  public KubeObject delete(ResourceKey key, String resourceVersion) {
    throw readOnly();
  }

  private static UnsupportedOperationException readOnly() {
    return new UnsupportedOperationException("the cluster is made up");
  }

  @Override
  public void close() {}
}
