package io.margay.model.manifest;

import io.margay.model.net.Cidr;
import io.margay.model.net.IpFamily;
import io.margay.model.net.PortRange;
import io.margay.model.net.Protocol;
import io.margay.model.resource.CalicoPolicySpec;
import io.margay.model.resource.EntityRule;
import io.margay.model.resource.ObjectMeta;
import io.margay.model.resource.PolicyType;
import io.margay.model.resource.PortMatch;
import io.margay.model.resource.Profile;
import io.margay.model.resource.Rule;
import io.margay.model.resource.RuleAction;
import io.margay.model.resource.StagedAction;
import io.margay.model.selector.Selector;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the specifications of Calico's policies and profiles. */
final class CalicoPolicyDecoder {
  private static final Set<String> RULE_FIELDS =
      Set.of(
          "action",
          "ipVersion",
          "protocol",
          "notProtocol",
          "icmp",
          "notICMP",
          "source",
          "destination",
          "http",
          "metadata");
  private static final Set<String> ENTITY_FIELDS =
      Set.of(
          "nets",
          "notNets",
          "selector",
          "notSelector",
          "namespaceSelector",
          "ports",
          "notPorts",
          "serviceAccounts",
          "services");

  private CalicoPolicyDecoder() {}

  static CalicoPolicySpec policy(Field spec, boolean staged) {
    Double order = spec.at("order").number();
    Field.Mark subjectMark = spec.mark();
    Selector selector = selector(spec.at("selector"));
    Selector serviceAccounts = selector(spec.at("serviceAccountSelector"));
    Selector namespaces = selector(spec.at("namespaceSelector"));
    boolean doNotTrack = spec.at("doNotTrack").flag();
    boolean preDnat = spec.at("preDNAT").flag();
    boolean applyOnForward = spec.at("applyOnForward").flag();
    List<PolicyType> types =
        spec.at("types").items(type -> type.parsed(CalicoPolicyDecoder::policyType));
    String unparseable = subjectMark.failure();
    StagedAction stagedAction =
        staged
            ? spec.at("stagedAction")
                .parsed(CalicoPolicyDecoder::stagedAction)
                .orElse(StagedAction.SET)
            : null;
    return new CalicoPolicySpec(
        spec.at("tier").text(),
        order,
        selector == null ? Selector.all() : selector,
        serviceAccounts,
        namespaces,
        types,
        rules(spec.at("ingress")),
        rules(spec.at("egress")),
        doNotTrack,
        preDnat,
        applyOnForward,
        stagedAction,
        unparseable);
  }

  static Profile profile(ObjectMeta metadata, Field spec) {
    return new Profile(
        metadata,
        new Profile.Spec(
            rules(spec.at("ingress")), rules(spec.at("egress")), spec.at("labelsToApply").texts()));
  }

  private static List<Rule> rules(Field list) {
    return list.items().stream().map(CalicoPolicyDecoder::rule).toList();
  }

  private static Rule rule(Field rule) {
    Field.Mark mark = rule.mark();
    rule.knowsOnly(RULE_FIELDS);
    // A rule whose action is unknown is unparseable, and fails closed as one that denies.
    RuleAction action =
        rule.at("action").required(CalicoPolicyDecoder::action).orElse(RuleAction.DENY);
    Protocol protocol = rule.at("protocol").parsed(Protocol::parse).orElse(null);
    Protocol notProtocol = rule.at("notProtocol").parsed(Protocol::parse).orElse(null);
    IpFamily family = family(rule);
    Rule.IcmpMatch icmp = icmp(rule.at("icmp"));
    Rule.IcmpMatch notIcmp = icmp(rule.at("notICMP"));
    EntityRule source = entity(rule.at("source"));
    EntityRule destination = entity(rule.at("destination"));
    Rule.HttpMatch http = http(rule.at("http"));
    return new Rule(
        action,
        family,
        protocol,
        notProtocol,
        icmp,
        notIcmp,
        source,
        destination,
        http,
        rule.at("metadata").at("annotations").texts(),
        mark.failure());
  }

  /** The names ICMP and ICMPv6 imply a family where none is given; the numbers 1 and 58 do not. */
  private static @Nullable IpFamily family(Field rule) {
    Integer version = rule.at("ipVersion").integer();
    if (version != null) {
      if (version != 4 && version != 6) {
        rule.at("ipVersion").problem("not an IP version", "write 4 or 6");
        return null;
      }
      return IpFamily.ofVersion(version);
    }
    String protocol = rule.at("protocol").text();
    if (protocol.equalsIgnoreCase("ICMP")) {
      return IpFamily.IPV4;
    }
    return protocol.equalsIgnoreCase("ICMPv6") ? IpFamily.IPV6 : null;
  }

  private static Rule.@Nullable IcmpMatch icmp(Field icmp) {
    if (!icmp.present()) {
      return null;
    }
    icmp.knowsOnly(Set.of("type", "code"));
    return new Rule.IcmpMatch(icmp.at("type").integer(0, 255), icmp.at("code").integer(0, 255));
  }

  private static Rule.@Nullable HttpMatch http(Field http) {
    if (!http.present()) {
      return null;
    }
    http.knowsOnly(Set.of("methods", "paths"));
    return new Rule.HttpMatch(
        http.at("methods").items(method -> method.parsed(text -> text)),
        http.at("paths").items(path -> Optional.of(httpPath(path))));
  }

  private static Rule.HttpPath httpPath(Field path) {
    return new Rule.HttpPath(
        path.at("exact").parsed(text -> text).orElse(null),
        path.at("prefix").parsed(text -> text).orElse(null));
  }

  private static EntityRule entity(Field entity) {
    if (!entity.present()) {
      return EntityRule.ANY;
    }
    entity.knowsOnly(ENTITY_FIELDS);
    return new EntityRule(
        entity.at("nets").items(net -> net.required(Cidr::parse)),
        entity.at("notNets").items(net -> net.required(Cidr::parse)),
        selector(entity.at("selector")),
        selector(entity.at("notSelector")),
        selector(entity.at("namespaceSelector")),
        entity.at("ports").items(port -> port.required(CalicoPolicyDecoder::port)),
        entity.at("notPorts").items(port -> port.required(CalicoPolicyDecoder::port)),
        serviceAccounts(entity.at("serviceAccounts")),
        service(entity.at("services")));
  }

  private static EntityRule.@Nullable ServiceAccountMatch serviceAccounts(Field match) {
    if (!match.present()) {
      return null;
    }
    match.knowsOnly(Set.of("names", "selector"));
    return new EntityRule.ServiceAccountMatch(
        match.at("names").items(name -> name.required(text -> text)),
        selector(match.at("selector")));
  }

  private static EntityRule.@Nullable ServiceMatch service(Field match) {
    if (!match.present()) {
      return null;
    }
    match.knowsOnly(Set.of("name", "namespace"));
    String name = match.at("name").required(text -> text).orElse("");
    return new EntityRule.ServiceMatch(name, match.at("namespace").text());
  }

  /** Absent and empty are the same for every selector of the API: nothing is asked. */
  private static @Nullable Selector selector(Field field) {
    return field.text().isBlank() && field.present()
        ? null
        : field.parsed(Selector::parse).orElse(null);
  }

  /**
   * A port as rules write it: a number, {@code first:last} or a name.
   *
   * @throws IllegalArgumentException with a message fit for a problem
   */
  static PortMatch port(String text) {
    if (text.isEmpty()) {
      throw new IllegalArgumentException("empty, write a port, a range like 8000:8080 or a name");
    }
    int colon = text.indexOf(':');
    if (colon >= 0) {
      return new PortMatch.Numeric(
          new PortRange(
              portNumber(text.substring(0, colon)), portNumber(text.substring(colon + 1))));
    }
    if (text.chars().allMatch(c -> c >= '0' && c <= '9' || c == '-')) {
      int number = portNumber(text);
      return new PortMatch.Numeric(PortRange.of(number));
    }
    return new PortMatch.Named(text);
  }

  private static int portNumber(String text) {
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("\"" + text + "\" is not a port number", e);
    }
  }

  static RuleAction action(String text) {
    return switch (text) {
      case "Allow" -> RuleAction.ALLOW;
      case "Deny" -> RuleAction.DENY;
      case "Pass" -> RuleAction.PASS;
      case "Log" -> RuleAction.LOG;
      default ->
          throw new IllegalArgumentException("not an action, write Allow, Deny, Pass or Log");
    };
  }

  static PolicyType policyType(String text) {
    return switch (text) {
      case "Ingress" -> PolicyType.INGRESS;
      case "Egress" -> PolicyType.EGRESS;
      default -> throw new IllegalArgumentException("not a direction, write Ingress or Egress");
    };
  }

  static StagedAction stagedAction(String text) {
    return switch (text) {
      case "Set" -> StagedAction.SET;
      case "Delete" -> StagedAction.DELETE;
      case "Learn" -> StagedAction.LEARN;
      case "Ignore" -> StagedAction.IGNORE;
      default ->
          throw new IllegalArgumentException(
              "not a staged action, write Set, Delete, Learn or Ignore");
    };
  }
}
