package io.margay.network.bgp;

import io.margay.model.net.Cidr;
import io.margay.model.net.IpAddress;
import io.margay.model.net.IpFamily;
import io.margay.model.resource.BgpConfiguration;
import io.margay.model.resource.BgpFilter;
import io.margay.model.resource.IpPool;
import io.margay.network.route.RouteSettings;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Writes a node's configuration of BIRD 2. Pure: the same cluster gives the same text.
 *
 * <pre>
 *   kernel: routes to pods here ─► table ─► (only what no block covers) ─► peers
 *   static: this node's blocks, services ─► table ─► peers
 *   peers ─► table ─► kernel, with the priority that LOCAL_PREF tells
 * </pre>
 */
public final class BirdConfig {
  /** Of routes that tell none. */
  private static final int NORMAL_PRIORITY = RouteSettings.NORMAL_METRIC;

  /** In the kernel, of addresses that are away from their block: between elevated and normal. */
  private static final int GUEST_METRIC = 768;

  /** Kubernetes' label of nodes that take no traffic for services from outside. */
  private static final String EXCLUDED = "node.kubernetes.io/exclude-from-external-load-balancers";

  private final BgpView cluster;
  private final boolean excluded;
  private final Collection<String> problems;
  private final StringBuilder text = new StringBuilder();

  private BirdConfig(BgpView cluster, BgpNode here, Collection<String> problems) {
    this.cluster = cluster;
    this.excluded = here.labels().containsKey(EXCLUDED);
    this.problems = problems;
  }

  /**
   * The text, or nothing where this node cannot speak BGP.
   *
   * @param problems receives what is left out, and why
   */
  public static String render(BgpView cluster, String node, Collection<String> problems) {
    BgpNode here = cluster.nodes().get(node);
    if (!cluster.configuration().unusable().isEmpty()) {
      problems.add("no BGP: " + cluster.configuration().unusable());
      return "";
    }
    IpAddress routerId = here == null ? null : here.address(IpFamily.IPV4);
    if (here == null || routerId == null) {
      problems.add("no BGP: Node " + node + " has no IPv4 address, which is also its router id");
      return "";
    }
    try {
      List<Session> sessions = Sessions.of(cluster, here, problems);
      return new BirdConfig(cluster, here, problems).text(routerId, sessions);
    } catch (IllegalArgumentException e) {
      problems.add("no BGP: nodeMeshPassword: " + e.getMessage());
      return "";
    }
  }

  private String text(IpAddress routerId, List<Session> sessions) {
    line("# Written by margay node; changes are lost.");
    line("router id " + routerId + ";");
    line("log stderr { warning, error, auth, fatal, bug };");
    line("protocol device { scan time 5; }");
    String ignored =
        Stream.concat(
                Stream.of("cali*", "vxlan*"), cluster.configuration().ignoredInterfaces().stream())
            .map(pattern -> "-\"" + pattern + "\"")
            .collect(Collectors.joining(", "));
    line("protocol direct { ipv4; ipv6; interface " + ignored + ", \"*\"; }");
    for (IpFamily family : IpFamily.values()) {
      statics(family);
      kernel(family);
    }
    Set<String> names = cluster.configuration().communities().keySet();
    cluster.configuration().advertisements().stream()
        .flatMap(advertisement -> advertisement.communities().stream())
        .filter(community -> community.indexOf(':') < 0 && !names.contains(community))
        .forEach(community -> problems.add("no community has the name " + community));
    sessions.forEach(this::session);
    return text.toString();
  }

  private void line(String line) {
    text.append(line).append('\n');
  }

  private static String channel(IpFamily family) {
    return switch (family) {
      case IPV4 -> "ipv4";
      case IPV6 -> "ipv6";
    };
  }

  /** What this node tells as a whole: its blocks, the ranges of services, and local services. */
  private void statics(IpFamily family) {
    List<Cidr> all = new ArrayList<>(cluster.blocks());
    if (!excluded) {
      List<Cidr> ranges = cluster.configuration().services();
      all.addAll(ranges);
      cluster.localServices().stream()
          .filter(address -> ranges.stream().anyMatch(range -> range.contains(address)))
          .forEach(address -> all.add(address.toCidr()));
    }
    line("protocol static margay_" + channel(family) + " {");
    line("  " + channel(family) + ";");
    all.stream()
        .filter(cidr -> cidr.family() == family)
        .distinct()
        .sorted()
        .forEach(cidr -> line("  route " + cidr + " blackhole;"));
    line("}");
  }

  private void kernel(IpFamily family) {
    line("filter learn_" + channel(family) + " {");
    // In the pools only the way to a pod is news; the rest leads to next hops.
    for (Cidr cidr : pools(family, false)) {
      line("  if net ~ [ " + cidr + "+ ] && !(defined(ifname) && ifname ~ \"cali*\") then reject;");
    }
    line("  accept;\n}");
    line("filter program_" + channel(family) + " {");
    line("  if source != RTS_BGP then reject;");
    // The node's tunnels carry these already.
    for (Cidr cidr : pools(family, true)) {
      line("  if net ~ [ " + cidr + "+ ] then reject;");
    }
    // BIRD replaces a route of IPv4 by prefix and metric: with another metric it would leave the
    // one before. Single addresses change theirs, so all have one; it beats that of a source here.
    for (Cidr cidr : pools(family, false)) {
      String single = cidr + "{" + family.bits() + "," + family.bits() + "}";
      line("  if net ~ [ " + single + " ] then { krt_metric = " + GUEST_METRIC + "; accept; }");
    }
    // Half of the range and more is a priority, less is somebody else's preference.
    line("  if bgp_local_pref > 1073741823");
    line("  then krt_metric = " + FilterText.MOST_PREFERRED + " - bgp_local_pref;");
    line("  else krt_metric = " + NORMAL_PRIORITY + ";");
    line("  accept;\n}");
    line("protocol kernel kernel_" + channel(family) + " {");
    line("  learn; persist; scan time 5; merge paths on; graceful restart; metric 0;");
    line(
        "  "
            + channel(family)
            + " { import filter learn_"
            + channel(family)
            + "; export filter program_"
            + channel(family)
            + "; };");
    line("}");
  }

  /** The pools of a family. */
  private List<Cidr> pools(IpFamily family, boolean tunnelledOnly) {
    return cluster.pools().stream()
        .filter(pool -> pool.spec().cidr() != null && pool.spec().cidr().family() == family)
        .filter(pool -> !tunnelledOnly || isTunnelled(pool))
        .map(pool -> pool.spec().cidr())
        .sorted()
        .toList();
  }

  /** Also where it cannot be read: then nothing is done with the pool. */
  private static boolean isTunnelled(IpPool pool) {
    return pool.spec().travel().vxlan() != IpPool.Encapsulation.NEVER
        || pool.spec().travel().ipip() != IpPool.Encapsulation.NEVER;
  }

  private void session(Session session) {
    IpFamily family = session.peer().family();
    Session.Options options = session.options();
    line("protocol bgp " + session.name() + " {");
    String local = session.local() == null ? "" : session.local() + " ";
    boolean ownPort = cluster.configuration().listenPort() != BgpConfiguration.DEFAULT_PORT;
    String port = ownPort ? "port " + cluster.configuration().listenPort() + " " : "";
    line("  local " + local + port + "as " + session.localAs() + ";");
    line(
        "  neighbor "
            + session.peer()
            + " port "
            + session.port()
            + " as "
            + session.peerAs()
            + ";");
    line("  multihop" + (options.ttlHops() > 0 ? " " + options.ttlHops() : "") + ";");
    line("  connect delay time 2; connect retry time 5; error wait time 5, 30;");
    line("  graceful restart;");
    if (options.restart() != null) {
      line("  graceful restart time " + options.restart().toSeconds() + ";");
    }
    if (options.keepalive() != null) {
      line("  keepalive time " + options.keepalive().toSeconds() + ";");
    }
    if (options.password() != null) {
      line("  password \"" + options.password() + "\";");
    }
    if (options.ttlHops() > 0) {
      line("  ttl security on;");
    }
    if (options.allowedLocalAs() > 0) {
      line("  allow local as " + options.allowedLocalAs() + ";");
    }
    if (session.passive()) {
      line("  passive;");
    }
    if (!session.reflectorId().isEmpty()) {
      line("  rr client; rr cluster id " + session.reflectorId() + ";");
    }
    line("  " + channel(family) + " {");
    line("    gateway recursive;");
    switch (options.nextHop()) {
      case AUTO -> {}
      case SELF -> line("    next hop self;");
      case KEEP -> line("    next hop keep;");
    }
    line("    import filter {");
    filters(session, family, true).forEach(statement -> line("      " + statement));
    line("      accept;\n    };");
    line("    export filter {");
    export(session, family);
    line("      reject;\n    };\n  };\n}");
    if (options.reachableBy() != null) {
      line("protocol static reach_" + session.name() + " {");
      line("  " + channel(family) + ";");
      line("  route " + session.peer().toCidr() + " via " + options.reachableBy() + ";\n}");
    }
  }

  private static List<String> filters(Session session, IpFamily family, boolean imports) {
    boolean v4 = family == IpFamily.IPV4;
    List<String> statements = new ArrayList<>();
    for (BgpFilter filter : session.options().filters()) {
      BgpFilter.Spec spec = filter.spec();
      List<BgpFilter.Rule> rules =
          imports ? v4 ? spec.importV4() : spec.importV6() : v4 ? spec.exportV4() : spec.exportV6();
      statements.addAll(FilterText.statements(rules, session.isInternal()));
    }
    return statements;
  }

  private void export(Session session, IpFamily family) {
    String in = "      ";
    // What one of this node's blocks covers is told by the block, unless it is preferred.
    for (Cidr block : cluster.blocks()) {
      if (block.family() == family && !block.isSingle()) {
        String inside = block + "{" + (block.prefixLength() + 1) + "," + family.bits() + "}";
        line(
            in
                + "if net ~ [ "
                + inside
                + " ] && source = RTS_INHERIT && krt_metric >= "
                + NORMAL_PRIORITY
                + " then reject;");
      }
    }
    line(in + "if source = RTS_INHERIT && defined(krt_metric)");
    line(in + "then bgp_local_pref = " + FilterText.MOST_PREFERRED + " - krt_metric;");
    line(
        in
            + "else if source != RTS_BGP then bgp_local_pref = "
            + (FilterText.MOST_PREFERRED - NORMAL_PRIORITY)
            + ";");
    advertisements(family).forEach(statement -> line(in + statement));
    filters(session, family, false).forEach(statement -> line(in + statement));
    for (IpPool pool : cluster.pools()) {
      Cidr cidr = pool.spec().cidr();
      if (cidr != null && cidr.family() == family) {
        boolean hidden =
            pool.spec().travel().disableBgpExport() || session.inCluster() && isTunnelled(pool);
        line(in + "if net ~ [ " + cidr + "+ ] then " + (hidden ? "reject;" : "accept;"));
      }
    }
    for (Cidr services : cluster.configuration().services()) {
      if (services.family() == family) {
        line(in + "if net ~ [ " + services + "+ ] then accept;");
      }
    }
  }

  private List<String> advertisements(IpFamily family) {
    Map<String, String> names = cluster.configuration().communities();
    List<String> statements = new ArrayList<>();
    for (BgpConfiguration.Advertisement advertisement : cluster.configuration().advertisements()) {
      if (advertisement.cidr().family() == family) {
        String values =
            advertisement.communities().stream()
                .map(community -> names.getOrDefault(community, community))
                .filter(community -> community.indexOf(':') > 0)
                .map(FilterText::add)
                .collect(Collectors.joining(" "));
        statements.add("if net ~ [ " + advertisement.cidr() + "+ ] then { " + values + " }");
      }
    }
    return statements;
  }
}
