package io.margay.policy.convert;

import static io.margay.policy.convert.CalicoLabels.NAMESPACE;
import static io.margay.policy.convert.CalicoLabels.NAMESPACE_PREFIX;
import static io.margay.policy.convert.CalicoLabels.SERVICE_ACCOUNT;
import static io.margay.policy.convert.CalicoLabels.SERVICE_ACCOUNT_PREFIX;

import io.margay.model.resource.CalicoPolicySpec;
import io.margay.model.resource.EntityRule;
import io.margay.model.resource.EntityRule.ServiceAccountMatch;
import io.margay.model.selector.Expression;
import io.margay.model.selector.Selector;
import java.util.Collections;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Folds namespaces and service accounts into the selectors of Calico policies, so that one selector
 * over an endpoint's labels, own and inherited, says it all.
 */
public final class EffectiveSelectors {
  private static final Expression IN_NAMESPACE = new Expression.Has(NAMESPACE);
  private static final Expression WITH_SERVICE_ACCOUNT = new Expression.Has(SERVICE_ACCOUNT);

  private EffectiveSelectors() {}

  /** The endpoints of a namespaced policy. */
  static Selector namespacedSubject(CalicoPolicySpec spec, String namespace) {
    Selector subject = spec.selector().and(namespace(namespace));
    Selector serviceAccounts = spec.serviceAccountSelector();
    return serviceAccounts == null
        ? subject
        : subject.and(serviceAccounts.withKeyPrefix(SERVICE_ACCOUNT_PREFIX));
  }

  /**
   * The endpoints of a global policy. With a namespace selector, {@code all()} anywhere in the
   * subject comes to mean "in any namespace", which excludes host endpoints; likewise with service
   * accounts. Each part is rewritten before they are joined, since joining drops {@code all()}.
   */
  static Selector globalSubject(CalicoPolicySpec spec) {
    Selector subject = spec.selector();
    Selector namespaces = spec.namespaceSelector();
    if (namespaces != null) {
      subject =
          subject
              .replacingAll(IN_NAMESPACE)
              .and(namespaces.withKeyPrefix(NAMESPACE_PREFIX).replacingAll(IN_NAMESPACE));
    }
    Selector serviceAccounts = spec.serviceAccountSelector();
    if (serviceAccounts != null) {
      subject =
          subject
              .replacingAll(WITH_SERVICE_ACCOUNT)
              .and(
                  serviceAccounts
                      .withKeyPrefix(SERVICE_ACCOUNT_PREFIX)
                      .replacingAll(WITH_SERVICE_ACCOUNT));
    }
    return subject;
  }

  /**
   * The positive part of a rule's side, null if it has none. The policy's own namespace limits it
   * as soon as the rule selects at all, also when it only does so negatively.
   *
   * @param policyNamespace empty for global policies
   */
  static @Nullable Selector positive(EntityRule side, String policyNamespace) {
    Selector serviceAccounts = serviceAccounts(side.serviceAccounts());
    if (side.selector() == null
        && side.notSelector() == null
        && side.namespaceSelector() == null
        && serviceAccounts == null) {
      return null;
    }
    Selector positive = null;
    if (side.namespaceSelector() != null) {
      positive = namespaces(side.namespaceSelector());
    } else if (!policyNamespace.isEmpty()) {
      positive = namespace(policyNamespace);
    }
    positive = and(positive, serviceAccounts);
    positive = and(positive, side.selector());
    Selector negative = side.notSelector();
    return positive == null || negative == null ? positive : positive.and(negative.negate());
  }

  /** Everything in the namespaces that a selector on namespaces matches. */
  public static Selector namespaces(Selector onNamespaces) {
    return onNamespaces
        .withKeyPrefix(NAMESPACE_PREFIX)
        .replacingAll(IN_NAMESPACE)
        .replacingGlobal(new Expression.Not(IN_NAMESPACE));
  }

  /** Everything in one namespace. */
  static Selector namespace(String name) {
    return Selector.of(new Expression.Equals(NAMESPACE, name, false));
  }

  /** An empty match restricts nothing, not even to the policy's namespace. */
  private static @Nullable Selector serviceAccounts(@Nullable ServiceAccountMatch match) {
    if (match == null) {
      return null;
    }
    Selector selector =
        match.selector() == null ? null : match.selector().withKeyPrefix(SERVICE_ACCOUNT_PREFIX);
    if (match.names().isEmpty()) {
      return selector;
    }
    Expression named =
        new Expression.In(
            SERVICE_ACCOUNT,
            Collections.unmodifiableSortedSet(new TreeSet<>(match.names())),
            false);
    return and(selector, Selector.of(named));
  }

  private static @Nullable Selector and(@Nullable Selector one, @Nullable Selector other) {
    if (one == null) {
      return other;
    }
    return other == null ? one : one.and(other);
  }
}
