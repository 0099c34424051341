package io.margay.model.resource;

import io.margay.model.net.IpFamily;
import io.margay.model.net.Protocol;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One rule of a Calico policy or profile. All that is given must hold.
 *
 * @param ipVersion null means both; already set to the family that an ICMP name implies
 * @param http null when absent; the packet dataplanes ignore it
 * @param annotations the rule's metadata, no effect on matching
 * @param unparseable why the rule cannot be read; such a rule fails closed
 */
public record Rule(
    RuleAction action,
    @Nullable IpFamily ipVersion,
    @Nullable Protocol protocol,
    @Nullable Protocol notProtocol,
    @Nullable IcmpMatch icmp,
    @Nullable IcmpMatch notICMP,
    EntityRule source,
    EntityRule destination,
    @Nullable HttpMatch http,
    Map<String, String> annotations,
    @Nullable String unparseable) {
  @SuppressWarnings("NullAway") // Jackson passes null for what is absent.
  public Rule {
    source = source == null ? EntityRule.ANY : source;
    destination = destination == null ? EntityRule.ANY : destination;
    annotations = annotations == null ? Map.of() : Map.copyOf(annotations);
  }

  /** A rule that matches every packet. */
  public static Rule of(RuleAction action) {
    return new Rule(
        action, null, null, null, null, null, EntityRule.ANY, EntityRule.ANY, null, Map.of(), null);
  }

  /** An ICMP type (0 to 254) and code (0 to 255); null matches every one. */
  public record IcmpMatch(@Nullable Integer type, @Nullable Integer code) {}

  /** HTTP methods and paths: kept, shown, and not enforced by the packet dataplanes. */
  public record HttpMatch(java.util.List<String> methods, java.util.List<HttpPath> paths) {
    @SuppressWarnings("NullAway")
    public HttpMatch {
      methods = methods == null ? java.util.List.of() : java.util.List.copyOf(methods);
      paths = paths == null ? java.util.List.of() : java.util.List.copyOf(paths);
    }
  }

  /** Exactly one of the two is set. */
  public record HttpPath(@Nullable String exact, @Nullable String prefix) {}
}
