package io.margay.bench;

import io.margay.model.net.PortRange;
import io.margay.model.net.Protocol;
import io.margay.model.resource.CalicoPolicySpec;
import io.margay.model.resource.EntityRule;
import io.margay.model.resource.PolicyType;
import io.margay.model.resource.PortMatch;
import io.margay.model.resource.Rule;
import io.margay.model.resource.RuleAction;
import io.margay.model.selector.Selector;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Calico policies of clusters that are measured: who may reach which TCP ports of a pod. */
public final class IngressPolicy {
  private IngressPolicy() {}

  /** Lets peers in to a TCP port. */
  public static Rule allow(Selector peers, int port) {
    EntityRule source =
        new EntityRule(List.of(), List.of(), peers, null, null, List.of(), List.of(), null, null);
    EntityRule destination =
        new EntityRule(
            List.of(),
            List.of(),
            null,
            null,
            null,
            List.of(new PortMatch.Numeric(new PortRange(port, port))),
            List.of(),
            null,
            null);
    return new Rule(
        RuleAction.ALLOW,
        null,
        Protocol.TCP,
        null,
        null,
        null,
        source,
        destination,
        null,
        Map.of(),
        null);
  }

  /**
   * A policy in the tier default.
   *
   * @param order null for the last
   * @param subject whom it governs
   */
  public static CalicoPolicySpec of(@Nullable Double order, Selector subject, List<Rule> rules) {
    return new CalicoPolicySpec(
        "default",
        order,
        subject,
        null,
        null,
        List.of(PolicyType.INGRESS),
        rules,
        List.of(),
        false,
        false,
        false,
        null,
        null);
  }
}
