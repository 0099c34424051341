package io.margay.model.resource;

import io.margay.model.net.Cidr;
import io.margay.model.selector.Selector;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a rule asks of one side of the traffic. Fields are joined by AND, the items of a list by OR.
 * A field that is absent (null, or an empty list) asks nothing.
 *
 * @param selector null when absent; an absent selector is not {@code all()}, which only matches
 *     known endpoints
 */
public record EntityRule(
    List<Cidr> nets,
    List<Cidr> notNets,
    @Nullable Selector selector,
    @Nullable Selector notSelector,
    @Nullable Selector namespaceSelector,
    List<PortMatch> ports,
    List<PortMatch> notPorts,
    @Nullable ServiceAccountMatch serviceAccounts,
    @Nullable ServiceMatch services) {
  /** Asks nothing. */
  public static final EntityRule ANY =
      new EntityRule(List.of(), List.of(), null, null, null, List.of(), List.of(), null, null);

  @SuppressWarnings("NullAway") // Jackson passes null for what is absent.
  public EntityRule {
    nets = nets == null ? List.of() : List.copyOf(nets);
    notNets = notNets == null ? List.of() : List.copyOf(notNets);
    ports = ports == null ? List.of() : List.copyOf(ports);
    notPorts = notPorts == null ? List.of() : List.copyOf(notPorts);
  }

  /** Service accounts by name and label; both are asked when both are given. */
  public record ServiceAccountMatch(List<String> names, @Nullable Selector selector) {
    @SuppressWarnings("NullAway")
    public ServiceAccountMatch {
      names = names == null ? List.of() : List.copyOf(names);
    }
  }

  /**
   * The endpoints of a service.
   *
   * @param namespace empty means the policy's own namespace
   */
  public record ServiceMatch(String name, String namespace) {
    @SuppressWarnings("NullAway")
    public ServiceMatch {
      namespace = namespace == null ? "" : namespace;
    }
  }
}
