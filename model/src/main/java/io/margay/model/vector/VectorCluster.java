package io.margay.model.vector;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.margay.model.manifest.Decoded;
import io.margay.model.manifest.KubeObject;
import io.margay.model.manifest.Problem;
import io.margay.model.manifest.ResourceDecoder;
import io.margay.model.net.IpAddress;
import io.margay.model.net.IpFamily;
import io.margay.model.net.Packet;
import io.margay.model.resource.HostEndpoint;
import io.margay.model.resource.Kind;
import io.margay.model.resource.Pod;
import io.margay.model.resource.Resource;
import io.margay.model.resource.ResourceChange;
import io.margay.model.resource.ResourceKey;
import io.margay.model.resource.Tier;
import io.margay.model.vector.ConnectivityVector.Step;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The cluster of a vector while its steps are played: gives the changes for an engine, and the
 * packets that the expectations are about. Not thread-safe.
 *
 * <pre>{@code
 * VectorCluster cluster = new VectorCluster(vector);
 * cluster.start().forEach(engine::apply);
 * for (Step step : vector.steps()) {
 *   cluster.apply(step).forEach(engine::apply);
 *   step.expectations().forEach(e -> check(e, cluster.packet(e)));
 * }
 * }</pre>
 */
public final class VectorCluster {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private final ConnectivityVector vector;
  private final Map<ResourceKey, Resource> resources = new LinkedHashMap<>();
  private final List<Problem> problems = new ArrayList<>();

  public VectorCluster(ConnectivityVector vector) {
    this.vector = vector;
  }

  /** Everything that exists before the first step, the built-in tiers too, and then in-sync. */
  public List<ResourceChange> start() {
    List<ResourceChange> changes = new ArrayList<>();
    for (Tier tier : Tier.builtIn()) {
      changes.add(upsert(tier));
    }
    vector.start().forEach(object -> changes.add(upsert(decode(object))));
    changes.add(new ResourceChange.InSync());
    return changes;
  }

  /** What a step changes, in order. */
  public List<ResourceChange> apply(Step step) {
    List<ResourceChange> changes = new ArrayList<>();
    step.apply().forEach(object -> changes.add(upsert(decode(object))));
    for (ResourceKey key : step.delete()) {
      if (key.kind() == Kind.NAMESPACE) {
        resources.keySet().stream()
            .filter(other -> other.namespace().equals(key.name()))
            .toList()
            .forEach(other -> changes.add(remove(other)));
      }
      changes.add(remove(key));
    }
    return changes;
  }

  private Resource decode(KubeObject object) {
    Decoded decoded = ResourceDecoder.decode(object);
    problems.addAll(decoded.problems());
    return decoded.resource();
  }

  private ResourceChange upsert(Resource resource) {
    resources.put(resource.key(), resource);
    return new ResourceChange.Upsert(resource);
  }

  private ResourceChange remove(ResourceKey key) {
    resources.remove(key);
    return new ResourceChange.Removed(key);
  }

  /** What exists now. */
  public List<Resource> resources() {
    return List.copyOf(resources.values());
  }

  /** What could not be read so far. Some vectors hold broken policies on purpose. */
  public List<Problem> problems() {
    return List.copyOf(problems);
  }

  /**
   * The first packet of an expected connection.
   *
   * @throws IllegalArgumentException if a peer does not exist or has no address of the family
   */
  public Packet packet(Expectation expectation) {
    return new Packet(
        address(expectation.from(), expectation.family()),
        address(expectation.to(), expectation.family()),
        expectation.protocol(),
        expectation.sourcePort(),
        expectation.destinationPort());
  }

  /**
   * The address of a peer.
   *
   * @throws IllegalArgumentException if the peer does not exist or has no address of the family
   */
  public IpAddress address(VectorPeer peer, IpFamily family) {
    return switch (peer) {
      case VectorPeer.AddressPeer(IpAddress address) -> address;
      case VectorPeer.NodePeer(String node, IpAddress address) -> address;
      case VectorPeer.PodPeer(String namespace, String name) ->
          first(
              peer,
              family,
              find(new ResourceKey(Kind.POD, namespace, name)) instanceof Pod pod
                  ? pod.status().podIPs().stream().map(Pod.PodIp::ip)
                  : Stream.empty());
      case VectorPeer.HostEndpointPeer(String name) ->
          first(
              peer,
              family,
              find(new ResourceKey(Kind.HOST_ENDPOINT, "", name)) instanceof HostEndpoint host
                  ? host.spec().expectedIPs().stream()
                  : Stream.empty());
    };
  }

  private @Nullable Resource find(ResourceKey key) {
    return resources.get(key);
  }

  private static IpAddress first(VectorPeer peer, IpFamily family, Stream<IpAddress> addresses) {
    return addresses
        .filter(address -> address.family() == family)
        .findFirst()
        .orElseThrow(
            () -> new IllegalArgumentException(peer + " has no address of " + family + " now"));
  }

  /** The API objects for the namespaces, accounts, nodes and pods that a vector describes. */
  static List<KubeObject> described(JsonNode vector) {
    List<KubeObject> objects = new ArrayList<>();
    VectorReader.items(vector, "namespaces").map(VectorCluster::namespace).forEach(objects::add);
    VectorReader.items(vector, "serviceAccounts")
        .map(account -> named(Kind.SERVICE_ACCOUNT, account))
        .forEach(objects::add);
    VectorReader.items(vector, "nodes").map(VectorCluster::node).forEach(objects::add);
    VectorReader.items(vector, "pods").map(VectorCluster::pod).forEach(objects::add);
    return objects;
  }

  private static KubeObject named(Kind kind, JsonNode described) {
    ObjectNode object = NODES.objectNode();
    object.put("apiVersion", kind.apiVersion()).put("kind", kind.kind());
    ObjectNode metadata = object.putObject("metadata");
    metadata.put("name", VectorReader.text(described, "name"));
    if (kind.namespaced()) {
      metadata.put("namespace", VectorReader.text(described, "ns"));
    }
    if (described.path("labels") instanceof ObjectNode labels) {
      metadata.set("labels", labels.deepCopy());
    }
    return new KubeObject(kind, object);
  }

  private static KubeObject namespace(JsonNode described) {
    KubeObject namespace = named(Kind.NAMESPACE, described);
    namespace
        .json()
        .withObjectProperty("metadata")
        .withObjectProperty("labels")
        .put("kubernetes.io/metadata.name", namespace.name());
    return namespace;
  }

  private static KubeObject node(JsonNode described) {
    KubeObject node = named(Kind.NODE, described);
    if (described.path("addresses") instanceof ArrayNode addresses) {
      node.json().putObject("status").set("addresses", addresses.deepCopy());
    }
    return node;
  }

  private static KubeObject pod(JsonNode described) {
    KubeObject pod = named(Kind.POD, described);
    ObjectNode spec = pod.json().putObject("spec");
    spec.put("nodeName", described.path("node").asText());
    spec.put("hostNetwork", described.path("hostNetwork").asBoolean());
    spec.put("serviceAccountName", described.path("serviceAccount").asText());
    ObjectNode container = spec.putArray("containers").addObject().put("name", "main");
    ArrayNode ports = container.putArray("ports");
    VectorReader.items(described, "ports")
        .forEach(port ->
            ports
                .addObject()
                .put("name", port.path("name").asText())
                .put("containerPort", port.path("port").asInt())
                .put("protocol", port.path("protocol").asText("TCP")));
    ArrayNode addresses = pod.json().putObject("status").put("phase", "Running").putArray("podIPs");
    VectorReader.items(described, "ips")
        .forEach(ip -> addresses.addObject().put("ip", ip.asText()));
    return pod;
  }
}
