package io.margay.flows.query;

import io.margay.flows.Flow;
import io.margay.flows.FlowKey;
import io.margay.flows.FlowPeer;
import io.margay.flows.PolicyHit;
import io.margay.flows.PolicyTrace;
import io.margay.flows.Reporter;
import io.margay.model.resource.RuleAction;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Which flows somebody wants to see. Every field must agree; of a field's values one must. An empty
 * list asks for nothing.
 *
 * @param namespaces of either end
 * @param pendingActions of any pending hit
 * @param policies in the enforced or the pending trace
 * @param pendingDiffers only flows whose verdict staged policies would change
 */
public record FlowFilter(
    List<StringMatch> sourceNames,
    List<StringMatch> sourceNamespaces,
    List<StringMatch> destNames,
    List<StringMatch> destNamespaces,
    List<StringMatch> namespaces,
    List<StringMatch> protocols,
    List<Integer> destPorts,
    List<RuleAction> actions,
    List<RuleAction> pendingActions,
    List<PolicyMatch> policies,
    @Nullable Reporter reporter,
    boolean pendingDiffers)
    implements Predicate<Flow> {

  /** Every flow. */
  public static final FlowFilter ALL =
      new FlowFilter(
          List.of(), List.of(), List.of(), List.of(), List.of(), List.of(), List.of(), List.of(),
          List.of(), List.of(), null, false);

  public FlowFilter {
    sourceNames = List.copyOf(sourceNames);
    sourceNamespaces = List.copyOf(sourceNamespaces);
    destNames = List.copyOf(destNames);
    destNamespaces = List.copyOf(destNamespaces);
    namespaces = List.copyOf(namespaces);
    protocols = List.copyOf(protocols);
    destPorts = List.copyOf(destPorts);
    actions = List.copyOf(actions);
    pendingActions = List.copyOf(pendingActions);
    policies = List.copyOf(policies);
  }

  /** Whether it accepts every flow, so that nobody needs to ask it. */
  boolean isAll() {
    return equals(ALL);
  }

  @Override
  public boolean test(Flow flow) {
    return accepts(flow.key());
  }

  /** A filter looks at keys only, and at their parts one by one: the archive relies on both. */
  public boolean accepts(FlowKey key) {
    return accepts(key.protocolName(), key.destPort(), key.reporter())
        && acceptsNamespaces(key.source(), key.dest())
        && acceptsSource(key.source())
        && acceptsDest(key.dest())
        && accepts(key.trace());
  }

  private boolean acceptsSource(FlowPeer source) {
    return matches(sourceNamespaces, source.namespace()) && matches(sourceNames, source.name());
  }

  private boolean acceptsDest(FlowPeer dest) {
    return matches(destNamespaces, dest.namespace()) && matches(destNames, dest.name());
  }

  /** One of the two must have a namespace that is asked for. */
  private boolean acceptsNamespaces(FlowPeer source, FlowPeer dest) {
    return matches(namespaces, source.namespace()) || matches(namespaces, dest.namespace());
  }

  public boolean accepts(String protocol, int destPort, Reporter keyReporter) {
    return (reporter == null || reporter == keyReporter)
        && oneOf(destPorts, destPort)
        && matches(protocols, protocol);
  }

  public boolean accepts(PolicyTrace trace) {
    return (!pendingDiffers || trace.pendingDiffers())
        && oneOf(actions, trace.action())
        && (pendingActions.isEmpty()
            || trace.pending().stream().map(PolicyHit::action).anyMatch(pendingActions::contains))
        && (policies.isEmpty() || policies.stream().anyMatch(p -> p.matches(trace)));
  }

  private static <T> boolean oneOf(List<T> wanted, T actual) {
    return wanted.isEmpty() || wanted.contains(actual);
  }

  private static boolean matches(List<StringMatch> wanted, String actual) {
    if (wanted.isEmpty()) {
      return true;
    }
    for (StringMatch match : wanted) {
      if (match.matches(actual)) {
        return true;
      }
    }
    return false;
  }
}
