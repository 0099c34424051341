package io.margay.flows.query;

import io.margay.flows.FlowKey;
import java.util.function.Function;
import java.util.stream.Stream;

/** What values a filter may be offered. */
public enum HintType {
  DEST_NAME("DestName", key -> Stream.of(key.dest().name())),
  SOURCE_NAME("SourceName", key -> Stream.of(key.source().name())),
  DEST_NAMESPACE("DestNamespace", key -> Stream.of(key.dest().namespace())),
  SOURCE_NAMESPACE("SourceNamespace", key -> Stream.of(key.source().namespace())),
  POLICY_TIER("PolicyTier", key -> policies(key, PolicyName::tier)),
  POLICY_NAME("PolicyName", key -> policies(key, PolicyName::name)),
  POLICY_KIND("PolicyKind", key -> policies(key, PolicyName::kind)),
  POLICY_NAMESPACE("PolicyNamespace", key -> policies(key, PolicyName::namespace));

  private final String goldmaneName;
  private final Function<FlowKey, Stream<String>> values;

  HintType(String goldmaneName, Function<FlowKey, Stream<String>> values) {
    this.goldmaneName = goldmaneName;
    this.values = values;
  }

  /** As queries write it. */
  public String goldmaneName() {
    return goldmaneName;
  }

  /** The values of this kind that a key holds. */
  public Stream<String> values(FlowKey key) {
    return values.apply(key);
  }

  /** Profiles are left out; the end of a tier stands for the policy that triggered it. */
  private static Stream<String> policies(FlowKey key, Function<PolicyName, String> field) {
    return Stream.concat(key.trace().enforced().stream(), key.trace().pending().stream())
        .filter(hit -> !hit.isProfile())
        .map(PolicyName::of)
        .map(field)
        .filter(value -> !value.isEmpty());
  }
}
