package io.margay.bench.connect;

import io.margay.bench.IngressPolicy;
import io.margay.model.net.IpAddress;
import io.margay.model.resource.Namespace;
import io.margay.model.resource.NetworkPolicy;
import io.margay.model.resource.ObjectMeta;
import io.margay.model.resource.Pod;
import io.margay.model.resource.Resource;
import io.margay.model.resource.Rule;
import io.margay.model.resource.ServiceAccount;
import io.margay.model.selector.Selector;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The cluster that is measured. Each policy lets the pods of one label reach the server, and one
 * pod has that label, so that there are as many peer classes as policies. Ten of those pods are on
 * the node and connect, from all over the policies: where policies are walked in order, the walk
 * ends in the middle on average.
 *
 * @param policies how many policies, and how many peers
 */
record Cluster(int policies) {
  static final String NODE = "bench";
  static final int PORT = 8080;
  static final int CLIENTS = 10;

  private static final String OTHER_NODE = "elsewhere";
  private static final String NAMESPACE = "bench";
  private static final String ROLE = "role";
  private static final int FIRST_PEER = 0x0a64_0000; // 10.100.0.0
  private static final int SERVER = 0x0ac8_0001; // 10.200.0.1
  private static final int STRANGER = 0x0ac9_0001; // 10.201.0.1
  private static final int FIRST_NEWCOMER = 0x0aca_0000; // 10.202.0.0
  private static final long SEED = 20261121;

  Cluster {
    if (policies < CLIENTS || policies > 65_536) {
      throw new IllegalArgumentException(policies + " policies: must be " + CLIENTS + " to 65536");
    }
  }

  /** The address that a policy lets in. */
  IpAddress peerAddress(int policy) {
    return IpAddress.v4(FIRST_PEER + policy);
  }

  Pod server() {
    return pod("server", NODE, IpAddress.v4(SERVER), Map.of(ROLE, "server"));
  }

  /** A pod of the node that no policy lets in. */
  Pod stranger() {
    return pod("stranger", NODE, IpAddress.v4(STRANGER), Map.of());
  }

  /** The pods that connect: one from each tenth of the policies. */
  List<Pod> clients() {
    return clientNumbers().stream().map(number -> peer(number, NODE)).toList();
  }

  private List<Integer> clientNumbers() {
    Random random = new Random(SEED);
    int tenth = policies / CLIENTS;
    return IntStream.range(0, CLIENTS).mapToObj(i -> i * tenth + random.nextInt(tenth)).toList();
  }

  private Pod peer(int number, String node) {
    return pod("peer-" + number, node, peerAddress(number), Map.of(label(number), "yes"));
  }

  private static String label(int policy) {
    return "peer-" + policy;
  }

  /** Everything that the API would hold. */
  List<Resource> resources() {
    List<Resource> resources = new ArrayList<>();
    resources.add(new Namespace(ObjectMeta.of("", NAMESPACE, Map.of())));
    resources.add(new ServiceAccount(ObjectMeta.of(NAMESPACE, "default", Map.of())));
    resources.add(server());
    resources.add(stranger());
    List<Integer> here = clientNumbers();
    for (int i = 0; i < policies; i++) {
      resources.add(policy(i));
      resources.add(peer(i, here.contains(i) ? NODE : OTHER_NODE));
    }
    return resources;
  }

  private static NetworkPolicy policy(int number) {
    Rule rule = IngressPolicy.allow(Selector.parse("has(" + label(number) + ")"), PORT);
    return new NetworkPolicy(
        ObjectMeta.of(NAMESPACE, "allow-" + number, Map.of()),
        IngressPolicy.of((double) number, Selector.parse(ROLE + " == 'server'"), List.of(rule)));
  }

  /** A new pod of this node with the labels of a peer that is there: it joins that one's class. */
  Pod likePod(int number) {
    return newcomer(number, Map.of(label(number % policies), "yes"));
  }

  /** A new pod of this node that no other is like: it has a class of its own. */
  Pod unlikePod(int number) {
    Map<String, String> labels = new HashMap<>();
    Stream.of(number, number + 1).forEach(n -> labels.put(label(n % policies), "yes"));
    return newcomer(number, labels);
  }

  private static Pod newcomer(int number, Map<String, String> labels) {
    return pod("newcomer-" + number, NODE, IpAddress.v4(FIRST_NEWCOMER + number), labels);
  }

  private static Pod pod(String name, String node, IpAddress address, Map<String, String> labels) {
    return new Pod(
        ObjectMeta.of(NAMESPACE, name, labels),
        new Pod.Spec(node, "default", false, List.of()),
        new Pod.Status("Running", List.of(new Pod.PodIp(address))));
  }
}
