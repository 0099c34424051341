package io.margay.agents.call;

import java.util.List;
import java.util.Optional;

/**
 * Who calls; both identities are verified before this exists.
 *
 * @param workload the calling agent's SPIFFE id
 * @param user on whose behalf; empty when the call carried no user's token
 * @param chain SPIFFE ids of the agents that the user's task went through, the first one first, the
 *     caller last. Counted by the gateway, never told by the agent
 * @param tokenId {@code jti} of the token that the call carried; empty without one
 * @param scope what that token allows, if it says; {@code read:customers} for example
 */
public record Caller(
    String workload, Optional<User> user, List<String> chain, String tokenId, List<String> scope) {

  public Caller {
    chain = List.copyOf(chain);
    scope = List.copyOf(scope);
  }

  /** How many agents stand between the user and the target: 1 for the user's own agent. */
  public int depth() {
    return chain.size();
  }
}
