package io.margay.cedar.eval;

import io.margay.cedar.entity.StoredEntity;
import io.margay.cedar.value.EntityUid;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Policies with the same key, by the actions that they name. Immutable. */
final class Bucket {
  /** Below this, asking each policy is faster than looking actions up. */
  private static final int FEW = 4;

  private static final CompiledPolicy[] NONE = {};

  static final Bucket EMPTY = new Bucket(List.of());

  private final List<CompiledPolicy> policies;
  private final CompiledPolicy[] always;
  private final Map<EntityUid, CompiledPolicy[]> byAction;

  private Bucket(List<CompiledPolicy> policies) {
    this.policies = policies;
    if (policies.size() <= FEW) {
      always = policies.toArray(NONE);
      byAction = Map.of();
      return;
    }
    List<CompiledPolicy> anyAction = new ArrayList<>();
    Map<EntityUid, List<CompiledPolicy>> lists = new HashMap<>();
    for (CompiledPolicy policy : policies) {
      List<EntityUid> actions = policy.actions();
      if (actions == null) {
        anyAction.add(policy);
        continue;
      }
      for (EntityUid action : actions) {
        lists.computeIfAbsent(action, _ -> new ArrayList<>()).add(policy);
      }
    }
    always = anyAction.toArray(NONE);
    byAction = HashMap.newHashMap(lists.size());
    lists.forEach((action, list) -> byAction.put(action, list.toArray(NONE)));
  }

  static Bucket of(List<CompiledPolicy> policies) {
    return new Bucket(List.copyOf(policies));
  }

  int size() {
    return policies.size();
  }

  Bucket with(CompiledPolicy policy) {
    List<CompiledPolicy> changed = new ArrayList<>(policies);
    changed.add(policy);
    return of(changed);
  }

  /** Null when nothing is left. */
  @Nullable Bucket without(CompiledPolicy policy) {
    List<CompiledPolicy> changed = new ArrayList<>(policies);
    changed.remove(policy);
    return changed.isEmpty() ? null : of(changed);
  }

  /** Evaluates the policies that the action of the request lets matter, each once. */
  void evaluate(Frame frame) {
    for (CompiledPolicy policy : always) {
      frame.evaluate(policy);
    }
    if (byAction.isEmpty()) {
      return;
    }
    evaluate(frame, frame.action);
    StoredEntity action = frame.actionEntity;
    if (action != null) {
      for (int i = 0; i < action.ancestors().places(); i++) {
        EntityUid group = action.ancestors().at(i);
        if (group != null) {
          evaluate(frame, group);
        }
      }
    }
  }

  private void evaluate(Frame frame, EntityUid action) {
    CompiledPolicy[] found = byAction.get(action);
    if (found == null) {
      return;
    }
    for (CompiledPolicy policy : found) {
      // A policy that names several fitting actions is found by each; its first one counts.
      if (policy.isFoundBy(action, frame)) {
        frame.evaluate(policy);
      }
    }
  }
}
