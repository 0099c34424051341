package io.margay.policy.label;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** Labels by which pods that stand for the same thing can be known, now and after a rollout. */
public final class StableLabels {
  /** Labels that controllers put on single pods or single generations of pods. */
  private static final Set<String> VOLATILE =
      Set.of(
          "pod-template-hash",
          "controller-revision-hash",
          "pod-template-generation",
          "statefulset.kubernetes.io/pod-name",
          "apps.kubernetes.io/pod-index",
          "controller-uid",
          "batch.kubernetes.io/controller-uid",
          "kubevirt.io/created-by",
          "kubevirt.io/nodeName",
          "kubevirt.io/migrationJobUID");

  private StableLabels() {}

  /** Those of the labels that an author chose. */
  public static Map<String, String> of(Map<String, String> labels) {
    Map<String, String> stable = new HashMap<>(labels);
    stable.keySet().removeAll(VOLATILE);
    return stable;
  }
}
