package io.margay.app.lab.cluster;

import io.margay.app.cli.CommandFailure;
import io.margay.app.lab.application.Application;
import io.margay.app.lab.application.Workload;
import io.margay.kernel.route.MacAddress;
import io.margay.model.manifest.KubeObject;
import io.margay.model.manifest.ResourceDecoder;
import io.margay.model.net.Cidr;
import io.margay.model.net.IpAddress;
import io.margay.model.resource.Kind;
import io.margay.model.resource.Service;
import io.margay.policy.table.EndpointId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Which pod runs on which node and under which address: decided before anything is built, and the
 * same for the same application.
 */
public record ClusterPlan(List<LabNode> nodes, List<LabPod> pods, List<LabService> services) {
  /** All of this lives inside the lab's own namespaces, so it cannot clash with the machine's. */
  private static final int FABRIC = 0xac12_0000; // 172.18.0.0/24

  private static final int PODS = 0x0af4_0000; // 10.244.0.0/16, a /24 for each node
  private static final int SERVICES = 0x0a60_0000; // 10.96.0.0/16
  private static final int TUNNEL_MAC_PREFIX = 0x6664;
  private static final int MAX_NODES = 200;
  private static final int MAX_PODS_ON_A_NODE = 250;

  public ClusterPlan {
    nodes = List.copyOf(nodes);
    pods = List.copyOf(pods);
    services = List.copyOf(services);
  }

  /** The fabric's own address, by which nodes leave it. */
  public static IpAddress gateway() {
    return IpAddress.v4(FABRIC + 1);
  }

  /** The length of the prefix in which the nodes' addresses are. */
  public static final int FABRIC_PREFIX = 24;

  /**
   * Plans a cluster for an application.
   *
   * @throws CommandFailure if it does not fit
   */
  public static ClusterPlan of(Application application, int nodeCount) {
    if (nodeCount < 1 || nodeCount > MAX_NODES) {
      throw new CommandFailure(nodeCount + " nodes: write a number from 1 to " + MAX_NODES);
    }
    List<LabNode> nodes = new ArrayList<>();
    for (int i = 0; i < nodeCount; i++) {
      nodes.add(node(i));
    }
    List<LabPod> pods = place(application.workloads(), nodes);
    return new ClusterPlan(nodes, pods, services(application.objects(), pods));
  }

  private static LabNode node(int index) {
    int podBase = PODS + (index << 8);
    IpAddress tunnel = IpAddress.v4(podBase);
    return new LabNode(
        "node-" + (index + 1),
        IpAddress.v4(FABRIC + 10 + index),
        new Cidr(tunnel, 24),
        tunnel,
        new MacAddress((long) TUNNEL_MAC_PREFIX << 32 | Integer.toUnsignedLong(podBase)));
  }

  /**
   * Pods go round the nodes, so that the calls between them cross the tunnel about half the time.
   */
  private static List<LabPod> place(List<Workload> workloads, List<LabNode> nodes) {
    int[] used = new int[nodes.size()];
    List<LabPod> pods = new ArrayList<>();
    int turn = 0;
    for (Workload workload : workloads) {
      int count = workload.onEveryNode() ? nodes.size() : workload.replicas();
      for (int i = 0; i < count; i++) {
        int at = workload.onEveryNode() ? i : turn++ % nodes.size();
        LabNode node = nodes.get(at);
        if (++used[at] > MAX_PODS_ON_A_NODE) {
          throw new CommandFailure(
              "more than "
                  + MAX_PODS_ON_A_NODE
                  + " pods on a node: ask for more nodes (--nodes) or fewer replicas");
        }
        IpAddress address = IpAddress.v4((int) node.tunnelAddress().low() + 1 + used[at]);
        pods.add(new LabPod(workload.podName(i), workload, node, address));
      }
    }
    return pods;
  }

  private static List<LabService> services(List<KubeObject> objects, List<LabPod> pods) {
    List<LabService> services = new ArrayList<>();
    for (KubeObject object : objects) {
      if (object.kind() == Kind.SERVICE
          && ResourceDecoder.decode(object).resource() instanceof Service service) {
        List<LabPod> behind =
            pods.stream()
                .filter(pod -> pod.namespace().equals(service.metadata().namespace()))
                .filter(pod -> selects(service.spec().selector(), pod.workload().labels()))
                .toList();
        services.add(new LabService(service, clusterAddress(service, services.size()), behind));
      }
    }
    return services;
  }

  private static boolean selects(Map<String, String> selector, Map<String, String> labels) {
    return !selector.isEmpty() && labels.entrySet().containsAll(selector.entrySet());
  }

  private static @Nullable IpAddress clusterAddress(Service service, int index) {
    return service.spec().clusterIPs().contains("None")
        ? null
        : IpAddress.v4(SERVICES + 10 + index);
  }

  public Optional<LabService> service(String namespace, String name) {
    return services.stream()
        .filter(s -> s.namespace().equals(namespace) && s.name().equals(name))
        .findFirst();
  }

  public List<LabPod> podsOf(String namespace, String workload) {
    return pods.stream()
        .filter(p -> p.namespace().equals(namespace) && p.workload().name().equals(workload))
        .toList();
  }

  /** The pods of a node, as those who judge them name them. */
  public Set<EndpointId> endpoints(LabNode node) {
    return pods.stream()
        .filter(pod -> pod.node().equals(node))
        .map(pod -> EndpointId.pod(pod.namespace(), pod.name()))
        .collect(Collectors.toSet());
  }

  /** Pods by node, for building. */
  public Map<LabNode, List<LabPod>> podsByNode() {
    Map<LabNode, List<LabPod>> byNode = new HashMap<>();
    pods.forEach(pod -> byNode.computeIfAbsent(pod.node(), n -> new ArrayList<>()).add(pod));
    return byNode;
  }
}
