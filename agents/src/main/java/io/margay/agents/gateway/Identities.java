package io.margay.agents.gateway;

import io.margay.agents.call.Caller;
import io.margay.agents.gateway.http.Exchange;
import io.margay.agents.gateway.http.Refusal;

/** Says who sends a request. */
@FunctionalInterface
public interface Identities {

  /**
   * The caller, with workload and user verified.
   *
   * @param audience what the caller's token has to be for: {@code mcp/crm}, {@code a2a/planner},
   *     {@code llm/openai}
   * @throws Refusal with 401 or 403 and the reason, when it cannot be told or proven
   */
  Caller identify(Exchange exchange, String audience) throws Refusal;
}
