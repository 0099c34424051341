package io.margay.policy.recommend;

import io.margay.model.manifest.KubeObject;
import java.util.List;

/**
 * What the policies should be.
 *
 * @param policies StagedNetworkPolicies by namespace and name; those that somebody has accepted,
 *     dismissed or enforced are not among them
 * @param notes what was left out or made wider, a sentence each, sorted
 */
public record Recommendations(List<KubeObject> policies, List<String> notes) {
  public Recommendations {
    policies = List.copyOf(policies);
    notes = List.copyOf(notes);
  }
}
