package io.margay.policy.proof;

import io.margay.model.assertion.Traffic;
import io.margay.model.net.IpFamily;
import io.margay.model.net.PortRange;
import io.margay.model.net.Protocol;
import io.margay.policy.proof.View.Way;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;

/** Divides all packets of a route into stretches that no view and no named traffic tells apart. */
final class Stretches {
  private final List<View> views;
  private final List<Traffic> named;

  /** Sees one stretch after the other. */
  @FunctionalInterface
  interface Visitor {
    /**
     * Looks at a stretch.
     *
     * @param allowed the verdicts, one of each view
     * @return whether that was enough
     */
    boolean see(Stretch stretch, boolean[] allowed);
  }

  /** The ways from one kind of place to another, one of each view. */
  record Route(IpFamily family, List<Way> ways) {}

  /**
   * Stretches for these views.
   *
   * @param named traffic that must not be mixed with other traffic
   */
  Stretches(List<View> views, List<Traffic> named) {
    this.views = List.copyOf(views);
    this.named = List.copyOf(named);
  }

  /** Shows stretches, TCP's first, until the visitor has seen enough. */
  void visit(Route route, Visitor visitor) {
    NavigableSet<Protocol> protocols = new TreeSet<>(List.of(Protocol.TCP, Protocol.UDP));
    for (int i = 0; i < views.size(); i++) {
      views.get(i).protocols(route.ways().get(i), protocols);
    }
    named.forEach(traffic -> traffic.parts().forEach(part -> protocols.add(part.protocol())));
    Protocol others = unnamed(protocols);
    protocols.remove(route.family() == IpFamily.IPV4 ? Protocol.ICMPV6 : Protocol.ICMP);
    List<Protocol> order = new ArrayList<>(protocols);
    if (order.remove(Protocol.TCP)) {
      order.addFirst(Protocol.TCP);
    }
    for (Protocol protocol : order) {
      if (visit(route, protocol, protocol.equals(others), visitor)) {
        return;
      }
    }
  }

  /** Adds a protocol that stands for all that are not named. */
  private static Protocol unnamed(NavigableSet<Protocol> protocols) {
    for (int number = 255; number > 0; number--) {
      Protocol other = new Protocol(number);
      if (protocols.add(other)) {
        return other;
      }
    }
    return protocols.last(); // all of them are named, so that it stands for itself
  }

  private boolean visit(Route route, Protocol protocol, boolean others, Visitor visitor) {
    NavigableSet<Integer> from = new TreeSet<>(List.of(0));
    NavigableSet<Integer> to = new TreeSet<>(List.of(0));
    if (protocol.hasPorts() || protocol.isIcmp()) {
      for (int i = 0; i < views.size(); i++) {
        views.get(i).cuts(route.ways().get(i), protocol, from, to);
      }
      named.forEach(traffic -> traffic.parts().forEach(part -> PortCuts.add(part.ports(), to)));
    }
    for (PortRange destination : PortCuts.ranges(to)) {
      for (PortRange source : PortCuts.ranges(from)) {
        Stretch stretch = new Stretch(protocol, others, source, destination);
        if (visitor.see(stretch, verdicts(route, stretch))) {
          return true;
        }
      }
    }
    return false;
  }

  private boolean[] verdicts(Route route, Stretch stretch) {
    boolean[] allowed = new boolean[views.size()];
    for (int i = 0; i < allowed.length; i++) {
      allowed[i] =
          views
              .get(i)
              .allows(
                  route.ways().get(i),
                  stretch.protocol(),
                  stretch.source().first(),
                  stretch.destination().first());
    }
    return allowed;
  }
}
