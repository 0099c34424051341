package io.margay.policy.convert;

import io.margay.model.net.Cidr;
import io.margay.model.resource.EntityRule.ServiceMatch;
import io.margay.model.selector.Selector;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a rule asks of the source or the destination; all of it must hold. Null or empty asks
 * nothing.
 *
 * @param nets sorted, so that equal lists are one question
 * @param notNets sorted likewise
 * @param selector the effective selector: namespace, service account and negated parts folded in
 * @param notSelector only where there is no positive part to fold it into; then it also holds for
 *     addresses that belong to nobody known
 * @param nodes selects nodes by their labels, and so their addresses
 * @param service the namespace is filled in
 */
public record Side(
    List<Cidr> nets,
    List<Cidr> notNets,
    @Nullable Selector selector,
    @Nullable Selector notSelector,
    @Nullable Selector nodes,
    @Nullable ServiceMatch service,
    PortSet ports,
    PortSet notPorts) {
  public static final Side ANY =
      new Side(List.of(), List.of(), null, null, null, null, PortSet.NONE, PortSet.NONE);

  public Side {
    nets = nets.stream().sorted().distinct().toList();
    notNets = notNets.stream().sorted().distinct().toList();
  }

  static Side selecting(Selector selector) {
    return new Side(List.of(), List.of(), selector, null, null, null, PortSet.NONE, PortSet.NONE);
  }

  static Side within(List<Cidr> nets, List<Cidr> except) {
    return new Side(nets, except, null, null, null, null, PortSet.NONE, PortSet.NONE);
  }

  static Side onNodes(Selector nodes) {
    return new Side(List.of(), List.of(), null, null, nodes, null, PortSet.NONE, PortSet.NONE);
  }

  /** This side, asked for other prefixes. */
  public Side withNets(List<Cidr> newNets) {
    return new Side(newNets, notNets, selector, notSelector, nodes, service, ports, notPorts);
  }

  /** This side, asked for other ports. */
  public Side withPorts(PortSet newPorts) {
    return new Side(nets, notNets, selector, notSelector, nodes, service, newPorts, notPorts);
  }

  /** Where the named ports of this side are looked up. */
  public Selector namedPortOwners() {
    return selector == null ? Selector.all() : selector;
  }
}
