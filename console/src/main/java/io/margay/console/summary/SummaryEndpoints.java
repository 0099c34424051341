package io.margay.console.summary;

import com.fasterxml.jackson.core.JsonGenerator;
import io.margay.console.access.Permissions;
import io.margay.console.cluster.ClusterEndpoint;
import io.margay.console.cluster.ClusterView;
import io.margay.console.flow.FlowParameters;
import io.margay.console.flow.VisibleFlows;
import io.margay.console.http.Exchange;
import io.margay.console.http.HttpFailure;
import io.margay.console.http.Route;
import io.margay.console.policies.PolicyEndpoints;
import io.margay.console.policies.PolicyJson;
import io.margay.console.policies.PolicySource;
import io.margay.console.policies.TierListing;
import io.margay.flows.FlowPeer;
import io.margay.flows.query.FlowReader;
import io.margay.flows.query.PolicyActivity;
import io.margay.flows.query.PolicyName;
import io.margay.flows.query.TimeRange;
import io.margay.model.resource.HostEndpoint;
import io.margay.model.resource.Kind;
import io.margay.model.resource.Resource;
import io.margay.model.resource.ResourceKey;
import io.margay.model.verdict.Direction;
import io.margay.policy.convert.CalicoLabels;
import java.io.IOException;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** The pages of endpoints and namespaces. */
public final class SummaryEndpoints {
  private static final int MOST_LISTED = 1_000;
  private static final long LAST_HOUR = -3_600;

  private final Supplier<ClusterView> cluster;
  private final PolicySource policies;
  private final FlowReader reader;
  private final InstantSource clock;

  public SummaryEndpoints(
      Supplier<ClusterView> cluster,
      PolicySource policies,
      FlowReader reader,
      InstantSource clock) {
    this.cluster = cluster;
    this.policies = policies;
    this.reader = reader;
    this.clock = clock;
  }

  public List<Route> routes() {
    return List.of(
        Route.get("/api/v1/endpoints", this::endpoints),
        Route.get("/api/v1/endpoints/{namespace}/{name}", this::endpoint),
        Route.get("/api/v1/namespaces", this::namespaces),
        Route.get("/api/v1/namespaces/{name}", this::namespace));
  }

  private void endpoints(Exchange exchange) throws IOException {
    Permissions permissions = exchange.caller().permissions();
    String namespace = exchange.query("namespace").orElse("");
    String search = exchange.query("search").orElse("");
    List<ClusterEndpoint> found =
        cluster.get().endpoints().stream()
            .filter(endpoint -> permissions.sees(endpoint.key().namespace()))
            .filter(endpoint -> namespace.isEmpty() || shown(endpoint).equals(namespace))
            .filter(endpoint -> endpoint.key().name().contains(search))
            .toList();
    exchange.json(json -> {
      json.writeStartObject();
      EndpointJson.write("items", found, MOST_LISTED, json);
      json.writeNumberField("total", found.size());
      json.writeEndObject();
    });
  }

  private static String shown(ClusterEndpoint endpoint) {
    return endpoint.isPod() ? endpoint.key().namespace() : FlowPeer.NO_NAMESPACE;
  }

  private void endpoint(Exchange exchange) throws IOException {
    Permissions permissions = exchange.caller().permissions();
    String namespace = exchange.path("namespace");
    String name = exchange.path("name");
    ClusterView view = cluster.get();
    List<ClusterEndpoint> named =
        view.named(namespace, name).stream()
            .filter(endpoint -> permissions.sees(endpoint.key().namespace()))
            .toList();
    if (named.isEmpty()) {
      throw HttpFailure.notFound("there is no endpoint %s/%s now".formatted(namespace, name));
    }
    ClusterEndpoint endpoint = named.getFirst();
    FlowPeer peer = endpoint.peer();
    Traffic traffic =
        Traffic.read(reader(exchange), range(exchange), peer.namespace(), peer.name());
    List<TierListing> tiers = policies.tiers();
    exchange.json(json -> {
      json.writeStartObject();
      json.writeFieldName("endpoint");
      EndpointJson.write(endpoint, json);
      json.writeNumberField("siblings", named.size());
      writeGoverning("ingress", Direction.INGRESS, tiers, view, endpoint, permissions, json);
      writeGoverning("egress", Direction.EGRESS, tiers, view, endpoint, permissions, json);
      PolicyJson.writeTexts("profiles", profiles(endpoint), json);
      traffic.write(json);
      json.writeEndObject();
    });
  }

  private static List<String> profiles(ClusterEndpoint endpoint) {
    return endpoint.resource() instanceof HostEndpoint host
        ? host.spec().profiles()
        : List.of(CalicoLabels.namespaceProfile(endpoint.key().namespace()));
  }

  private static void writeGoverning(
      String field,
      Direction direction,
      List<TierListing> tiers,
      ClusterView view,
      ClusterEndpoint endpoint,
      Permissions permissions,
      JsonGenerator json)
      throws IOException {
    json.writeArrayFieldStart(field);
    for (TierListing tier : tiers) {
      List<ResourceKey> governing =
          tier.policies().stream()
              .filter(policy -> permissions.sees(policy.namespace()))
              .map(PolicyEndpoints::key)
              .filter(key ->
                  view.policy(key)
                      .filter(policy -> policy.governs(direction))
                      .filter(policy -> policy.subject().matches(endpoint.effective()))
                      .isPresent())
              .toList();
      if (governing.isEmpty()) {
        continue;
      }
      json.writeStartObject();
      json.writeStringField("name", tier.name());
      json.writeStringField("default_action", tier.defaultAction().toString());
      json.writeArrayFieldStart("policies");
      for (ResourceKey key : governing) {
        PolicyJson.writeRef(key, json);
      }
      json.writeEndArray();
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private void namespaces(Exchange exchange) throws IOException {
    Permissions permissions = exchange.caller().permissions();
    ClusterView view = cluster.get();
    Map<String, Long> endpoints = countByNamespace(view);
    Map<String, Long> written = policiesByNamespace();
    List<Resource> found =
        view.ofKind(Kind.NAMESPACE)
            .filter(namespace -> permissions.sees(namespace.metadata().name()))
            .toList();
    exchange.json(json -> {
      json.writeStartObject();
      json.writeArrayFieldStart("items");
      for (Resource namespace : found) {
        write(namespace, endpoints, written, json);
      }
      json.writeEndArray();
      json.writeEndObject();
    });
  }

  private static Map<String, Long> countByNamespace(ClusterView view) {
    return view.endpoints().stream()
        .collect(
            Collectors.groupingBy(endpoint -> endpoint.key().namespace(), Collectors.counting()));
  }

  private Map<String, Long> policiesByNamespace() {
    return policies.tiers().stream()
        .flatMap(tier -> tier.policies().stream())
        .collect(Collectors.groupingBy(TierListing.Policy::namespace, Collectors.counting()));
  }

  private static void write(
      Resource namespace,
      Map<String, Long> endpoints,
      Map<String, Long> written,
      JsonGenerator json)
      throws IOException {
    String name = namespace.metadata().name();
    json.writeStartObject();
    json.writeStringField("name", name);
    PolicyJson.writeLabels(namespace.metadata().labels(), json);
    json.writeNumberField("endpoints", endpoints.getOrDefault(name, 0L));
    json.writeNumberField("policies", written.getOrDefault(name, 0L));
    json.writeEndObject();
  }

  private void namespace(Exchange exchange) throws IOException {
    String name = exchange.path("name");
    ClusterView view = cluster.get();
    Resource namespace = view.resources().get(new ResourceKey(Kind.NAMESPACE, "", name));
    if (namespace == null || !exchange.caller().permissions().sees(name)) {
      throw HttpFailure.notFound("there is no namespace " + name);
    }
    List<ClusterEndpoint> there =
        view.endpoints().stream().filter(e -> e.key().namespace().equals(name)).toList();
    Traffic traffic = Traffic.read(reader(exchange), range(exchange), name, null);
    Map<PolicyName, PolicyActivity> activity = new HashMap<>();
    reader(exchange)
        .policyActivity(range(exchange))
        .forEach(used -> activity.put(used.policy(), used));
    exchange.json(json -> {
      json.writeStartObject();
      json.writeFieldName("namespace");
      write(namespace, countByNamespace(view), policiesByNamespace(), json);
      EndpointJson.write("endpoints", there, MOST_LISTED, json);
      json.writeArrayFieldStart("policies");
      for (TierListing tier : policies.tiers()) {
        for (TierListing.Policy policy : tier.policies()) {
          if (concerns(policy, name, view, there, exchange.caller().permissions())) {
            PolicyName used =
                new PolicyName(policy.kind(), tier.name(), policy.namespace(), policy.name());
            PolicyJson.write(
                policy,
                PolicyEndpoints.editable(exchange.caller(), tier.name(), policy),
                activity.get(used),
                json);
          }
        }
      }
      json.writeEndArray();
      traffic.write(json);
      json.writeEndObject();
    });
  }

  /** Policies of the namespace, and cluster-wide ones that govern an endpoint of it. */
  private static boolean concerns(
      TierListing.Policy policy,
      String namespace,
      ClusterView view,
      List<ClusterEndpoint> there,
      Permissions permissions) {
    if (!policy.namespace().isEmpty()) {
      return policy.namespace().equals(namespace);
    }
    return permissions.sees("")
        && view.policy(PolicyEndpoints.key(policy))
            .filter(known -> there.stream().anyMatch(e -> known.subject().matches(e.effective())))
            .isPresent();
  }

  private FlowReader reader(Exchange exchange) {
    return VisibleFlows.of(reader, exchange.caller().permissions());
  }

  private TimeRange range(Exchange exchange) {
    return FlowParameters.range(exchange, clock.instant(), LAST_HOUR);
  }
}
