package io.margay.dataplane.check;

import io.margay.model.net.IpAddress;
import io.margay.model.resource.HostEndpoint;
import io.margay.model.resource.Node;
import io.margay.model.resource.Pod;
import io.margay.model.resource.Resource;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Which addresses a cluster's pods and nodes have.
 *
 * @param pods by address; pods in the host's network are not among them
 * @param nodes each node with its addresses
 * @param uplinks the name of each node's interface to the others: what its host endpoint calls it
 * @param hostEndpoints the node of each host endpoint
 */
record Topology(
    Map<IpAddress, Place.InPod> pods,
    Map<String, Set<IpAddress>> nodes,
    Map<String, String> uplinks,
    Map<String, String> hostEndpoints) {
  private static final String USUAL_UPLINK = "eth0";

  static Topology of(Collection<Resource> resources) {
    Map<IpAddress, Place.InPod> pods = new LinkedHashMap<>();
    Map<String, Set<IpAddress>> nodes = new TreeMap<>();
    Map<String, String> uplinks = new TreeMap<>();
    Map<String, String> hostEndpoints = new TreeMap<>();
    for (Resource resource : resources) {
      switch (resource) {
        case Node node -> addresses(nodes, node.metadata().name()).addAll(node.ipAddresses());
        case Pod pod -> {
          String node = pod.spec().nodeName();
          Set<IpAddress> ofNode = addresses(nodes, node);
          for (Pod.PodIp ip : pod.status().podIPs()) {
            if (pod.spec().hostNetwork()) {
              ofNode.add(ip.ip());
            } else {
              pods.putIfAbsent(ip.ip(), new Place.InPod(node, pod.hostInterface()));
            }
          }
        }
        case HostEndpoint host -> {
          HostEndpoint.Spec spec = host.spec();
          addresses(nodes, spec.node()).addAll(spec.expectedIPs());
          hostEndpoints.put(host.metadata().name(), spec.node());
          if (!spec.interfaceName().isEmpty()
              && !spec.interfaceName().equals(HostEndpoint.ALL_INTERFACES)) {
            uplinks.putIfAbsent(spec.node(), spec.interfaceName());
          }
        }
        default -> {} // everything else has no address of its own
      }
    }
    nodes.keySet().forEach(node -> uplinks.putIfAbsent(node, USUAL_UPLINK));
    return new Topology(pods, nodes, uplinks, hostEndpoints);
  }

  private static Set<IpAddress> addresses(Map<String, Set<IpAddress>> nodes, String node) {
    return nodes.computeIfAbsent(node, name -> new LinkedHashSet<>());
  }

  Place locate(IpAddress address) {
    Place.InPod pod = pods.get(address);
    if (pod != null) {
      return pod;
    }
    for (Map.Entry<String, Set<IpAddress>> node : nodes.entrySet()) {
      if (node.getValue().contains(address)) {
        return new Place.OnNode(node.getKey());
      }
    }
    return new Place.Outside(address);
  }

  String uplink(String node) {
    return uplinks.getOrDefault(node, USUAL_UPLINK);
  }
}
