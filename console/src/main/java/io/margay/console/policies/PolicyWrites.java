package io.margay.console.policies;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.margay.console.access.Caller;
import io.margay.console.access.Permissions.Verb;
import io.margay.console.http.HttpFailure;
import io.margay.model.manifest.KubeObject;
import io.margay.model.manifest.Problem;
import io.margay.model.resource.Kind;
import io.margay.model.resource.ResourceKey;
import io.margay.store.ResourceStore;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Changes policies for users, as far as they are permitted. Every write names the version that it
 * replaces, so that two people who edit the same policy notice each other.
 */
public final class PolicyWrites {
  private final ResourceStore store;

  public PolicyWrites(ResourceStore store) {
    this.store = store;
  }

  /**
   * Creates or replaces what a text says.
   *
   * @param version that is to be replaced; empty if there must be none yet, null for any
   */
  KubeObject apply(Caller caller, KubeObject object, @Nullable String version) {
    Optional<KubeObject> stored = store.get(object.key());
    if (stored.isEmpty()) {
      if (version != null && !version.isEmpty()) {
        throw conflict(object.key(), "was deleted meanwhile");
      }
      check(caller, Verb.CREATE, object);
      return StoreCalls.call(object.key(), () -> store.create(withVersion(object, "")));
    }
    check(caller, Verb.UPDATE, stored.get());
    check(caller, Verb.UPDATE, object);
    if (version != null && version.isEmpty()) {
      throw conflict(object.key(), "exists already");
    }
    String replaced = version == null ? stored.get().resourceVersion() : version;
    return StoreCalls.call(object.key(), () -> store.update(withVersion(object, replaced)));
  }

  /**
   * Deletes a policy.
   *
   * @param version that is to be deleted; null for any
   */
  KubeObject delete(Caller caller, ResourceKey key, @Nullable String version) {
    check(caller, Verb.DELETE, stored(key));
    return StoreCalls.call(key, () -> store.delete(key, version == null ? "" : version));
  }

  /** Stages a policy, or an edited text of it, or its deletion. */
  KubeObject stage(Caller caller, ResourceKey key, @Nullable KubeObject edited, boolean delete) {
    if (StagedForm.stagedKind(key.kind()).isEmpty()) {
      throw new HttpFailure(
          422, PolicyNames.of(key.kind()) + " cannot be staged: there is no staged kind of it");
    }
    KubeObject enforced = edited == null ? stored(key) : edited;
    if (!enforced.key().equals(key)) {
      throw new HttpFailure(
          422, "the text is of " + enforced.key() + ", and " + key + " is to be staged");
    }
    KubeObject staged = delete ? StagedForm.stagedDeletion(enforced) : StagedForm.staged(enforced);
    return apply(caller, staged, null);
  }

  /**
   * Enforces a staged policy. What is enforced is written first: if the staged one cannot be
   * deleted then, it says the same as what is enforced, and does no harm.
   *
   * @param version of the staged policy; null for any
   */
  public KubeObject enforce(Caller caller, ResourceKey key, @Nullable String version) {
    Kind kind =
        StagedForm.enforcedKind(key.kind())
            .orElseThrow(() -> new HttpFailure(422, key + " is enforced already"));
    KubeObject staged = stored(key);
    if (version != null && !version.equals(staged.resourceVersion())) {
      throw conflict(key, "was changed meanwhile");
    }
    check(caller, Verb.DELETE, staged);
    ResourceKey enforced = new ResourceKey(kind, key.namespace(), key.name());
    KubeObject result =
        StagedForm.deletes(staged)
            ? delete(caller, enforced, null)
            : apply(caller, StagedForm.enforced(staged), null);
    StoreCalls.call(key, () -> store.delete(key, staged.resourceVersion()));
    return result;
  }

  /** Gives a policy another place in its tier. */
  KubeObject order(Caller caller, ResourceKey key, double order, @Nullable String version) {
    KubeObject stored = stored(key);
    check(caller, Verb.UPDATE, stored);
    ObjectNode json = stored.json().deepCopy();
    if (!(json.path("spec") instanceof ObjectNode spec)) {
      throw new HttpFailure(422, key + " has no spec");
    }
    if (order == Math.rint(order) && Math.abs(order) < 1e15) {
      spec.put("order", (long) order);
    } else {
      spec.put("order", order);
    }
    KubeObject moved = new KubeObject(key.kind(), json);
    String replaced = version == null ? stored.resourceVersion() : version;
    return StoreCalls.call(key, () -> store.update(withVersion(moved, replaced)));
  }

  KubeObject stored(ResourceKey key) {
    return store.get(key).orElseThrow(() -> PolicyNames.notFound(key));
  }

  /** Whether a caller may change a policy; the page shows no buttons otherwise. */
  static boolean editable(Caller caller, KubeObject object) {
    return PolicyText.editable(object.kind())
        && caller.permissions().permits(Verb.UPDATE, object.key(), tier(object));
  }

  static void check(Caller caller, Verb verb, KubeObject object) {
    if (!PolicyText.editable(object.kind())) {
      throw new HttpFailure(422, object.kind().kind() + " is not edited here, use kubectl");
    }
    if (!caller.permissions().permits(verb, object.key(), tier(object))) {
      throw new HttpFailure(
          403, "%s may not %s %s".formatted(caller.user(), verb.word(), object.key()));
    }
  }

  private static String tier(KubeObject object) {
    return object.kind() == Kind.TIER ? "" : TierOrder.tierOf(object).orElse("");
  }

  private static KubeObject withVersion(KubeObject object, String version) {
    ObjectNode json = object.json().deepCopy();
    if (json.path("metadata") instanceof ObjectNode metadata) {
      if (version.isEmpty()) {
        metadata.remove("resourceVersion");
      } else {
        metadata.put("resourceVersion", version);
      }
    }
    return new KubeObject(object.kind(), json);
  }

  private static HttpFailure conflict(ResourceKey key, String what) {
    return HttpFailure.of(
        409,
        List.of(
            new Problem(
                key.toString(), "metadata.resourceVersion", "", what, "reload it and try again")));
  }
}
