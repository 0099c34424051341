package io.margay.policy.why;

import io.margay.model.resource.Resource;
import io.margay.model.resource.ResourceKey;

/**
 * A change of one policy.
 *
 * @param statement what to do, in one sentence
 * @param policy the policy to edit or create
 * @param yaml the rule to add or remove, or the whole policy to create
 * @param result the policy after the change
 */
public record Change(String statement, ResourceKey policy, String yaml, Resource result) {}
