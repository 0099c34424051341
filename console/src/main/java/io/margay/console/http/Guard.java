package io.margay.console.http;

import io.margay.console.access.Caller;

/** Finds out who sends a request. */
@FunctionalInterface
public interface Guard {

  /**
   * The sender.
   *
   * @throws HttpFailure if nobody is signed in, or if the request may come from another site
   */
  Caller admit(Exchange exchange);
}
