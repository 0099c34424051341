package io.margay.app.agents.redteam;

import io.margay.app.agents.lab.AgentCompany;
import io.margay.app.agents.lab.Script;
import io.margay.model.resource.Approval;
import java.io.IOException;
import java.util.Optional;
import java.util.function.Function;

/**
 * Something that somebody tries in a company of agents, and that must not succeed.
 *
 * @param about one sentence: who does what
 * @param script of the company's model and tools
 * @param approver answers calls that are held: why not, or an empty text for yes
 */
record Attack(
    String name,
    String about,
    Script script,
    Function<Approval, String> approver,
    Attempt attempt) {

  /** One that needs no script, and that nobody approves. */
  static Attack of(String name, String about, Attempt attempt) {
    return new Attack(name, about, Script.EMPTY, _ -> "nobody asked for this", attempt);
  }

  /** Tries it. */
  @FunctionalInterface
  interface Attempt {
    /** Gives the harm that was done, as the servers saw it; empty for none. */
    Optional<String> on(AgentCompany company) throws IOException, InterruptedException;
  }
}
