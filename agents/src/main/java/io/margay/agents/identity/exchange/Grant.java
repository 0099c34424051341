package io.margay.agents.identity.exchange;

import io.margay.agents.identity.spiffe.SpiffeId;
import io.margay.agents.identity.token.VerifiedToken;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What an agent can hand on: the limits of the next token. Made only of verified parts.
 *
 * @param parent the token that the agent showed; empty when it works for itself
 * @param agent who hands on
 * @param agentExpires when the agent's own identity does
 * @param received whether the agent got the parent from somebody, and so is one more in its chain.
 *     Otherwise it holds a token that it had issued to itself, and is in the chain already
 */
public record Grant(
    Optional<VerifiedToken> parent, SpiffeId agent, Instant agentExpires, boolean received) {

  /** An agent that works for itself. */
  public static Grant ofAgent(SpiffeId agent, Instant agentExpires) {
    return new Grant(Optional.empty(), agent, agentExpires, true);
  }

  /** The agents through which the task went, this one last. */
  public List<String> chain() {
    List<String> chain = new ArrayList<>();
    parent.ifPresent(token -> chain.addAll(token.lineage().actors()));
    if (received) {
      chain.add(agent.toString());
    }
    return chain;
  }

  /** No token that is made from this lives longer. */
  Instant expires() {
    return parent
        .map(VerifiedToken::expires)
        .filter(expires -> expires.isBefore(agentExpires))
        .orElse(agentExpires);
  }

  String parentHash() {
    return parent.map(VerifiedToken::hash).orElse("");
  }
}
