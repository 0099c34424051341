package io.margay.policy.engine;

import io.margay.model.net.Protocol;
import io.margay.model.resource.Rule.IcmpMatch;
import io.margay.policy.address.FactSet;
import io.margay.policy.address.FactTable;
import io.margay.policy.convert.MatchRule;
import io.margay.policy.convert.PortSet;
import it.unimi.dsi.fastutil.ints.IntOpenHashSet;
import it.unimi.dsi.fastutil.ints.IntSet;
import it.unimi.dsi.fastutil.ints.IntSets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a rule asks of protocol and ports, with all names resolved for one pair of addresses. Null
 * asks nothing.
 *
 * @param service the ports of the service that the rule names
 */
record TransportMatch(
    @Nullable Protocol protocol,
    @Nullable Protocol notProtocol,
    @Nullable IcmpMatch icmp,
    @Nullable IcmpMatch notIcmp,
    @Nullable PortMatcher source,
    @Nullable PortMatcher notSource,
    @Nullable PortMatcher destination,
    @Nullable PortMatcher notDestination,
    @Nullable IntSet service) {

  static TransportMatch of(
      CompiledRule compiled, FactSet sourceFacts, FactSet destinationFacts, FactTable table) {
    MatchRule rule = compiled.rule();
    SideQuestions from = compiled.source();
    SideQuestions to = compiled.destination();
    return new TransportMatch(
        rule.protocol(),
        rule.notProtocol(),
        rule.icmp(),
        rule.notIcmp(),
        ports(rule.source().ports(), from.namedPorts(), sourceFacts, table),
        ports(rule.source().notPorts(), from.notNamedPorts(), sourceFacts, table),
        ports(rule.destination().ports(), to.namedPorts(), destinationFacts, table),
        ports(rule.destination().notPorts(), to.notNamedPorts(), destinationFacts, table),
        to.service() == 0 ? null : portKeys(new int[] {to.service()}, destinationFacts, table));
  }

  private static @Nullable PortMatcher ports(
      PortSet ports, int[] named, FactSet facts, FactTable table) {
    return ports.isEmpty() ? null : new PortMatcher(ports.ranges(), portKeys(named, facts, table));
  }

  private static IntSet portKeys(int[] questions, FactSet facts, FactTable table) {
    if (questions.length == 0) {
      return IntSets.EMPTY_SET;
    }
    IntSet keys = new IntOpenHashSet();
    for (int i = 0; i < facts.size(); i++) {
      int port = table.portOf(facts.get(i));
      if (port < 0) {
        continue;
      }
      int base = table.baseOf(facts.get(i));
      for (int question : questions) {
        if (question == base) {
          keys.add(port);
        }
      }
    }
    return keys;
  }

  /**
   * Whether packets match.
   *
   * @param to a port, or for ICMP {@code type << 8 | code}
   */
  boolean matches(Protocol of, int from, int to) {
    if (protocol != null && !protocol.equals(of)) {
      return false;
    }
    if (notProtocol != null && notProtocol.equals(of)) {
      return false;
    }
    if (icmp != null && !matches(icmp, of, to)) {
      return false;
    }
    if (notIcmp != null && matches(notIcmp, of, to)) {
      return false;
    }
    if (source != null && !source.contains(of, from)) {
      return false;
    }
    if (notSource != null && notSource.contains(of, from)) {
      return false;
    }
    if (destination != null && !destination.contains(of, to)) {
      return false;
    }
    if (notDestination != null && notDestination.contains(of, to)) {
      return false;
    }
    return service == null || service.contains(SideQuestions.portKey(of, to));
  }

  private static boolean matches(IcmpMatch match, Protocol protocol, int typeAndCode) {
    return protocol.isIcmp()
        && (match.type() == null || match.type() == typeAndCode >> 8)
        && (match.code() == null || match.code() == (typeAndCode & 0xff));
  }

  /** Adds the protocols that this match tells apart from others. */
  void mention(Set<Protocol> mentioned) {
    if (protocol != null) {
      mentioned.add(protocol);
    }
    if (notProtocol != null) {
      mentioned.add(notProtocol);
    }
    if (protocol == null && (icmp != null || notIcmp != null)) {
      mentioned.add(Protocol.ICMP);
      mentioned.add(Protocol.ICMPV6);
    }
    for (PortMatcher ports : matchers()) {
      if (protocol == null && !ports.ranges().isEmpty()) {
        mentioned.add(Protocol.TCP);
        mentioned.add(Protocol.UDP);
        mentioned.add(Protocol.SCTP);
      }
      mention(ports.keys(), mentioned);
    }
    if (service != null) {
      mention(service, mentioned);
    }
  }

  private static void mention(IntSet keys, Set<Protocol> mentioned) {
    keys.forEach(key -> mentioned.add(new Protocol(key >> 16)));
  }

  private List<PortMatcher> matchers() {
    List<PortMatcher> matchers = new ArrayList<>(4);
    for (PortMatcher ports :
        new @Nullable PortMatcher[] {source, notSource, destination, notDestination}) {
      if (ports != null) {
        matchers.add(ports);
      }
    }
    return matchers;
  }

  /** Adds the points where this match may begin or end to hold, walking up the source ports. */
  void cutSource(Protocol of, IntSet cuts) {
    cut(source, of, cuts);
    cut(notSource, of, cuts);
  }

  /** Likewise for destination ports, or ICMP types and codes. */
  void cutDestination(Protocol of, IntSet cuts) {
    cut(destination, of, cuts);
    cut(notDestination, of, cuts);
    if (service != null) {
      cut(service, of, cuts);
    }
    if (of.isIcmp()) {
      cut(icmp, cuts);
      cut(notIcmp, cuts);
    }
  }

  private static void cut(@Nullable PortMatcher ports, Protocol of, IntSet cuts) {
    if (ports == null || !of.hasPorts()) {
      return;
    }
    ports.ranges().forEach(range -> cut(range.first(), range.last(), cuts));
    cut(ports.keys(), of, cuts);
  }

  private static void cut(IntSet keys, Protocol of, IntSet cuts) {
    keys.forEach(key -> {
      if (key >> 16 == of.number()) {
        cut(key & 0xffff, key & 0xffff, cuts);
      }
    });
  }

  private static void cut(@Nullable IcmpMatch match, IntSet cuts) {
    if (match == null) {
      return;
    }
    Integer code = match.code();
    int firstType = match.type() == null ? 0 : match.type();
    int lastType = match.type() == null ? 255 : match.type();
    if (code == null) {
      cut(firstType << 8, lastType << 8 | 0xff, cuts);
      return;
    }
    for (int type = firstType; type <= lastType; type++) {
      cut(type << 8 | code, type << 8 | code, cuts);
    }
  }

  private static void cut(int first, int last, IntSet cuts) {
    cuts.add(first);
    if (last < 0xffff) {
      cuts.add(last + 1);
    }
  }
}
