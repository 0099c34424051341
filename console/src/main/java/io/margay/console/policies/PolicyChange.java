package io.margay.console.policies;

import com.fasterxml.jackson.databind.JsonNode;
import io.margay.console.access.Caller;
import io.margay.console.access.Permissions.Verb;
import io.margay.console.http.HttpFailure;
import io.margay.model.manifest.KubeObject;
import io.margay.model.resource.ResourceKey;
import io.margay.store.ResourceStore;
import org.jspecify.annotations.Nullable;

/**
 * A change that somebody thinks of.
 *
 * @param before null if there is none yet
 * @param after null if it is to be deleted
 */
public record PolicyChange(
    ResourceKey key, @Nullable KubeObject before, @Nullable KubeObject after) {

  /** Reads a body with {@code yaml} or {@code delete}. */
  public static PolicyChange read(JsonNode body, ResourceStore store) {
    String yaml = PolicyEditEndpoints.text(body, "yaml");
    boolean delete = body.path("delete").isObject();
    if ((yaml == null) != delete) {
      throw HttpFailure.badRequest("give either yaml, a text, or delete, a policy");
    }
    if (yaml != null) {
      KubeObject after = PolicyText.read(yaml).orRefuse();
      return new PolicyChange(after.key(), store.get(after.key()).orElse(null), after);
    }
    ResourceKey key = PolicyEditEndpoints.ref("delete", body.path("delete"));
    KubeObject before = store.get(key).orElseThrow(() -> PolicyNames.notFound(key));
    return new PolicyChange(key, before, null);
  }

  /** Whether only the pending verdicts can change. */
  public boolean staged() {
    return StagedForm.isStaged(key.kind());
  }

  /**
   * A preview tells about flows and policies, so it is for those who may make the change.
   *
   * @throws HttpFailure 403
   */
  public void checkPermitted(Caller caller) {
    if (before != null) {
      PolicyWrites.check(caller, after == null ? Verb.DELETE : Verb.UPDATE, before);
    }
    if (after != null) {
      PolicyWrites.check(caller, before == null ? Verb.CREATE : Verb.UPDATE, after);
    }
  }
}
