package io.margay.flows.query;

import io.margay.flows.Flow;
import io.margay.flows.FlowKey;
import io.margay.flows.PolicyHit;
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

  @Override
  public boolean test(Flow flow) {
    FlowKey key = flow.key();
    return (reporter == null || reporter == key.reporter())
        && (!pendingDiffers || key.trace().pendingDiffers())
        && oneOf(actions, key.trace().action())
        && oneOf(destPorts, key.destPort())
        && matches(protocols, key.protocolName())
        && matches(sourceNamespaces, key.source().namespace())
        && matches(destNamespaces, key.dest().namespace())
        && (matches(namespaces, key.source().namespace())
            || matches(namespaces, key.dest().namespace()))
        && matches(sourceNames, key.source().name())
        && matches(destNames, key.dest().name())
        && (pendingActions.isEmpty()
            || key.trace().pending().stream()
                .map(PolicyHit::action)
                .anyMatch(pendingActions::contains))
        && (policies.isEmpty() || policies.stream().anyMatch(p -> p.matches(key.trace())));
  }

  private static <T> boolean oneOf(List<T> wanted, T actual) {
    return wanted.isEmpty() || wanted.contains(actual);
  }

  private static boolean matches(List<StringMatch> wanted, String actual) {
    return wanted.isEmpty() || wanted.stream().anyMatch(match -> match.matches(actual));
  }
}
