package io.margay.cedar.eval;

import io.margay.cedar.Request;
import io.margay.cedar.entity.Entities;
import io.margay.cedar.entity.StoredEntity;
import io.margay.cedar.value.EntityUid;
import io.margay.cedar.value.RecordValue;
import io.margay.cedar.value.Value;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What one decision works with: the request, the entities, and who is satisfied so far. Used again
 * for later decisions, so that they allocate nothing but their result. Of one thread at a time.
 */
final class Frame {
  private static final EntityUid NOBODY = EntityUid.of("", "");

  EntityUid principal = NOBODY;
  EntityUid action = NOBODY;
  EntityUid resource = NOBODY;
  RecordValue context = RecordValue.EMPTY;
  Entities entities = Entities.EMPTY;
  @Nullable StoredEntity principalEntity;
  @Nullable StoredEntity actionEntity;
  @Nullable StoredEntity resourceEntity;
  @Nullable List<AttributeRead> reads;
  final Answers answers = new Answers();

  private @Nullable CompiledPolicy[] satisfied = new CompiledPolicy[8];
  private int satisfiedCount;
  private int forbidCount;
  private final List<PolicyError> errors = new ArrayList<>();

  void start(Request request, Entities store, boolean noteReads) {
    principal = request.principal();
    action = request.action();
    resource = request.resource();
    context = request.context();
    entities = store;
    principalEntity = store.find(principal);
    actionEntity = store.find(action);
    resourceEntity = store.find(resource);
    reads = noteReads ? new ArrayList<>() : null;
  }

  /** Lets go of the request, so that a frame that waits keeps nothing alive. */
  void end() {
    principal = NOBODY;
    action = NOBODY;
    resource = NOBODY;
    context = RecordValue.EMPTY;
    entities = Entities.EMPTY;
    principalEntity = null;
    actionEntity = null;
    resourceEntity = null;
    reads = null;
    Arrays.fill(satisfied, 0, satisfiedCount, null);
    satisfiedCount = 0;
    forbidCount = 0;
    errors.clear();
    answers.clear();
  }

  /** Evaluates a policy and notes what comes out. */
  void evaluate(CompiledPolicy policy) {
    try {
      if (policy.applies(this)) {
        satisfied(policy);
      }
    } catch (EvaluationException e) {
      errors.add(PolicyError.of(policy.id(), e));
    } catch (StackOverflowError e) {
      // Trees have a limit that fits ordinary stacks; somebody decides on a very small one.
      errors.add(PolicyError.recursion(policy.id(), policy.span()));
    }
  }

  private void satisfied(CompiledPolicy policy) {
    if (satisfiedCount == satisfied.length) {
      satisfied = Arrays.copyOf(satisfied, 2 * satisfiedCount);
    }
    satisfied[satisfiedCount++] = policy;
    if (policy.isForbid()) {
      forbidCount++;
    }
  }

  Decision decision(String policySetHash) {
    boolean allowed = forbidCount == 0 && satisfiedCount > 0;
    return new Decision(
        allowed ? Decision.Verdict.ALLOW : Decision.Verdict.DENY,
        reasons(),
        errors.isEmpty() ? List.of() : sortedErrors(),
        policySetHash,
        reads == null ? List.of() : reads);
  }

  /** The satisfied forbids, or else the satisfied permits. */
  private List<String> reasons() {
    int count = forbidCount == 0 ? satisfiedCount : forbidCount;
    if (count == 0) {
      return List.of();
    }
    List<String> ids = new ArrayList<>(count == 1 ? 0 : count);
    for (int i = 0; i < satisfiedCount; i++) {
      CompiledPolicy policy = satisfied[i];
      if (policy != null && (forbidCount == 0 || policy.isForbid())) {
        if (count == 1) {
          return policy.asReason();
        }
        ids.add(policy.id());
      }
    }
    Collections.sort(ids);
    return List.copyOf(ids);
  }

  private List<PolicyError> sortedErrors() {
    return errors.stream().sorted((a, b) -> a.policyId().compareTo(b.policyId())).toList();
  }

  void noteAttribute(EntityUid entity, String attribute, @Nullable Value value) {
    if (reads != null) {
      reads.add(
          new AttributeRead(Optional.of(entity), attribute, false, Optional.ofNullable(value)));
    }
  }

  void noteTag(EntityUid entity, String tag, @Nullable Value value) {
    if (reads != null) {
      reads.add(new AttributeRead(Optional.of(entity), tag, true, Optional.ofNullable(value)));
    }
  }

  void noteContext(String attribute, @Nullable Value value) {
    if (reads != null) {
      reads.add(new AttributeRead(Optional.empty(), attribute, false, Optional.ofNullable(value)));
    }
  }
}
