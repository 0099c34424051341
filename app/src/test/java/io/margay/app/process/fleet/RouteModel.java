package io.margay.app.process.fleet;

import com.fasterxml.jackson.databind.JsonNode;
import io.margay.model.resource.Kind;
import io.margay.model.resource.Pod;
import io.margay.store.local.MemoryStore;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Which routes a node must have, from the JSON of nodes, blocks and pods alone. It knows nothing of
 * the planner that it checks, and only what the fleet has: one subnet, one pool.
 */
final class RouteModel {
  private static final String ANNOTATIONS = "/metadata/annotations/projectcalico.org~1";

  private final MemoryStore store;
  private final boolean bgp;

  RouteModel(MemoryStore store, boolean bgp) {
    this.store = store;
    this.bgp = bgp;
  }

  static String direct(String to, String device) {
    return to + " dev " + device;
  }

  static String via(String to, String via, String device) {
    return to + " via " + via + " dev " + device;
  }

  static String nowhere(String to) {
    return to + " blackhole";
  }

  SortedSet<String> of(String node) {
    Map<String, JsonNode> nodes = new HashMap<>();
    store
        .list(Kind.NODE, "")
        .items()
        .forEach(object -> nodes.put(object.key().name(), object.json()));
    SortedSet<String> lines = new TreeSet<>();
    store
        .list(Kind.IPAM_BLOCK, "")
        .items()
        .forEach(object -> {
          JsonNode spec = object.json().path("spec");
          String owner = spec.path("affinity").asText().replaceFirst("^host:", "");
          String cidr = spec.path("cidr").asText();
          JsonNode there = nodes.get(owner);
          if (owner.equals(node)) {
            lines.add(nowhere(cidr));
          } else if (there != null) {
            lines.add(
                bgp
                    ? via(
                        cidr, there.at(ANNOTATIONS + "IPv4Address").asText().split("/")[0], "eth0")
                    : via(
                        cidr,
                        there.at(ANNOTATIONS + "IPv4VXLANTunnelAddr").asText(),
                        "vxlan.calico"));
          }
        });
    store.list(Kind.POD, "").items().stream()
        .map(object -> object.json())
        .filter(pod -> pod.at("/spec/nodeName").asText().equals(node))
        .forEach(pod ->
            lines.add(
                direct(
                    pod.at("/status/podIPs/0/ip").asText() + "/32",
                    Pod.hostInterface("default", pod.at("/metadata/name").asText()))));
    return lines;
  }
}
