package io.margay.app.cli.resources;

import io.margay.app.cli.CommandFailure;
import io.margay.model.resource.Kind;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The names by which users call kinds: kind, plural and short names in any case, calicoctl's
 * aliases, and {@code plural.group}. Where Kubernetes and Calico share a name, the bare name is
 * Calico's, as in calicoctl; {@code knp} and {@code networkpolicies.networking.k8s.io} are
 * Kubernetes'.
 */
final class KindNames {
  private static final Map<String, Kind> BY_NAME = new TreeMap<>();

  static {
    for (Kind kind : Kind.values()) {
      BY_NAME.put(kind.plural() + "." + kind.group(), kind);
      for (String shortName : kind.shortNames()) {
        BY_NAME.putIfAbsent(shortName, kind);
      }
      if (kind != Kind.KUBERNETES_NETWORK_POLICY) {
        BY_NAME.put(kind.kind().toLowerCase(Locale.ROOT), kind);
        BY_NAME.put(kind.plural(), kind);
      }
    }
    alias(Kind.KUBERNETES_NETWORK_POLICY, "knp", "k8snetworkpolicy", "kubernetesnetworkpolicy");
    alias(Kind.NETWORK_POLICY, "np", "policy", "policies", "pol");
    alias(Kind.GLOBAL_NETWORK_POLICY, "gpol");
    alias(Kind.STAGED_NETWORK_POLICY, "spol");
    alias(Kind.STAGED_KUBERNETES_NETWORK_POLICY, "skpol");
    alias(Kind.CLUSTER_NETWORK_POLICY, "cnp", "kcnp");
  }

  private KindNames() {}

  private static void alias(Kind kind, String... names) {
    for (String name : names) {
      BY_NAME.put(name, kind);
    }
  }

  /**
   * The kind with this name.
   *
   * @throws CommandFailure naming the closest kinds
   */
  static Kind parse(String name) {
    Kind kind = BY_NAME.get(name.toLowerCase(Locale.ROOT));
    if (kind == null) {
      throw new CommandFailure("kind \"" + name + "\": not known; write one of " + allPlurals());
    }
    return kind;
  }

  /** How a kind is called where it must not be mistaken for another. */
  static String unambiguous(Kind kind) {
    return kind == Kind.KUBERNETES_NETWORK_POLICY
        ? kind.plural() + "." + kind.group()
        : kind.kind().toLowerCase(Locale.ROOT);
  }

  private static String allPlurals() {
    return Arrays.stream(Kind.values())
        .map(k -> k == Kind.KUBERNETES_NETWORK_POLICY ? "knp" : k.plural())
        .collect(Collectors.joining(", "));
  }
}
