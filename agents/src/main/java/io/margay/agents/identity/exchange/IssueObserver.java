package io.margay.agents.identity.exchange;

import java.io.IOException;

/** Learns of every token that is issued, before anybody has it: the audit. */
@FunctionalInterface
public interface IssueObserver {

  /**
   * @throws IOException if this cannot be recorded; then the token is not given out
   */
  void issued(Grant grant, String audience, HopToken token) throws IOException;
}
