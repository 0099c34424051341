package io.margay.flows.query;

import io.margay.flows.Flow;
import io.margay.flows.PolicyHit;
import io.margay.model.verdict.PolicyRef;
import java.util.function.Function;
import java.util.stream.Stream;

/** What values a filter may be offered. */
public enum HintType {
  DEST_NAME("DestName", flow -> Stream.of(flow.key().dest().name())),
  SOURCE_NAME("SourceName", flow -> Stream.of(flow.key().source().name())),
  DEST_NAMESPACE("DestNamespace", flow -> Stream.of(flow.key().dest().namespace())),
  SOURCE_NAMESPACE("SourceNamespace", flow -> Stream.of(flow.key().source().namespace())),
  POLICY_TIER("PolicyTier", flow -> policies(flow, Policy::tier)),
  POLICY_NAME("PolicyName", flow -> policies(flow, Policy::name)),
  POLICY_KIND("PolicyKind", flow -> policies(flow, Policy::kind)),
  POLICY_NAMESPACE("PolicyNamespace", flow -> policies(flow, Policy::namespace));

  private final String goldmaneName;
  private final Function<Flow, Stream<String>> values;

  HintType(String goldmaneName, Function<Flow, Stream<String>> values) {
    this.goldmaneName = goldmaneName;
    this.values = values;
  }

  /** As queries write it. */
  public String goldmaneName() {
    return goldmaneName;
  }

  Stream<String> values(Flow flow) {
    return values.apply(flow);
  }

  private record Policy(String kind, String tier, String namespace, String name) {}

  /** Profiles are left out; the end of a tier stands for the policy that triggered it. */
  private static Stream<String> policies(Flow flow, Function<Policy, String> field) {
    return Stream.concat(
            flow.key().trace().enforced().stream(), flow.key().trace().pending().stream())
        .filter(hit -> !hit.isProfile())
        .map(HintType::policy)
        .map(field)
        .filter(value -> !value.isEmpty());
  }

  private static Policy policy(PolicyHit hit) {
    PolicyRef trigger = hit.trigger();
    return trigger == null
        ? new Policy(hit.kind(), hit.tier(), hit.namespace(), hit.name())
        : new Policy(
            trigger.kind().goldmaneName(), trigger.tier(), trigger.namespace(), trigger.name());
  }
}
