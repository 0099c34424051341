package io.margay.agents.identity.http;

import org.eclipse.jetty.server.Request;

/** Learns of every request for a token that is refused: the audit. */
@FunctionalInterface
public interface RefusalObserver {
  void refused(Request request, String reason);
}
