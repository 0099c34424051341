package io.margay.console.policies;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.margay.model.manifest.KubeObject;
import io.margay.model.resource.Kind;
import io.margay.model.resource.ResourceKey;
import io.margay.model.verdict.PolicyKind;
import io.margay.store.ResourceStore;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Reads policies from a store. */
public final class StorePolicies implements PolicySource {
  private static final String NAMESPACE_PROFILE = "kns.";

  private final ResourceStore store;

  public StorePolicies(ResourceStore store) {
    this.store = store;
  }

  @Override
  public Optional<PolicyDocument> find(String kind, String namespace, String name) {
    Optional<Kind> stored = PolicyNames.kind(kind);
    if (stored.isEmpty()) {
      return Optional.empty();
    }
    return store
        .get(new ResourceKey(stored.get(), namespace, name))
        .or(() -> implied(stored.get(), name))
        .map(StorePolicies::document);
  }

  /** Every namespace has a profile that allows all, though no such object is stored. */
  private Optional<KubeObject> implied(Kind kind, String name) {
    if (kind != Kind.PROFILE || !name.startsWith(NAMESPACE_PROFILE)) {
      return Optional.empty();
    }
    String namespace = name.substring(NAMESPACE_PROFILE.length());
    return store
        .get(new ResourceKey(Kind.NAMESPACE, "", namespace))
        .map(object -> new KubeObject(Kind.PROFILE, allowAllProfile(name)));
  }

  private static ObjectNode allowAllProfile(String name) {
    ObjectNode profile = JsonNodeFactory.instance.objectNode();
    profile.put("apiVersion", Kind.PROFILE.apiVersion());
    profile.put("kind", Kind.PROFILE.kind());
    profile.putObject("metadata").put("name", name);
    ObjectNode spec = profile.putObject("spec");
    spec.putArray("ingress").addObject().put("action", "Allow");
    spec.putArray("egress").addObject().put("action", "Allow");
    return profile;
  }

  /** An object as its author would write it. */
  static PolicyDocument document(KubeObject object) {
    boolean inTier = object.kind() != Kind.PROFILE && object.kind() != Kind.TIER;
    return new PolicyDocument(
        PolicyNames.of(object.kind()),
        object.kind().apiVersion(),
        object.namespace(),
        object.name(),
        inTier ? TierOrder.tierOf(object).orElse("") : "",
        StagedForm.isStaged(object.kind()),
        PolicyYaml.of(object.json()),
        object.resourceVersion(),
        PolicyYaml.rules(object.json().path("spec").path("ingress")),
        PolicyYaml.rules(object.json().path("spec").path("egress")));
  }

  @Override
  public List<TierListing> tiers() {
    List<KubeObject> policies =
        Arrays.stream(PolicyKind.values())
            .flatMap(kind -> kind.object().stream())
            .filter(kind -> kind != Kind.PROFILE)
            .flatMap(kind -> store.list(kind, "").items().stream())
            .toList();
    return TierOrder.of(store.list(Kind.TIER, "").items(), policies);
  }
}
