package io.margay.app.agents.redteam;

import com.fasterxml.jackson.databind.JsonNode;
import io.margay.app.agents.lab.AgentCompany;
import io.margay.app.agents.lab.Script;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Attacks by agents that do what a rogue model says: scripts in {@code attacks.yaml}. */
final class RogueModels {
  private RogueModels() {}

  static List<Attack> attacks() throws IOException {
    return Script.documents("attacks.yaml").stream().map(RogueModels::attack).toList();
  }

  private static Attack attack(JsonNode json) {
    String agent = json.path("agent").asText();
    String task = json.path("task").asText();
    String at = json.at("/harm/at").asText();
    long most = json.at("/harm/moreThan").asLong();
    return new Attack(
        json.path("name").asText(),
        json.path("about").asText(),
        Script.of(json),
        _ -> "nobody asked for this",
        company -> {
          company.agent(agent).work(company.taskOfUser(), task);
          return reached(company, at, most);
        });
  }

  /** The harm of reaching something more often than it may be. */
  static Optional<String> reached(AgentCompany company, String what, long most) {
    long times = company.arrived(what);
    return times > most ? Optional.of(what + " was reached " + times + " times") : Optional.empty();
  }
}
