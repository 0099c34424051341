package io.margay.agents.gateway.parts;

import io.margay.agents.gateway.Directory;
import io.margay.agents.gateway.Doors;
import io.margay.agents.gateway.EnforcementPoints;
import io.margay.agents.gateway.ForwardProxy;
import io.margay.agents.gateway.HopTokens;
import io.margay.agents.gateway.Identities;
import io.margay.agents.gateway.Onward;
import io.margay.agents.gateway.WellKnown;
import io.margay.agents.gateway.WellKnown.Document;
import io.margay.agents.gateway.a2a.A2aDoor;
import io.margay.agents.gateway.a2a.AgentCards;
import io.margay.agents.gateway.a2a.PushTargets;
import io.margay.agents.gateway.authzen.AuthZenDoor;
import io.margay.agents.gateway.gate.CallGate;
import io.margay.agents.gateway.gate.Holds;
import io.margay.agents.gateway.llm.Budgets;
import io.margay.agents.gateway.llm.LlmDoor;
import io.margay.agents.gateway.mcp.McpDoor;
import java.net.URI;
import java.time.InstantSource;
import java.util.HashMap;
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
    AgentCards cards,
    LlmDoor.BudgetSource budgetSource,
    Budgets budgets,
    InstantSource clock) {

  /** What browsers send as Origin from pages of the gateway's own name. */
  private String origin() {
    return name.getScheme() + "://" + name.getRawAuthority();
  }

  /**
   * Doors over a gate, for callers, and for those who ask about others' calls.
   *
   * @param documents that stand under {@code /.well-known/} too
   */
  Doors over(
      CallGate gate, Onward onward, EnforcementPoints points, Map<String, Document> documents) {
    Map<String, Document> known = new HashMap<>(documents);
    known.put(AuthZenDoor.METADATA, Document.alone(AuthZenDoor::metadata));
    known.put(AgentCards.KEY_SET, Document.alone(_ -> cards.keySet()));
    return over(gate, onward)
        .with("access", new AuthZenDoor(points, gate, clock))
        .with(".well-known", new WellKnown(known));
  }

  /** Doors over a gate, for callers. */
  public Doors over(CallGate gate, Onward onward) {
    return new Doors(
        Map.of(
            "mcp",
            new McpDoor(identities, directory, tokens, gate, onward, clock, Set.of(origin())),
            "a2a",
            new A2aDoor(
                identities, directory, tokens, gate, holds, onward, pushTargets, cards, clock),
            "llm",
            new LlmDoor(identities, directory, gate, onward, budgetSource, budgets, clock)),
        new ForwardProxy(name, identities, directory, gate, clock));
  }
}
