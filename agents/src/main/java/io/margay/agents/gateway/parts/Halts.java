package io.margay.agents.gateway.parts;

import io.margay.agents.gateway.gate.OpenCalls;
import io.margay.agents.identity.revocation.Revocation;
import io.margay.agents.registry.RegistrySnapshot;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Set;

/**
 * Cuts off the calls of agents that are halted: their own, and those that others make on their
 * behalf; and those of whom and what is revoked. That new ones are denied is the decider's work,
 * which has to know of the halt first.
 */
public final class Halts {
  private final OpenCalls open;
  private final InstantSource clock;

  public Halts(OpenCalls open, InstantSource clock) {
    this.open = open;
    this.clock = clock;
  }

  /** Gives how many calls were cut off. */
  public int take(RegistrySnapshot registry) {
    Set<String> halted = new HashSet<>();
    registry
        .bySpiffeId()
        .forEach((id, agent) -> {
          if (registry.haltOf(agent.metadata().name(), clock.instant()).isPresent()) {
            halted.add(id);
          }
        });
    return halted.isEmpty()
        ? 0
        : open.cut(caller ->
            halted.contains(caller.workload())
                || caller.chain().stream().anyMatch(halted::contains));
  }

  /** Cuts off the calls of an agent, a user or a token that is revoked. */
  void take(Revocation revocation) {
    open.cut(caller ->
        switch (revocation.kind()) {
          case AGENT -> caller.chain().contains(revocation.name());
          case USER ->
              caller
                  .user()
                  .map(user -> Revocation.userKey(user.issuer(), user.subject()))
                  .filter(revocation.name()::equals)
                  .isPresent();
          case TOKEN -> caller.tokenId().equals(revocation.name());
        });
  }
}
