package io.margay.model.verdict;

/** The end of an evaluation. */
public enum Verdict {
  ALLOW,
  DENY,
  /**
   * No policy of the stage decided and the stage has no default: preDNAT and doNotTrack policies
   * leave such traffic to the stages after them.
   */
  CONTINUE
}
