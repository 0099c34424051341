package io.margay.dataplane.nftables;

import io.margay.dataplane.HostEndpoints;
import io.margay.dataplane.InterfaceTable;
import io.margay.policy.table.EndpointId;
import io.margay.policy.table.Judge;
import io.margay.policy.table.JudgedEndpoint;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The host endpoints of the node in the wanted ruleset, and with them the chains of the layout,
 * which leave out the places where no host endpoint judges. There are few host endpoints: they are
 * all written anew when one of them or an interface changes.
 */
final class HostSites {
  private final NftablesConfig config;
  private final Ruleset ruleset;
  private final LocalJudges judges;
  private final Map<EndpointId, JudgedEndpoint> endpoints = new HashMap<>();
  private final List<Use> used = new ArrayList<>();
  private InterfaceTable interfaces = InterfaceTable.EMPTY;
  private Set<String> layoutChains = Set.of();
  private boolean changed = true;

  private record Use(Judge judge, HostSite site) {}

  HostSites(NftablesConfig config, Ruleset ruleset, LocalJudges judges) {
    this.config = config;
    this.ruleset = ruleset;
    this.judges = judges;
  }

  void set(JudgedEndpoint endpoint) {
    endpoints.put(endpoint.id(), endpoint);
    changed = true;
  }

  void remove(EndpointId id) {
    changed |= endpoints.remove(id) != null;
  }

  void interfaces(InterfaceTable table) {
    interfaces = table;
    changed = true;
  }

  /** Brings the wanted ruleset up to date with the host endpoints. */
  void write() {
    if (!changed) {
      return;
    }
    changed = false;
    List<Use> before = List.copyOf(used);
    used.clear();
    HostEndpoints resolved = HostEndpoints.resolve(endpoints.values(), interfaces);
    Map<HostSite, Integer> others = new EnumMap<>(HostSite.class);
    Set<HostSite> sites = EnumSet.noneOf(HostSite.class);
    for (HostSite site : HostSite.values()) {
      Map<ElementKey, ElementValue> groups = new HashMap<>();
      resolved
          .byInterface()
          .forEach((name, endpoint) -> {
            if (endpoint.judges().containsKey(site.point())) {
              sites.add(site);
            }
            groups.put(
                new ElementKey.Interface(name), new ElementValue.Mark(number(endpoint, site)));
          });
      JudgedEndpoint rest = resolved.others();
      if (rest != null
          && site.appliesToAllInterfaces()
          && rest.judges().containsKey(site.point())) {
        sites.add(site);
        others.put(site, number(rest, site));
      }
      ruleset.elements(site.groups()).replace(groups);
    }
    // After the new uses are counted, so that a chain still in use is not written twice.
    before.forEach(use -> judges.release(use.judge, use.site.point().direction()));
    writeLayout(sites, others);
  }

  private int number(JudgedEndpoint endpoint, HostSite site) {
    Judge judge = endpoint.judges().get(site.point());
    if (judge == null) {
      return Layout.NOT_JUDGED;
    }
    used.add(new Use(judge, site));
    return judges.acquire(judge, site.point().direction());
  }

  private void writeLayout(Set<HostSite> sites, Map<HostSite, Integer> others) {
    Map<String, Chain> chains = Layout.chains(config, sites, others);
    layoutChains.stream()
        .filter(name -> !chains.containsKey(name))
        .forEach(ruleset.chains()::remove);
    chains.forEach(ruleset.chains()::set);
    layoutChains = Set.copyOf(chains.keySet());
  }
}
