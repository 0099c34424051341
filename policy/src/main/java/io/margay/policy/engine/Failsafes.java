package io.margay.policy.engine;

import io.margay.model.net.Cidr;
import io.margay.model.net.PortRange;
import io.margay.model.net.Protocol;
import io.margay.model.resource.RuleAction;
import io.margay.model.verdict.Direction;
import io.margay.policy.convert.MatchRule;
import io.margay.policy.convert.PortSet;
import io.margay.policy.convert.Side;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Ports of host endpoints that no policy can close, so that a wrong policy does not cut off the one
 * who could mend it. They come before all policies, except those for forwarded traffic.
 *
 * @param inbound open towards the host
 * @param outbound open from the host
 */
public record Failsafes(List<Port> inbound, List<Port> outbound) {
  public static final Failsafes NONE = new Failsafes(List.of(), List.of());

  /** Calico's lists: SSH, BGP, etcd, Typha, the API server, DHCP and DNS. */
  public static final Failsafes CALICO =
      new Failsafes(
          ports(new int[] {22, 179, 2379, 2380, 5473, 6443, 6666, 6667}, new int[] {68}),
          ports(new int[] {179, 2379, 2380, 5473, 6443, 6666, 6667}, new int[] {53, 67}));

  /**
   * One port.
   *
   * @param peers only towards or from these addresses; null for all
   */
  public record Port(Protocol protocol, int port, @Nullable Cidr peers) {}

  public Failsafes {
    inbound = List.copyOf(inbound);
    outbound = List.copyOf(outbound);
  }

  private static List<Port> ports(int[] tcp, int[] udp) {
    List<Port> ports = new ArrayList<>();
    for (int port : tcp) {
      ports.add(new Port(Protocol.TCP, port, null));
    }
    for (int port : udp) {
      ports.add(new Port(Protocol.UDP, port, null));
    }
    return ports;
  }

  /** The failsafes of a direction as rules, to be evaluated before any policy. */
  List<MatchRule> rules(Direction direction) {
    List<Port> ports = direction == Direction.INGRESS ? inbound : outbound;
    List<MatchRule> rules = new ArrayList<>();
    for (int i = 0; i < ports.size(); i++) {
      rules.add(rule(i, ports.get(i), direction, false));
    }
    return rules;
  }

  /**
   * The failsafes of a direction where connections are not tracked: answers on connections that the
   * other direction's failsafes let through have to be let through by their source port.
   */
  List<MatchRule> untrackedRules(Direction direction) {
    List<MatchRule> rules = new ArrayList<>(rules(direction));
    List<Port> others = direction == Direction.INGRESS ? outbound : inbound;
    for (int i = 0; i < others.size(); i++) {
      rules.add(rule(i, others.get(i), direction, true));
    }
    return rules;
  }

  private static MatchRule rule(int index, Port port, Direction direction, boolean answers) {
    PortSet ports = new PortSet(List.of(PortRange.of(port.port())), List.of());
    Side far = port.peers() == null ? Side.ANY : Side.ANY.withNets(List.of(port.peers()));
    Side source = direction == Direction.INGRESS ? far : Side.ANY;
    Side destination = direction == Direction.INGRESS ? Side.ANY : far;
    return new MatchRule(
        index,
        RuleAction.ALLOW,
        null,
        port.protocol(),
        null,
        null,
        null,
        answers ? source.withPorts(ports) : source,
        answers ? destination : destination.withPorts(ports));
  }
}
