package io.margay.dataplane.nftables;

import io.margay.dataplane.nftables.Chain.Hook;
import io.margay.model.verdict.Direction;
import io.margay.model.verdict.Stage;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The part of the table that does not depend on policies: where packets enter, and the order of the
 * steps by which a new connection is judged. Each step leaves its result in the packet mark, which
 * the next one looks up:
 *
 * <pre>
 *   interface ─► group ─► (far address ─► class ─►) port table ─► outcome ─► log, verdict
 * </pre>
 *
 * The README of this module draws the chains.
 */
final class Layout {
  static final String ADDRESS_CLASS_V4 = "address_class4";
  static final String ADDRESS_CLASS_V6 = "address_class6";
  static final String RANGE_CLASS_V4 = "range_class4";
  static final String RANGE_CLASS_V6 = "range_class6";
  static final String WORKLOAD_ADDRESS_V4 = "workload_address4";
  static final String WORKLOAD_ADDRESS_V6 = "workload_address6";
  static final String FROM_WORKLOAD_GROUPS = "from_workload_groups";
  static final String TO_WORKLOAD_GROUPS = "to_workload_groups";
  static final String GROUPS = "groups";
  static final String PORT_TABLES = "port_tables";
  static final String ALLOWED = "allowed";
  static final String UNDECIDED = "undecided";
  static final String CLASS_OF_SOURCE = "class_of_source";
  static final String CLASS_OF_DESTINATION = "class_of_destination";

  /** From interface to group. */
  static final Set<String> INTERFACE_MAPS = interfaceMaps();

  /** From address to class. */
  static final Set<String> CLASS_MAPS =
      Set.of(ADDRESS_CLASS_V4, ADDRESS_CLASS_V6, RANGE_CLASS_V4, RANGE_CLASS_V6);

  private static final Set<String> WORKLOAD_ADDRESSES =
      Set.of(WORKLOAD_ADDRESS_V4, WORKLOAD_ADDRESS_V6);

  /** Chains and sets of things that have numbers: groups, port tables, local judges. */
  private static final Pattern NUMBERED = Pattern.compile("[gtl][0-9].*");

  /** A host endpoint is there, but has no policy at this point: its traffic passes on. */
  static final int NOT_JUDGED = 0x7fff_ffff;

  /** The mark of a packet that doNotTrack or preDNAT policies have allowed. */
  private static final int ACCEPTED_ID = 1;

  /** Before connection tracking, at its default priority of -200. */
  private static final int RAW = -300;

  /** After connection tracking and before destination NAT at -100. */
  private static final int BEFORE_DNAT = -110;

  private static final int FILTER = 0;

  /** Neighbour discovery and multicast listener types that a pod needs of its node. */
  private static final String NODE_ICMPV6 = "{ 130-133, 135, 136 }";

  /** Enough of a packet for its addresses and ports, IPv6 extension headers included. */
  private static final int LOGGED_BYTES = 128;

  private static final String GOES_ON = "return";

  private final NftablesConfig config;
  private final Set<HostSite> sites;
  private final Map<HostSite, Integer> others;
  private final Map<String, Chain> chains = new LinkedHashMap<>();
  private final String ours;

  /**
   * @param sites where any host endpoint judges: chains for the other places are left out
   * @param others the groups of the host endpoint for all interfaces ({@code *})
   */
  private Layout(NftablesConfig config, Set<HostSite> sites, Map<HostSite, Integer> others) {
    this.config = config;
    this.sites = sites;
    this.others = new EnumMap<>(HostSite.class);
    this.others.putAll(others);
    this.ours = "0x%08x".formatted(config.marks().bits());
  }

  /** The chains, for a node whose host endpoints judge at these sites. */
  static Map<String, Chain> chains(
      NftablesConfig config, Set<HostSite> sites, Map<HostSite, Integer> others) {
    Layout layout = new Layout(config, sites, others);
    layout.lookups();
    layout.rawChains();
    layout.preDnatChain();
    layout.forwardChains();
    layout.inputChains();
    layout.outputChain();
    layout.workloadSites();
    sites.forEach(layout::hostSite);
    return layout.chains;
  }

  /** Declares the sets and maps that are always there. */
  static void declareSets(NftablesConfig config, Ruleset ruleset) {
    ruleset.declareWithTwin(ADDRESS_CLASS_V4, SetSpec.map("ipv4_addr", "mark"));
    ruleset.declareWithTwin(ADDRESS_CLASS_V6, SetSpec.map("ipv6_addr", "mark"));
    ruleset.declareWithTwin(RANGE_CLASS_V4, SetSpec.intervalMap("ipv4_addr", "mark"));
    ruleset.declareWithTwin(RANGE_CLASS_V6, SetSpec.intervalMap("ipv6_addr", "mark"));
    for (String map : INTERFACE_MAPS) {
      ruleset.declareWithTwin(map, SetSpec.map("ifname", "mark"));
      ruleset.absent(map, new ElementValue.Mark(0));
    }
    ruleset.declare(WORKLOAD_ADDRESS_V4, SetSpec.set("ifname . ipv4_addr"));
    ruleset.declare(WORKLOAD_ADDRESS_V6, SetSpec.set("ifname . ipv6_addr"));
    ruleset.declare(GROUPS, SetSpec.map("mark", "verdict"));
    ruleset.declare(PORT_TABLES, SetSpec.map("mark", "verdict"));
    ruleset.declare(ALLOWED, SetSpec.set("mark"));
    ruleset.declare(UNDECIDED, SetSpec.set("mark"));
    String limit =
        "limit rate %d/second burst %d packets"
            .formatted(config.log().perSecond(), config.log().burst());
    ruleset.declare(written(config), SetSpec.withStatements("mark", limit));
    for (Direction direction : Direction.values()) {
      ruleset.declare(
          sampled(config, direction), SetSpec.withStatements("mark", "counter " + limit));
    }
  }

  /** The set of all outcomes that counts their packets and picks those to report. */
  static String sampled(NftablesConfig config, Direction direction) {
    return "sampled_" + direction.name().toLowerCase(Locale.ROOT) + limit(config);
  }

  /** The set of outcomes that go into the kernel's log, because a rule with action Log says so. */
  static String written(NftablesConfig config) {
    return "written" + limit(config);
  }

  /** A set's limit cannot change, so another limit is another set. */
  private static String limit(NftablesConfig config) {
    return "_%d_%d".formatted(config.log().perSecond(), config.log().burst());
  }

  /** Whether a set is searched by an id that another lookup gave, not by address or interface. */
  static boolean isKeyedById(String set) {
    return !INTERFACE_MAPS.contains(set)
        && !CLASS_MAPS.contains(set)
        && !WORKLOAD_ADDRESSES.contains(set);
  }

  static boolean isNumbered(String name) {
    return NUMBERED.matcher(name).matches();
  }

  static boolean isRangeMap(String map) {
    return map.equals(RANGE_CLASS_V4) || map.equals(RANGE_CLASS_V6);
  }

  /** The map that is searched for an address that has no class of its own. */
  static String rangesBehind(String addressMap) {
    return addressMap.equals(ADDRESS_CLASS_V4) ? RANGE_CLASS_V4 : RANGE_CLASS_V6;
  }

  private static Set<String> interfaceMaps() {
    Set<String> names = new HashSet<>(Set.of(FROM_WORKLOAD_GROUPS, TO_WORKLOAD_GROUPS));
    for (HostSite site : HostSite.values()) {
      names.add(site.groups());
    }
    return Set.copyOf(names);
  }

  private void lookups() {
    chains.put(CLASS_OF_SOURCE, classOf("saddr"));
    chains.put(CLASS_OF_DESTINATION, classOf("daddr"));
    // A number that is missing here means that the table is not whole: nothing passes then.
    chains.put("group", Chain.of("meta mark vmap @" + GROUPS, DropReason.BROKEN_TABLE.rule()));
    chains.put(
        "port_table", Chain.of("meta mark vmap @" + PORT_TABLES, DropReason.BROKEN_TABLE.rule()));
  }

  /** Exact addresses are in hash maps, so that a pod that comes or goes is one element there. */
  private static Chain classOf(String side) {
    List<String> rules = new ArrayList<>();
    for (String map : List.of(ADDRESS_CLASS_V4, RANGE_CLASS_V4)) {
      rules.addAll(lookup("meta mark set ip " + side + " map @", map, " return"));
    }
    for (String map : List.of(ADDRESS_CLASS_V6, RANGE_CLASS_V6)) {
      rules.addAll(lookup("meta mark set ip6 " + side + " map @", map, " return"));
    }
    rules.add(DropReason.BROKEN_TABLE.rule());
    return Chain.of(rules);
  }

  /** A lookup in a map, and in its twin where the map gives nothing. */
  static List<String> lookup(String before, String map, String after) {
    return List.of(before + map + after, before + Ruleset.twin(map) + after);
  }

  /** The group of an interface into the mark, or 0. */
  private static List<String> groupOf(String interfaceKey, String map) {
    String set = "meta mark set " + interfaceKey + " map @";
    return List.of("meta mark set 0", set + map, "meta mark 0 " + set + Ruleset.twin(map));
  }

  private void rawChains() {
    List<String> rules = new ArrayList<>(workloadRules("iifname", "jump source_check"));
    if (sites.contains(HostSite.FROM_HOST_UNTRACKED)) {
      rules.add("jump " + HostSite.FROM_HOST_UNTRACKED.chain());
    }
    chains.put("raw_prerouting", Chain.base(new Hook("prerouting", RAW), rules));
    chains.put(
        "source_check",
        Chain.of(
            "iifname . ip saddr @" + WORKLOAD_ADDRESS_V4 + " return",
            "iifname . ip6 saddr @" + WORKLOAD_ADDRESS_V6 + " return",
            // What a pod's IPv6 stack says to the link before and while it has its address.
            "ip6 saddr fe80::/10 icmpv6 type { 130-136, 143 } return",
            "ip6 saddr :: icmpv6 type { 135, 143 } return",
            DropReason.SPOOFED_SOURCE.rule()));
    if (sites.contains(HostSite.TO_HOST_UNTRACKED)) {
      chains.put(
          "raw_output",
          Chain.base(
              new Hook("output", RAW), List.of("jump " + HostSite.TO_HOST_UNTRACKED.chain())));
    }
  }

  private void preDnatChain() {
    if (sites.contains(HostSite.FROM_HOST_PRE_DNAT)) {
      chains.put(
          "pre_dnat",
          Chain.base(
              new Hook("prerouting", BEFORE_DNAT),
              List.of(
                  "ct state established,related accept",
                  "meta mark and " + ours + " != 0 accept",
                  "jump " + HostSite.FROM_HOST_PRE_DNAT.chain())));
    }
  }

  private void forwardChains() {
    List<String> base = new ArrayList<>();
    base.add("ct state established,related accept");
    if (sites.contains(HostSite.FROM_HOST_FORWARD) || sites.contains(HostSite.TO_HOST_FORWARD)) {
      base.add("goto forward_judged");
    } else {
      base.addAll(workloadRules("iifname", "goto forward_judged"));
      base.addAll(workloadRules("oifname", "goto forward_judged"));
    }
    chains.put("forward", Chain.base(new Hook("forward", FILTER), base));
    keepingForeignBits("forward");

    List<String> steps = new ArrayList<>();
    if (sites.contains(HostSite.FROM_HOST_FORWARD)) {
      String unlessAccepted = acceptedEarlier() ? "meta mark and " + ours + " == 0 " : "";
      steps.add(unlessAccepted + "jump " + HostSite.FROM_HOST_FORWARD.chain());
    }
    steps.addAll(workloadRules("iifname", "jump from_workload"));
    steps.addAll(workloadRules("oifname", "jump to_workload"));
    if (sites.contains(HostSite.TO_HOST_FORWARD)) {
      steps.add("jump " + HostSite.TO_HOST_FORWARD.chain());
    }
    chains.put("judge_forward", Chain.of(steps));
  }

  private void inputChains() {
    List<String> base = new ArrayList<>();
    base.add("ct state established,related accept");
    base.addAll(workloadRules("iifname", "goto input_judged"));
    List<String> steps = new ArrayList<>(workloadRules("iifname", "goto workload_to_host"));
    if (sites.contains(HostSite.FROM_HOST)) {
      base.add("goto input_judged");
      if (acceptedEarlier()) {
        steps.add("meta mark and " + ours + " != 0 return");
      }
      steps.add("icmpv6 type { 133-136 } return");
      steps.add("jump " + HostSite.FROM_HOST.chain());
    }
    chains.put("input", Chain.base(new Hook("input", FILTER), base));
    keepingForeignBits("input");
    chains.put("judge_input", Chain.of(steps));
    String end =
        switch (config.workloadToHost()) {
          case DROP -> DropReason.WORKLOAD_TO_HOST.rule();
          case ACCEPT -> GOES_ON;
        };
    chains.put(
        "workload_to_host",
        Chain.of("icmpv6 type " + NODE_ICMPV6 + " return", "jump from_workload", end));
  }

  private void outputChain() {
    if (!sites.contains(HostSite.TO_HOST)) {
      return;
    }
    List<String> base = new ArrayList<>();
    base.add("ct state established,related accept");
    if (sites.contains(HostSite.TO_HOST_UNTRACKED)) {
      base.add("ct state untracked meta mark and " + ours + " != 0 accept");
    }
    base.addAll(workloadRules("oifname", "accept"));
    base.add("goto output_judged");
    chains.put("output", Chain.base(new Hook("output", FILTER), base));
    keepingForeignBits("output");
    chains.put(
        "judge_output",
        Chain.of("icmpv6 type { 133-136 } return", "jump " + HostSite.TO_HOST.chain()));
  }

  private boolean acceptedEarlier() {
    return sites.contains(HostSite.FROM_HOST_UNTRACKED)
        || sites.contains(HostSite.FROM_HOST_PRE_DNAT);
  }

  /**
   * Calls {@code judge_<hook>}, which uses the whole mark, and puts back the bits that are not
   * ours. nft cannot join two values that it does not know (before 1.1), so there is one chain for
   * each combination of foreign bits: three, for the two bits of kube-proxy.
   */
  private void keepingForeignBits(String hook) {
    int foreign = config.marks().foreign();
    List<String> rules = new ArrayList<>();
    if (foreign != 0) {
      List<String> marked = new ArrayList<>();
      for (int bits = foreign; bits != 0; bits = (bits - 1) & foreign) {
        String chain = "%s_marked_%x".formatted(hook, bits);
        marked.add("0x%08x : goto %s".formatted(bits, chain));
        chains.put(chain, Chain.of("jump judge_" + hook, "meta mark set 0x%08x".formatted(bits)));
      }
      rules.add("meta mark and 0x%08x vmap { %s }".formatted(foreign, String.join(", ", marked)));
    }
    rules.add("jump judge_" + hook);
    rules.add("meta mark set 0");
    chains.put(hook + "_judged", Chain.of(rules));
  }

  private void workloadSites() {
    for (Direction direction : Direction.values()) {
      boolean egress = direction == Direction.EGRESS;
      String name = egress ? "from_workload" : "to_workload";
      List<String> rules = new ArrayList<>();
      rules.addAll(
          egress
              ? groupOf("iifname", FROM_WORKLOAD_GROUPS)
              : groupOf("oifname", TO_WORKLOAD_GROUPS));
      // An interface that looks like a pod's and is not known yet.
      rules.add("meta mark 0 " + DropReason.UNKNOWN_INTERFACE.rule());
      rules.add(dropInvalid());
      rules.add("jump group");
      rules.add("jump port_table");
      rules.add(sampled(direction));
      rules.add(written());
      rules.add(rememberOutcome());
      rules.add("meta mark @" + ALLOWED + " return");
      rules.add("drop");
      chains.put(name, Chain.of(rules));
    }
  }

  private void hostSite(HostSite site) {
    List<String> rules = new ArrayList<>();
    Stage stage = site.point().stage();
    boolean early = stage == Stage.UNTRACKED || stage == Stage.PRE_DNAT;
    String interfaceKey = site.ingress() ? "iifname" : "oifname";
    if (early) {
      // These run before the filter hooks: the mark must come out as it went in.
      keepingForeignBitsEarly(site);
    }
    String chain = early ? site.chain() + "_judge" : site.chain();
    rules.addAll(groupOf(interfaceKey, site.groups()));
    Integer other = others.get(site);
    if (other != null) {
      rules.add(
          "meta mark 0 "
              + interfaceKey
              + " != \"lo\" "
              + String.join(" ", workloadRules(interfaceKey + " !=", ""))
              + " meta mark set "
              + other);
    }
    rules.add("meta mark 0 return");
    rules.add("meta mark " + NOT_JUDGED + (early ? " meta mark set 0 return" : " return"));
    if (stage != Stage.UNTRACKED) {
      rules.add(dropInvalid());
    }
    rules.add("jump group");
    rules.add("jump port_table");
    rules.addAll(hostVerdict(site));
    chains.put(chain, Chain.of(rules));
  }

  private List<String> hostVerdict(HostSite site) {
    Direction direction = site.point().direction();
    String allowed = "meta mark @" + ALLOWED;
    return switch (site.point().stage()) {
      case NORMAL ->
          List.of(sampled(direction), written(), rememberOutcome(), allowed + " return", "drop");
      // Allowed traffic is reported by the workload or host endpoint that has the last word.
      case FORWARD -> List.of(written(), allowed + " return", sampled(direction), "drop");
      case PRE_DNAT ->
          List.of(
              written(),
              allowed + " meta mark set " + accepted() + " return",
              "meta mark @" + UNDECIDED + " meta mark set 0 return",
              sampled(direction),
              "drop");
      case UNTRACKED ->
          List.of(
              written(),
              // Untracked traffic has no connection that could be reported later.
              allowed + " goto " + site.chain() + "_allow",
              "meta mark @" + UNDECIDED + " meta mark set 0 return",
              sampled(direction),
              "drop");
    };
  }

  private void keepingForeignBitsEarly(HostSite site) {
    String judge = site.chain() + "_judge";
    List<String> rules = new ArrayList<>();
    int foreign = config.marks().foreign();
    for (int bits = foreign; bits != 0; bits = (bits - 1) & foreign) {
      String chain = "%s_marked_%x".formatted(site.chain(), bits);
      chains.put(
          chain, Chain.of("jump " + judge, "meta mark set meta mark or 0x%08x".formatted(bits)));
      rules.add("meta mark and 0x%08x == 0x%08x goto %s".formatted(foreign, bits, chain));
    }
    rules.add("jump " + judge);
    chains.put(site.chain(), Chain.of(rules));
    if (site.point().stage() == Stage.UNTRACKED) {
      chains.put(
          site.chain() + "_allow",
          Chain.of(
              sampled(site.point().direction()), "meta mark set " + accepted(), "notrack return"));
    }
  }

  /**
   * Connection tracking calls ICMP types invalid that ask for no answer. Policies may name them, so
   * they are judged like any other packet.
   */
  private static String dropInvalid() {
    return "ct state invalid meta l4proto != 1 meta l4proto != 58 " + DropReason.INVALID.rule();
  }

  private String accepted() {
    return Integer.toUnsignedString(config.marks().mark(ACCEPTED_ID));
  }

  private String sampled(Direction direction) {
    int group =
        direction == Direction.EGRESS ? config.log().egressGroup() : config.log().ingressGroup();
    return "meta mark @%s log group %d snaplen %d"
        .formatted(sampled(config, direction), group, LOGGED_BYTES);
  }

  /** The action Log of rules, with Calico's prefix. */
  private String written() {
    return "meta mark @" + written(config) + " log prefix \"calico-packet: \"";
  }

  /** The connection keeps its outcome's id, unless someone else has marked it. */
  private String rememberOutcome() {
    int foreign = config.marks().foreign();
    String free = foreign == 0 ? "" : "ct mark and 0x%08x == 0 ".formatted(foreign);
    return free + "ct mark set meta mark";
  }

  private List<String> workloadRules(String key, String verdict) {
    return config.workloadPrefixes().stream()
        .map(prefix -> (key + " \"" + prefix + "*\" " + verdict).strip())
        .toList();
  }
}
