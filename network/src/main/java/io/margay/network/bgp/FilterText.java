package io.margay.network.bgp;

import io.margay.model.net.Cidr;
import io.margay.model.resource.BgpFilter;
import io.margay.model.resource.BgpFilter.Operation;
import io.margay.model.resource.BgpFilter.Rule;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Writes the rules of BGPFilters in BIRD's filter language. Pure. */
final class FilterText {
  /** LOCAL_PREF is the larger the better, a priority the smaller: one is this minus the other. */
  static final int MOST_PREFERRED = Integer.MAX_VALUE;

  private FilterText() {}

  /** One statement for each rule that can be about such a session. */
  static List<String> statements(List<Rule> rules, boolean internal) {
    List<String> statements = new ArrayList<>();
    for (Rule rule : rules) {
      if (!rule.readable()) {
        statements.add("reject; # a rule here cannot be read");
        return statements;
      }
      if (rule.peers() == BgpFilter.PeerType.ANY
          || rule.peers() == BgpFilter.PeerType.INTERNAL == internal) {
        statements.add(statement(rule));
      }
    }
    return statements;
  }

  private static String statement(Rule rule) {
    List<String> conditions = conditions(rule);
    String action = rule.accept() ? operations(rule) + "accept;" : "reject;";
    return conditions.isEmpty()
        ? action
        : "if " + String.join(" && ", conditions) + " then { " + action + " }";
  }

  private static List<String> conditions(Rule rule) {
    List<String> conditions = new ArrayList<>();
    Cidr cidr = rule.cidr();
    if (cidr != null) {
      String range = "[ " + cidr + "{" + rule.minLength() + "," + rule.maxLength() + "} ]";
      conditions.add(
          switch (rule.match()) {
            case EQUAL -> "(net = " + cidr + ")";
            case NOT_EQUAL -> "(net != " + cidr + ")";
            case IN -> "(net ~ " + range + ")";
            case NOT_IN -> "(net !~ " + range + ")";
          });
    }
    if (rule.remotePeers()) {
      conditions.add("(source = RTS_BGP)");
    }
    if (!rule.link().isEmpty()) {
      conditions.add("(defined(ifname) && ifname ~ \"" + rule.link() + "\")");
    }
    if (!rule.community().isEmpty()) {
      conditions.add("(" + value(rule.community()) + " ~ " + list(rule.community()) + ")");
    }
    if (!rule.asPath().isEmpty()) {
      conditions.add("(bgp_path ~ [= " + numbers(rule.asPath()) + " * =])");
    }
    if (rule.priority() != 0) {
      conditions.add("(bgp_local_pref = " + (MOST_PREFERRED - rule.priority()) + ")");
    }
    return conditions;
  }

  private static String operations(Rule rule) {
    StringBuilder text = new StringBuilder();
    for (Operation operation : rule.operations()) {
      text.append(
          switch (operation) {
            case Operation.AddCommunity(String community) -> add(community) + " ";
            case Operation.PrependAsPath(List<Long> prefix) ->
                prefix.reversed().stream()
                    .map(number -> "bgp_path.prepend(" + number + "); ")
                    .collect(Collectors.joining());
            case Operation.SetPriority(int value) ->
                "bgp_local_pref = " + (MOST_PREFERRED - value) + "; ";
          });
    }
    return text.toString();
  }

  /** The statement that adds a community. */
  static String add(String community) {
    return list(community) + ".add(" + value(community) + ");";
  }

  private static String list(String community) {
    return community.indexOf(':') == community.lastIndexOf(':')
        ? "bgp_community"
        : "bgp_large_community";
  }

  private static String value(String community) {
    return "(" + community.replace(":", ", ") + ")";
  }

  private static String numbers(List<Long> numbers) {
    return numbers.stream().map(String::valueOf).collect(Collectors.joining(" "));
  }
}
