package io.margay.policy.property;

import io.margay.model.net.Cidr;
import io.margay.model.net.IpAddress;
import io.margay.model.net.Packet;
import io.margay.model.net.Protocol;
import io.margay.model.resource.EndpointSlice;
import io.margay.model.resource.GlobalNetworkSet;
import io.margay.model.resource.HostEndpoint;
import io.margay.model.resource.Namespace;
import io.margay.model.resource.NetworkSet;
import io.margay.model.resource.Node;
import io.margay.model.resource.ObjectMeta;
import io.margay.model.resource.Pod;
import io.margay.model.resource.Profile;
import io.margay.model.resource.Resource;
import io.margay.model.resource.RuleAction;
import io.margay.model.resource.ServiceAccount;
import io.margay.model.resource.Tier;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Draws resources from a universe that is so small that they keep meeting: few labels, addresses,
 * ports and names, many kinds of rules.
 */
final class RandomCluster {
  static final List<String> NAMESPACES = List.of("a", "b");
  static final List<String> NODES = List.of("n1", "n2");
  private static final List<Protocol> PROTOCOLS =
      List.of(
          Protocol.TCP,
          Protocol.UDP,
          Protocol.SCTP,
          Protocol.ICMP,
          Protocol.ICMPV6,
          Protocol.UDPLITE,
          new Protocol(253));
  private static final int[] PORTS = {0, 1, 53, 79, 80, 81, 443, 8080, 8081, 40000, 65535};

  private final Random random;
  private final RandomPolicies policies;

  RandomCluster(Random random) {
    this.random = random;
    this.policies = new RandomPolicies(random);
  }

  /** Any resource; one of the same kind and name may exist already. */
  Resource resource() {
    int kind = random.nextInt(100);
    if (kind < 24) {
      return pod();
    }
    if (kind < 30) {
      return host();
    }
    if (kind < 38) {
      return networkSet();
    }
    if (kind < 43) {
      return namespace(pick(NAMESPACES));
    }
    if (kind < 46) {
      return new ServiceAccount(ObjectMeta.of(pick(NAMESPACES), pick("default", "sa"), labels()));
    }
    if (kind < 49) {
      return node(pick(NODES));
    }
    if (kind < 53) {
      return slice();
    }
    if (kind < 56) {
      return tier();
    }
    if (kind < 59) {
      return profile();
    }
    return policies.policy();
  }

  Resource policy() {
    return policies.policy();
  }

  Namespace namespace(String name) {
    return new Namespace(ObjectMeta.of("", name, labels()));
  }

  private Tier tier() {
    Double order = random.nextInt(4) == 0 ? null : (double) random.nextInt(3) * 1_000_000;
    String name = random.nextInt(8) == 0 ? "default" : pick("t1", "t2");
    RuleAction action = random.nextBoolean() ? RuleAction.PASS : RuleAction.DENY;
    return new Tier(ObjectMeta.of("", name, Map.of()), new Tier.Spec(order, action));
  }

  private Profile profile() {
    return new Profile(
        ObjectMeta.of("", pick("p1", "p2"), Map.of()),
        new Profile.Spec(policies.rules("", true), policies.rules("", false), labels()));
  }

  Pod pod() {
    List<Pod.PodIp> ips = new ArrayList<>();
    if (random.nextInt(12) > 0) {
      ips.add(new Pod.PodIp(IpAddress.parse("10.0.0." + random.nextInt(8))));
    }
    if (random.nextInt(3) == 0) {
      ips.add(new Pod.PodIp(IpAddress.parse("fd00::" + random.nextInt(5))));
    }
    List<Pod.ContainerPort> ports = new ArrayList<>();
    for (int i = random.nextInt(3); i > 0; i--) {
      ports.add(
          new Pod.ContainerPort(
              pick("http", "dns", ""), pick(80, 8080, 53), pick(Protocol.TCP, Protocol.UDP)));
    }
    return new Pod(
        ObjectMeta.of(pick(NAMESPACES), "pod" + random.nextInt(4), labels()),
        new Pod.Spec(
            pick(NODES),
            pick("default", "sa"),
            random.nextInt(15) == 0,
            List.of(new Pod.Container("main", ports))),
        new Pod.Status(random.nextInt(15) == 0 ? "Succeeded" : "Running", ips));
  }

  private HostEndpoint host() {
    List<IpAddress> ips = new ArrayList<>();
    for (int i = random.nextInt(3); i > 0; i--) {
      ips.add(IpAddress.parse(pick("172.16.0.1", "172.16.0.2", "10.0.0.1", "fd01::1")));
    }
    List<String> profiles =
        switch (random.nextInt(4)) {
          case 0 -> List.of();
          case 1 -> List.of("p1");
          case 2 -> List.of("p2", "p1");
          default -> List.of("p1", "absent");
        };
    return new HostEndpoint(
        ObjectMeta.of("", pick("h1", "h2"), labels()),
        new HostEndpoint.Spec(
            pick(NODES),
            pick("eth0", "*", "eth1"),
            ips,
            profiles,
            random.nextBoolean()
                ? List.of()
                : List.of(
                    new HostEndpoint.EndpointPort(
                        pick("http", "dns"), pick(Protocol.TCP, Protocol.UDP), pick(80, 443)))));
  }

  private Resource networkSet() {
    List<Cidr> nets = policies.nets(random.nextInt(4));
    String name = pick("s1", "s2");
    return random.nextBoolean()
        ? new NetworkSet(ObjectMeta.of(pick(NAMESPACES), name, labels()), nets)
        : new GlobalNetworkSet(ObjectMeta.of("", name, labels()), nets);
  }

  Node node(String name) {
    return new Node(
        ObjectMeta.of("", name, labels()),
        new Node.Spec(List.of()),
        new Node.Status(
            List.of(
                new Node.NodeAddress("InternalIP", name.equals("n1") ? "172.16.0.1" : "172.16.0.2"),
                new Node.NodeAddress("Hostname", name))));
  }

  private EndpointSlice slice() {
    List<EndpointSlice.Endpoint> endpoints = new ArrayList<>();
    for (int i = random.nextInt(3); i > 0; i--) {
      endpoints.add(new EndpointSlice.Endpoint(List.of("10.0.0." + random.nextInt(8)), null));
    }
    List<EndpointSlice.EndpointPort> ports = new ArrayList<>();
    for (int i = random.nextInt(3); i > 0; i--) {
      ports.add(
          new EndpointSlice.EndpointPort(
              "p" + i,
              pick(Protocol.TCP, Protocol.UDP),
              random.nextInt(5) == 0 ? null : pick(80, 8080, 53)));
    }
    return new EndpointSlice(
        ObjectMeta.of(
            pick(NAMESPACES),
            "slice" + random.nextInt(3),
            Map.of(EndpointSlice.SERVICE_LABEL, pick("svc1", "svc2"))),
        "IPv4",
        endpoints,
        ports);
  }

  private Map<String, String> labels() {
    Map<String, String> labels = new HashMap<>();
    for (String key : List.of("app", "tier", "env")) {
      if (random.nextBoolean()) {
        labels.put(key, pick("x", "y", "xy"));
      }
    }
    return labels;
  }

  /** A packet between addresses that are likely to mean something. */
  Packet packet(List<IpAddress> known) {
    boolean v6 = random.nextInt(4) == 0;
    IpAddress source = address(known, v6);
    IpAddress destination = address(known, v6);
    Protocol protocol = PROTOCOLS.get(random.nextInt(PROTOCOLS.size()));
    int to = PORTS[random.nextInt(PORTS.length)];
    if (protocol.isIcmp()) {
      to = pick(0, 3, 8) << 8 | pick(0, 1, 255);
    } else if (!protocol.hasPorts()) {
      to = 0;
    }
    int from = protocol.hasPorts() ? PORTS[random.nextInt(PORTS.length)] : 0;
    return new Packet(source, destination, protocol, from, to);
  }

  private IpAddress address(List<IpAddress> known, boolean v6) {
    if (random.nextInt(4) > 0) {
      List<IpAddress> fitting =
          known.stream().filter(a -> (a.family().version() == 6) == v6).toList();
      if (!fitting.isEmpty()) {
        return fitting.get(random.nextInt(fitting.size()));
      }
    }
    return IpAddress.parse(
        v6
            ? pick("fd00::3", "fd00:1::9", "2001:db8::1")
            : pick("10.0.0.6", "192.0.2.1", "10.9.9.9"));
  }

  @SafeVarargs
  private <T> T pick(T... choices) {
    return choices[random.nextInt(choices.length)];
  }

  private <T> T pick(List<T> choices) {
    return choices.get(random.nextInt(choices.size()));
  }
}
