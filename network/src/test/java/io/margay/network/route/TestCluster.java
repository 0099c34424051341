package io.margay.network.route;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.margay.model.manifest.KubeObject;
import io.margay.model.manifest.ResourceDecoder;
import io.margay.model.net.Cidr;
import io.margay.model.resource.Kind;
import io.margay.model.resource.ResourceChange;
import io.margay.network.ipam.BlockRange;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Objects of a cluster, written briefly. */
final class TestCluster {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final List<KubeObject> objects = new ArrayList<>();

  /** The objects in the order in which they were written. */
  List<KubeObject> objects() {
    return List.copyOf(objects);
  }

  /** What a node sees of them. */
  ClusterCollector seenBy(String node) {
    ClusterCollector collector = new ClusterCollector(node);
    objects.forEach(object ->
        collector.apply(new ResourceChange.Upsert(ResourceDecoder.decode(object).resource())));
    collector.apply(new ResourceChange.InSync());
    return collector;
  }

  RoutePlan plan(RouteSettings settings) {
    return RoutePlanner.plan(settings, seenBy(settings.node()).view());
  }

  RoutePlan planOf(String node) {
    return plan(RouteSettings.defaults(node));
  }

  /** A pool; the rest of its specification is JSON without the outer braces. */
  TestCluster pool(String cidr, String spec) {
    return add(object(Kind.IP_POOL, nameOf(cidr), "{'cidr': '" + cidr + "', " + spec + "}"));
  }

  TestCluster vxlanPool(String cidr, String mode) {
    return pool(cidr, "'vxlanMode': '" + mode + "'");
  }

  /** A node with annotations, named without {@code projectcalico.org/}. */
  TestCluster node(String name, Map<String, String> annotations) {
    return add(nodeObject(name, annotations));
  }

  static KubeObject nodeObject(String name, Map<String, String> annotations) {
    KubeObject node = object(Kind.NODE, name, "{}");
    ObjectNode written = ((ObjectNode) node.json().path("metadata")).putObject("annotations");
    annotations.forEach((key, value) -> written.put("projectcalico.org/" + key, value));
    return node;
  }

  /** Gives a node that was written labels. */
  TestCluster labelled(String node, Map<String, String> labels) {
    objects.stream()
        .filter(object -> object.kind() == Kind.NODE && object.name().equals(node))
        .forEach(object -> {
          ObjectNode written = ((ObjectNode) object.json().path("metadata")).putObject("labels");
          labels.forEach(written::put);
        });
    return this;
  }

  /** A node with an IPv4 address and a tunnel. */
  TestCluster node(String name, String address, String tunnel) {
    return node(name, Map.of("IPv4Address", address, "IPv4VXLANTunnelAddr", tunnel));
  }

  TestCluster block(String cidr, String node) {
    return block(cidr, node, Map.of());
  }

  /** A block in which addresses are on other nodes. */
  TestCluster block(String cidr, String node, Map<String, String> guests) {
    String affinity =
        "{'cidr': '" + cidr + "', 'node': '" + node + "', 'type': 'host', 'state': 'confirmed'}";
    return add(blockObject(cidr, node, guests))
        .add(object(Kind.BLOCK_AFFINITY, node + "-" + nameOf(cidr), affinity));
  }

  static KubeObject blockObject(String cidr, String node, Map<String, String> guests) {
    Cidr block = Cidr.parse(cidr);
    KubeObject object = object(Kind.IPAM_BLOCK, nameOf(cidr), "{'cidr': '" + cidr + "'}");
    ObjectNode spec = (ObjectNode) object.json().path("spec");
    spec.put("affinity", "host:" + node);
    var allocations = spec.putArray("allocations");
    var attributes = spec.putArray("attributes");
    var free = spec.putArray("unallocated");
    for (int number = 0; number < BlockRange.size(block); number++) {
      String guest = guests.get(BlockRange.address(block, number).toString());
      if (guest == null) {
        allocations.addNull();
        free.add(number);
      } else {
        allocations.add(attributes.size());
        attributes.addObject().put("handle_id", "h").putObject("secondary").put("node", guest);
      }
    }
    return object;
  }

  /**
   * A block in which a machine has an address.
   *
   * @param active pod and node, such as {@code vm-1@a}; empty for none
   */
  static KubeObject machineBlock(
      String cidr, String node, String address, String active, String alternate) {
    KubeObject object = blockObject(cidr, node, Map.of(address, "nobody"));
    ObjectNode attribute = (ObjectNode) object.json().path("spec").path("attributes").get(0);
    attribute.put("handle_id", "k8s-pod-network.vmi.default.db").remove("secondary");
    owner(attribute, "secondary", active);
    owner(attribute, "alternate", alternate);
    return object;
  }

  private static void owner(ObjectNode attribute, String name, String pod) {
    if (!pod.isEmpty()) {
      int at = pod.indexOf('@');
      attribute
          .putObject(name)
          .put("namespace", "default")
          .put("pod", pod.substring(0, at))
          .put("node", pod.substring(at + 1));
    }
  }

  TestCluster pod(String name, String node, String... addresses) {
    return add(podObject(name, node, addresses));
  }

  static KubeObject podObject(String name, String node, String... addresses) {
    KubeObject pod = object(Kind.POD, name, "{'nodeName': '" + node + "'}");
    ((ObjectNode) pod.json().path("metadata")).put("namespace", "default");
    var ips = ((ObjectNode) pod.json()).putObject("status").putArray("podIPs");
    for (String address : addresses) {
      ips.addObject().put("ip", address);
    }
    return pod;
  }

  TestCluster add(KubeObject object) {
    objects.add(object);
    return this;
  }

  static KubeObject object(Kind kind, String name, String spec) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("apiVersion", kind.apiVersion()).put("kind", kind.kind());
    json.putObject("metadata").put("name", name);
    json.set("spec", parse(spec.replace('\'', '"')));
    return new KubeObject(kind, json);
  }

  private static JsonNode parse(String json) {
    try {
      return JSON.readTree(json);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String nameOf(String cidr) {
    return cidr.replaceAll("[.:/]", "-");
  }
}
