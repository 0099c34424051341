package io.margay.model.resource;

import io.margay.model.selector.Selector;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The specification that Calico's four rule-carrying policy kinds share. Fields that a kind does
 * not have are at their defaults there.
 *
 * @param order null sorts last
 * @param selector the subject, before scoping to a namespace; {@code all()} when absent
 * @param serviceAccountSelector null when absent
 * @param namespaceSelector null when absent; global kinds only
 * @param types after defaulting: never empty
 * @param stagedAction null for the enforced kinds
 * @param unparseable why the subject cannot be read; such a policy fails closed
 */
public record CalicoPolicySpec(
    String tier,
    @Nullable Double order,
    Selector selector,
    @Nullable Selector serviceAccountSelector,
    @Nullable Selector namespaceSelector,
    List<PolicyType> types,
    List<Rule> ingress,
    List<Rule> egress,
    boolean doNotTrack,
    boolean preDNAT,
    boolean applyOnForward,
    @Nullable StagedAction stagedAction,
    @Nullable String unparseable) {
  @SuppressWarnings("NullAway") // Jackson passes null for what is absent.
  public CalicoPolicySpec {
    tier = tier == null || tier.isEmpty() ? Tier.DEFAULT : tier;
    selector = selector == null ? Selector.all() : selector;
    ingress = ingress == null ? List.of() : List.copyOf(ingress);
    egress = egress == null ? List.of() : List.copyOf(egress);
    if (types == null || types.isEmpty()) {
      if (egress.isEmpty()) {
        types = List.of(PolicyType.INGRESS);
      } else if (ingress.isEmpty()) {
        types = List.of(PolicyType.EGRESS);
      } else {
        types = List.of(PolicyType.INGRESS, PolicyType.EGRESS);
      }
    }
    types = List.copyOf(types);
  }
}
