package io.margay.policy.engine;

import io.margay.model.net.IpFamily;
import io.margay.model.net.PortRange;
import io.margay.model.net.Protocol;
import io.margay.model.verdict.Direction;
import io.margay.policy.address.AddressSpace;
import io.margay.policy.address.PeerClass;
import io.margay.policy.convert.Policy;
import io.margay.policy.engine.Walk.ActiveRule;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Gathers what rules are good for, from one group of endpoints and one class of far addresses after
 * the other. Rules of staged policies, failsafes and profiles are not looked at.
 */
public final class RuleReview {
  private final Map<Integer, Group> groups;
  private final Map<Integer, PeerClass> classes = new HashMap<>();
  private final Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
  private final RuleTally tally = new RuleTally();

  RuleReview(Map<Integer, Group> groups, AddressSpace space, Collection<PolicyEntry> policies) {
    this.groups = groups;
    policies.stream()
        .map(entry -> entry.policy)
        .filter(policy -> !policy.staged())
        .forEach(this::mention);
    for (IpFamily family : IpFamily.values()) {
      space.classes(family).forEach(peerClass -> classes.put(peerClass.id(), peerClass));
    }
  }

  private void mention(Policy policy) {
    for (Direction direction : Direction.values()) {
      policy
          .rules(direction)
          .forEach(rule -> tally.of(new RuleUse.Id(direction, policy.ref(), rule.index())));
    }
  }

  /** Takes in all packets between a group of endpoints and addresses of a class. */
  public void look(int group, int peerClass) {
    PeerClass known = Objects.requireNonNull(classes.get(peerClass));
    Objects.requireNonNull(groups.get(group)).review(known, this);
  }

  /** Every rule of policies that are enforced, with what was seen of it so far. */
  public List<RuleUse> uses() {
    return tally.uses();
  }

  /** Whether this is the first look at what a group's rules make of some classes. */
  boolean isNew(Object use) {
    return seen.add(use);
  }

  /** Takes in all packets that some rules may match. */
  void read(Chain chain, IpFamily family, List<ActiveRule> rules) {
    PortGrid grid = new PortGrid(rules);
    PacketReview packets = new PacketReview(chain, rules, tally);
    packets.look(grid.unmentioned(), 0, 0);
    Protocol foreign = family == IpFamily.IPV4 ? Protocol.ICMPV6 : Protocol.ICMP;
    for (Protocol protocol : grid.mentioned()) {
      if (protocol.equals(foreign)) {
        continue;
      }
      PortGrid.Ports ports = grid.ports(protocol);
      for (PortRange source : ports.sources()) {
        for (PortRange destination : ports.destinations()) {
          packets.look(protocol, source.first(), destination.first());
        }
      }
    }
  }
}
