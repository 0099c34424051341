package io.margay.store.apiserver.registry;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.margay.model.manifest.KubeObject;
import io.margay.model.resource.Kind;
import io.margay.model.resource.Tier;
import io.margay.model.schema.Defaults;
import io.margay.store.local.LocalStore;
import io.margay.store.local.Transaction;
import java.util.List;

/** The objects that every server has from its start. */
final class BuiltIns {
  static final List<String> NAMESPACES = List.of("default", "kube-system");
  static final List<String> TIERS = List.of(Tier.KUBE_ADMIN, Tier.DEFAULT, Tier.KUBE_BASELINE);

  private BuiltIns() {}

  /** Creates those that are missing. */
  static void ensure(LocalStore store) {
    store.write(transaction -> {
      NAMESPACES.forEach(name -> create(transaction, Kind.NAMESPACE, name));
      // Their order and default action are defaults of the API.
      TIERS.forEach(name -> create(transaction, Kind.TIER, name));
      return true;
    });
  }

  private static void create(Transaction transaction, Kind kind, String name) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("apiVersion", kind.apiVersion()).put("kind", kind.kind());
    json.putObject("metadata").put("name", name);
    Defaults.apply(kind, json);
    if (kind == Kind.NAMESPACE) {
      json.putObject("status").put("phase", "Active");
    }
    KubeObject object = new KubeObject(kind, json);
    if (transaction.get(object.key()).isEmpty()) {
      transaction.create(object);
    }
  }
}
