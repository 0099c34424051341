package io.margay.console.agents;

import io.margay.agents.audit.AuditLog;
import io.margay.agents.audit.AuditUnavailableException;
import io.margay.agents.audit.Draft;
import io.margay.console.http.Exchange;
import io.margay.console.http.HttpFailure;
import io.margay.console.policies.StoreCalls;
import io.margay.model.manifest.KubeObject;
import io.margay.model.manifest.Problem;
import io.margay.model.resource.ResourceKey;
import io.margay.model.schema.Validator;
import io.margay.store.ResourceStore;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;

/**
 * Changes objects for people. Who wants what, and why, is in the audit log before it is done; that
 * it took effect is recorded by whoever enforces it.
 */
final class AgentChanges {
  private final ResourceStore store;
  private final AuditLog audit;
  private final InstantSource clock;

  AgentChanges(ResourceStore store, AuditLog audit, InstantSource clock) {
    this.store = store;
    this.audit = audit;
    this.clock = clock;
  }

  KubeObject stored(ResourceKey key) {
    return store.get(key).orElseThrow(() -> HttpFailure.notFound("there is no " + key));
  }

  boolean exists(ResourceKey key) {
    return store.get(key).isPresent();
  }

  KubeObject create(Exchange exchange, KubeObject object, Draft record) {
    checked(object);
    record(exchange, record);
    return StoreCalls.call(object.key(), () -> store.create(object));
  }

  KubeObject update(Exchange exchange, KubeObject object, Draft record) {
    checked(object);
    record(exchange, record);
    return StoreCalls.call(object.key(), () -> store.update(object));
  }

  /**
   * Deletes an object.
   *
   * @param version that is meant; empty for any
   */
  void delete(Exchange exchange, ResourceKey key, String version, Draft record) {
    stored(key);
    record(exchange, record);
    StoreCalls.call(key, () -> store.delete(key, version));
  }

  private static void checked(KubeObject object) {
    List<Problem> problems = Validator.validate(object);
    if (!problems.isEmpty()) {
      throw HttpFailure.of(422, problems);
    }
  }

  private void record(Exchange exchange, Draft draft) {
    try {
      audit.append(draft.withActor(exchange.caller().user()));
    } catch (AuditUnavailableException e) {
      throw new HttpFailure(
          503, "nothing was changed, since the audit log cannot be written: " + e.getMessage());
    }
  }

  Instant now() {
    return clock.instant();
  }
}
