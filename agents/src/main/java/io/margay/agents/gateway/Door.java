package io.margay.agents.gateway;

import io.margay.agents.gateway.http.Exchange;
import io.margay.agents.gateway.http.Refusal;
import java.io.IOException;

/** Where the requests of one protocol come in. */
@FunctionalInterface
public interface Door {

  /**
   * Serves a request.
   *
   * @param server the name behind the protocol's prefix in the path
   * @param rest what follows it, with its slash; empty when nothing does
   * @throws Refusal when it is refused before the protocol has a word for it
   * @throws IOException when the caller is gone, or an answer that has begun cannot be ended
   */
  void serve(Exchange exchange, String server, String rest) throws IOException, Refusal;
}
