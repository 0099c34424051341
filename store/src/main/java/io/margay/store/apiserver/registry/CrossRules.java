package io.margay.store.apiserver.registry;

import io.margay.model.manifest.KubeObject;
import io.margay.model.resource.Kind;
import io.margay.model.resource.ResourceKey;
import io.margay.store.apiserver.ApiException;
import io.margay.store.apiserver.ApiException.Reason;
import io.margay.store.local.Transaction;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The rules between objects: what must exist before something is created, and what may not go while
 * something needs it. Checked inside the transaction that writes, so that they hold at all times.
 */
final class CrossRules {
  /** The kinds that belong to a tier by their {@code spec.tier}. */
  static final Set<Kind> TIERED =
      Set.of(
          Kind.NETWORK_POLICY,
          Kind.GLOBAL_NETWORK_POLICY,
          Kind.STAGED_NETWORK_POLICY,
          Kind.STAGED_GLOBAL_NETWORK_POLICY,
          Kind.AGENT_POLICY);

  /** How many hindrances an error names. */
  private static final int NAMED = 5;

  private CrossRules() {}

  static void beforeCreate(Transaction transaction, KubeObject object) {
    if (object.kind().namespaced()) {
      String namespace = object.namespace();
      if (transaction.get(new ResourceKey(Kind.NAMESPACE, "", namespace)).isEmpty()) {
        throw ApiException.about(
            Reason.NOT_FOUND,
            Kind.NAMESPACE,
            namespace,
            "namespaces \"" + namespace + "\" not found");
      }
    }
  }

  /** Warnings for the writer of an object that is stored all the same. */
  static List<String> warnings(Transaction transaction, KubeObject object) {
    if (TIERED.contains(object.kind())) {
      String tier = object.json().path("spec").path("tier").asText();
      if (transaction.get(new ResourceKey(Kind.TIER, "", tier)).isEmpty()) {
        return List.of(
            "tier \"" + tier + "\" does not exist; the policy has no effect until it does");
      }
    }
    return List.of();
  }

  /** Checks that an object may go, and deletes what goes with it. */
  static void beforeDelete(Transaction transaction, KubeObject object) {
    switch (object.kind()) {
      case TIER -> beforeDeleteTier(transaction, object.name());
      case NAMESPACE -> beforeDeleteNamespace(transaction, object.name());
      default -> {
        // Nothing depends on objects of the other kinds.
      }
    }
  }

  private static void beforeDeleteTier(Transaction transaction, String name) {
    if (BuiltIns.TIERS.contains(name)) {
      throw ApiException.about(
          Reason.FORBIDDEN,
          Kind.TIER,
          name,
          "tiers.projectcalico.org \"" + name + "\" is built in and cannot be deleted");
    }
    List<String> policies = new ArrayList<>();
    for (Kind kind : Kind.values()) {
      if (TIERED.contains(kind)) {
        transaction.list(kind, "").stream()
            .filter(policy -> policy.json().path("spec").path("tier").asText().equals(name))
            .forEach(policy -> policies.add(policy.key().toString()));
      }
    }
    if (!policies.isEmpty()) {
      String named = policies.stream().limit(NAMED).collect(Collectors.joining(", "));
      throw ApiException.about(
          Reason.CONFLICT,
          Kind.TIER,
          name,
          "tiers.projectcalico.org \""
              + name
              + "\" has policies: "
              + named
              + (policies.size() > NAMED ? " and " + (policies.size() - NAMED) + " more" : "")
              + "; delete them or move them to another tier first");
    }
  }

  private static void beforeDeleteNamespace(Transaction transaction, String name) {
    if (BuiltIns.NAMESPACES.contains(name)) {
      throw ApiException.about(
          Reason.FORBIDDEN,
          Kind.NAMESPACE,
          name,
          "namespaces \"" + name + "\" is forbidden: this namespace may not be deleted");
    }
    for (Kind kind : Kind.values()) {
      if (kind.namespaced()) {
        for (KubeObject content : transaction.list(kind, name)) {
          transaction.delete(content.key(), "");
        }
      }
    }
  }
}
