package io.margay.agents.gateway;

import io.margay.agents.call.Caller;
import io.margay.agents.gateway.http.Exchange;
import io.margay.agents.gateway.http.Refusal;
import java.util.Optional;

/** Tokens for the next hop. The caller's own token goes no further than the gateway. */
@FunctionalInterface
public interface HopTokens {

  /**
   * A token for one server, that allows no more than the caller's own; empty when the server wants
   * none of ours.
   *
   * @param audience whom the token is for, an absolute URI
   * @throws Refusal when none may be issued: the chain is too deep, for example
   */
  Optional<String> forUpstream(Exchange exchange, Caller caller, String audience) throws Refusal;
}
