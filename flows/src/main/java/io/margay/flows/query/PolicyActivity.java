package io.margay.flows.query;

import java.time.Instant;

/**
 * How often a policy was in a trace, enforced or pending.
 *
 * @param allowed connections that one of its rules, or its tier's end because of it, allowed
 * @param passed connections that it handed to the next tier
 * @param lastUsed the end of the last bucket in which it was seen
 */
public record PolicyActivity(
    PolicyName policy, long allowed, long denied, long passed, Instant lastUsed) {}
