package io.margay.console;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.margay.console.cluster.ClusterView;
import io.margay.console.why.ClusterExplainer;
import io.margay.console.why.WhySource;
import io.margay.model.flow.FlowEvent;
import io.margay.model.manifest.KubeObject;
import io.margay.model.resource.Kind;
import io.margay.model.resource.ResourceChange;
import java.io.IOException;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.BeforeEach;

/** A console over a small shop whose objects are in the store: what is asked is really computed. */
abstract class ShopTestCase extends ConsoleTestCase {
  private static final YAMLMapper YAML = new YAMLMapper();
  static final ObjectMapper JSON = new ObjectMapper();

  @BeforeEach
  void fillShop() throws IOException {
    given(Kind.NAMESPACE, "{metadata: {name: shop, labels: {team: web}}}");
    given(Kind.NAMESPACE, "{metadata: {name: bank}}");
    given(Kind.NODE, "{metadata: {name: node-1}}");
    pod("shop", "web-1", "web", "10.0.0.1");
    pod("shop", "cart-1", "cart", "10.0.0.2");
    pod("bank", "vault-1", "vault", "10.0.1.1");
    given(Kind.TIER, "{metadata: {name: application}, spec: {order: 200, defaultAction: Deny}}");
    given(
        Kind.NETWORK_POLICY,
        """
        metadata: {name: cart, namespace: shop}
        spec:
          tier: application
          order: 10
          selector: app == 'cart'
          types: [Ingress]
          ingress:
            - action: Allow
              protocol: TCP
              source: {selector: app == 'web'}
              destination: {ports: [7070]}
        """);
    given(
        Kind.GLOBAL_NETWORK_POLICY,
        """
        metadata: {name: quarantine}
        spec:
          tier: application
          order: 5
          selector: quarantined == 'yes'
          types: [Ingress, Egress]
        """);
    ClusterView.of(store)
        .resources()
        .values()
        .forEach(resource -> flows.apply(new ResourceChange.Upsert(resource)));
  }

  @Override
  WhySource why() {
    return question -> {
      ClusterExplainer explainer = new ClusterExplainer();
      ClusterView.of(store)
          .resources()
          .values()
          .forEach(resource -> explainer.apply(new ResourceChange.Upsert(resource)));
      return explainer.explain(question);
    };
  }

  private void pod(String namespace, String name, String app, String address) throws IOException {
    given(
        Kind.POD,
        """
        metadata: {name: %s, namespace: %s, generateName: %s-, labels: {app: %s}}
        spec: {nodeName: node-1, containers: []}
        status: {phase: Running, podIPs: [{ip: %s}]}
        """
            .formatted(name, namespace, app, app, address));
  }

  void given(Kind kind, String yaml) throws IOException {
    ObjectNode object = (ObjectNode) YAML.readTree(yaml);
    object.put("apiVersion", kind.apiVersion()).put("kind", kind.kind());
    KubeObject stored = new KubeObject(kind, object);
    if (store.get(stored.key()).isEmpty()) {
      store.create(stored);
    }
  }

  void see(FlowEvent... events) {
    long before = flows.statistics().events();
    for (FlowEvent event : events) {
      flows.offer(event);
    }
    await().until(() -> flows.statistics().events() == before + events.length);
    await().until(() -> flows.history().flows().count() > 0);
  }

  HttpResponse<String> send(String method, String path, String body, String... headers)
      throws Exception {
    return Http.send(client, uri(path), method, body, headers);
  }

  JsonNode post(String path, String body) throws Exception {
    HttpResponse<String> response = send("POST", path, body);
    if (response.statusCode() != 200) {
      throw new AssertionError(response.statusCode() + " " + response.body());
    }
    return parse(response.body());
  }

  /** A body with one text. */
  static String yaml(String text) {
    return JSON.createObjectNode().put("yaml", text).toString();
  }
}
