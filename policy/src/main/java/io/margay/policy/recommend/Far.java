package io.margay.policy.recommend;

import io.margay.model.net.IpFamily;
import io.margay.model.selector.Expression;
import io.margay.model.selector.Selector;
import io.margay.policy.convert.CalicoLabels;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The far end of a rule, after generalising. The kinds are in the order in which rules are listed.
 *
 * @param namespace of a network set or namespace; empty where there is none
 * @param name for messages, and to tell apart
 * @param labels what selects a workload or a network set
 * @param family of addresses that belong to nobody: a rule names those of one version of IP
 */
record Far(
    Kind kind, String namespace, String name, Map<String, String> labels, @Nullable IpFamily family)
    implements Comparable<Far> {

  enum Kind {
    /** Pods of one owner in the policy's own namespace. */
    WORKLOAD,
    NAMESPACE,
    NETWORK_SET,
    PRIVATE,
    PUBLIC
  }

  static Far namespace(String namespace) {
    return new Far(Kind.NAMESPACE, namespace, "", Map.of(), null);
  }

  static Far addresses(Kind kind, IpFamily family) {
    return new Far(kind, "", family.toString(), Map.of(), family);
  }

  private int version() {
    return family == null ? 0 : family.version();
  }

  /** Whether several of this kind go into one rule. */
  boolean joins() {
    return kind == Kind.WORKLOAD || kind == Kind.NAMESPACE;
  }

  @Override
  public int compareTo(Far other) {
    int byKind = kind.compareTo(other.kind);
    if (byKind != 0) {
      return byKind;
    }
    int byNamespace = namespace.compareTo(other.namespace);
    return byNamespace != 0 ? byNamespace : name.compareTo(other.name);
  }

  @Override
  public String toString() {
    return switch (kind) {
      case WORKLOAD -> namespace + "/" + name;
      case NAMESPACE -> "namespace " + namespace;
      case NETWORK_SET -> "network set " + (namespace.isEmpty() ? name : namespace + "/" + name);
      case PRIVATE -> "private addresses of IPv" + version();
      case PUBLIC -> "public addresses of IPv" + version();
    };
  }

  /** A selector that matches what has all labels of one of these. */
  static Selector anyOf(Collection<Far> some) {
    return anyOfLabels(some.stream().map(Far::labels).toList());
  }

  /** A selector on namespaces, by their names. */
  static Selector namespaces(Collection<Far> some) {
    return anyOfLabels(some.stream().map(far -> Map.of(CalicoLabels.NAME, far.namespace)).toList());
  }

  private static Selector anyOfLabels(List<Map<String, String>> choices) {
    SortedSet<String> keys = new TreeSet<>();
    choices.forEach(labels -> keys.addAll(labels.keySet()));
    if (choices.size() > 1 && keys.size() == 1) {
      String key = keys.first();
      SortedSet<String> values = new TreeSet<>();
      choices.forEach(labels -> values.addAll(labels.values()));
      return Selector.of(new Expression.In(key, values, false));
    }
    List<Expression> terms = new ArrayList<>();
    choices.forEach(labels -> terms.add(allOf(labels).expression()));
    return Selector.of(terms.size() == 1 ? terms.getFirst() : new Expression.Or(terms));
  }

  /** A selector that matches what has all these labels, of which there is at least one. */
  static Selector allOf(Map<String, String> labels) {
    List<Expression> terms = new ArrayList<>();
    labels.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .forEach(
            label -> terms.add(new Expression.Equals(label.getKey(), label.getValue(), false)));
    return Selector.of(
        terms.size() == 1 ? terms.getFirst() : new Expression.And(List.copyOf(terms)));
  }
}
