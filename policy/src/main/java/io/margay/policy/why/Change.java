package io.margay.policy.why;

import io.margay.model.resource.Resource;
import io.margay.model.resource.ResourceKey;
import io.margay.model.verdict.Direction;
import org.jspecify.annotations.Nullable;

/**
 * A change of one policy.
 *
 * @param statement what to do, in one sentence
 * @param policy the policy to edit or create
 * @param yaml the rule to add or remove, or the whole policy to create
 * @param result the policy after the change
 * @param place of the rule; null where the whole policy is to be created
 */
public record Change(
    String statement, ResourceKey policy, String yaml, Resource result, @Nullable RulePlace place) {

  /**
   * A rule's place in its policy.
   *
   * @param index counted before the change; -1 for the end
   * @param added whether the rule comes there, before the one that is there now; else it goes
   */
  public record RulePlace(Direction direction, int index, boolean added) {}
}
