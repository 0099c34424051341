package io.margay.policy.convert;

import io.margay.model.net.IpFamily;
import io.margay.model.net.Protocol;
import io.margay.model.resource.Rule.IcmpMatch;
import io.margay.model.resource.RuleAction;
import org.jspecify.annotations.Nullable;

/**
 * One rule in normal form.
 *
 * @param index the position of the rule of the API object from which this one comes; several rules
 *     share it where the API's rule has several peers or protocols
 */
public record MatchRule(
    int index,
    RuleAction action,
    @Nullable IpFamily family,
    @Nullable Protocol protocol,
    @Nullable Protocol notProtocol,
    @Nullable IcmpMatch icmp,
    @Nullable IcmpMatch notIcmp,
    Side source,
    Side destination) {

  /** A rule that matches every packet. */
  public static MatchRule any(int index, RuleAction action) {
    return new MatchRule(index, action, null, null, null, null, null, Side.ANY, Side.ANY);
  }

  static MatchRule of(
      int index, RuleAction action, @Nullable Protocol protocol, Side source, Side destination) {
    return new MatchRule(index, action, null, protocol, null, null, null, source, destination);
  }
}
