package io.margay.policy.engine;

import io.margay.model.net.IpFamily;
import io.margay.model.net.PortRange;
import io.margay.model.net.Protocol;
import io.margay.model.verdict.Direction;
import io.margay.model.verdict.Hit;
import io.margay.model.verdict.PolicyKind;
import io.margay.policy.address.AddressSpace;
import io.margay.policy.address.PeerClass;
import io.margay.policy.engine.RuleUse.Worth;
import io.margay.policy.engine.Walk.ActiveRule;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Gathers what rules are good for, from one group of endpoints and one class of far addresses after
 * the other. Rules of staged policies, failsafes and profiles are not looked at.
 */
public final class RuleReview {
  private final Map<Integer, Group> groups;
  private final Map<Integer, PeerClass> classes = new HashMap<>();
  private final Set<Seen> seen = new HashSet<>();
  private final Map<Key, Tally> tallies = new LinkedHashMap<>();

  /** What is told of one rule and the packet at hand. */
  interface Reader {
    /** Without the rule the verdict would be another one. */
    void needed(Hit rule);

    /** The rule decides, but without it something else would decide the same. */
    void replaceable(Hit rule, @Nullable Hit instead);

    /** The rule matches, but something else decided before. */
    void unreached(Hit rule, Hit before);
  }

  private record Seen(int group, Object projection) {}

  private record Key(Direction direction, Hit rule) {}

  private static final class Tally {
    boolean needed;
    boolean decides;
    final Set<Hit> coveredBy = new LinkedHashSet<>();

    Worth worth() {
      if (needed) {
        return Worth.NEEDED;
      }
      return decides ? Worth.REDUNDANT : Worth.SHADOWED;
    }
  }

  RuleReview(Map<Integer, Group> groups, AddressSpace space) {
    this.groups = groups;
    for (IpFamily family : IpFamily.values()) {
      space.classes(family).forEach(peerClass -> classes.put(peerClass.id(), peerClass));
    }
  }

  /** Takes in all packets between a group of endpoints and addresses of a class. */
  public void look(int group, int peerClass) {
    PeerClass known = Objects.requireNonNull(classes.get(peerClass));
    Objects.requireNonNull(groups.get(group)).review(known, this);
  }

  /** Every rule that matches a packet that was taken in, of policies that are enforced. */
  public List<RuleUse> uses() {
    return tallies.entrySet().stream()
        .map(entry ->
            new RuleUse(
                entry.getKey().direction(),
                entry.getKey().rule(),
                entry.getValue().worth(),
                List.copyOf(entry.getValue().coveredBy)))
        .toList();
  }

  /** Classes of which a group's rules ask nothing different need one look. */
  boolean isNew(int group, Object projection) {
    return seen.add(new Seen(group, projection));
  }

  /** Takes in all packets that some rules may match. */
  void read(Chain chain, IpFamily family, List<ActiveRule> active) {
    PortGrid grid = new PortGrid(active);
    Walk walk = new Walk(chain, active);
    Reader reader = reader(chain.direction());
    walk.review(grid.unmentioned(), 0, 0, reader);
    Protocol foreign = family == IpFamily.IPV4 ? Protocol.ICMPV6 : Protocol.ICMP;
    for (Protocol protocol : grid.mentioned()) {
      if (protocol.equals(foreign)) {
        continue;
      }
      List<PortRange> destinations = grid.destinations(protocol);
      for (PortRange source : grid.sources(protocol)) {
        destinations.forEach(
            destination -> walk.review(protocol, source.first(), destination.first(), reader));
      }
    }
  }

  private Reader reader(Direction direction) {
    return new Reader() {
      @Override
      public void needed(Hit rule) {
        Tally tally = tally(rule);
        tally.needed = true;
        tally.decides = true;
      }

      @Override
      public void replaceable(Hit rule, @Nullable Hit instead) {
        Tally tally = tally(rule);
        tally.decides = true;
        if (instead != null) {
          tally.coveredBy.add(instead);
        }
      }

      @Override
      public void unreached(Hit rule, Hit before) {
        tally(rule).coveredBy.add(before);
      }

      private Tally tally(Hit rule) {
        if (rule.kind() == PolicyKind.FAILSAFE || rule.kind() == PolicyKind.PROFILE) {
          return new Tally(); // not the user's rules: kept nowhere
        }
        return tallies.computeIfAbsent(new Key(direction, rule), _ -> new Tally());
      }
    };
  }
}
