package io.margay.agents.gateway;

import io.margay.agents.identity.spiffe.SpiffeId;
import java.util.Optional;

/** Learns of everybody who is turned away before anything was decided: the audit. */
@FunctionalInterface
public interface Refusals {

  /**
   * Somebody was turned away. It must not block.
   *
   * @param agent whose certificate or JWT-SVID is good; empty for a stranger
   * @param at where it wanted to go, such as {@code mcp/crm}
   */
  void refused(Optional<SpiffeId> agent, String at, String reason);
}
