package io.margay.agents.gateway.parts;

import io.margay.agents.gateway.Directory;
import io.margay.agents.gateway.Doors;
import io.margay.agents.gateway.HopTokens;
import io.margay.agents.gateway.Identities;
import io.margay.agents.gateway.Onward;
import io.margay.agents.gateway.a2a.A2aDoor;
import io.margay.agents.gateway.a2a.PushTargets;
import io.margay.agents.gateway.gate.CallGate;
import io.margay.agents.gateway.gate.Holds;
import io.margay.agents.gateway.llm.Budgets;
import io.margay.agents.gateway.llm.LlmDoor;
import io.margay.agents.gateway.mcp.McpDoor;
import java.net.URI;
import java.time.InstantSource;
import java.util.Map;
import java.util.Set;

/**
 * What doors are made of: one set of identities, servers, held calls and budgets for them all.
 *
 * @param name of the gateway: only pages from there may call in a browser
 */
public record DoorParts(
    URI name,
    Identities identities,
    HopTokens tokens,
    Directory directory,
    Holds holds,
    PushTargets pushTargets,
    LlmDoor.BudgetSource budgetSource,
    Budgets budgets,
    InstantSource clock) {

  /** What browsers send as Origin from pages of the gateway's own name. */
  private String origin() {
    return name.getScheme() + "://" + name.getRawAuthority();
  }

  /** Doors over a gate. */
  public Doors over(CallGate gate, Onward onward) {
    return new Doors(
        Map.of(
            "mcp",
            new McpDoor(identities, directory, tokens, gate, onward, clock, Set.of(origin())),
            "a2a",
            new A2aDoor(identities, directory, tokens, gate, holds, onward, pushTargets, clock),
            "llm",
            new LlmDoor(identities, directory, gate, onward, budgetSource, budgets, clock)));
  }
}
