package io.margay.app.agents.redteam;

import java.util.List;

/**
 * How an attack went.
 *
 * @param harm what was done, as the servers saw it; empty when nothing was
 * @param records what the audit log says about it, oldest first
 */
public record Score(String attack, String about, Result result, String harm, List<Stop> records) {

  public Score {
    records = List.copyOf(records);
  }

  /** How it ended. */
  public enum Result {
    STOPPED,
    GOT_THROUGH,
    /** Nothing was done, but no record says who stopped it: nobody could prove it later. */
    UNRECORDED
  }

  /**
   * A record of something that was stopped.
   *
   * @param record its number in the audit log
   * @param kind {@code DECISION}, or {@code TOKEN} for callers that were turned away
   * @param verdict {@code DENY}, {@code HOLD} or {@code refused}
   * @param tier the tier that decided; empty when none had to
   */
  public record Stop(
      long record, String kind, String verdict, String tier, List<String> policies, String reason) {

    public Stop {
      policies = List.copyOf(policies);
    }
  }

  static Score of(Attack attack, String harm, List<Stop> records) {
    Result result =
        !harm.isEmpty()
            ? Result.GOT_THROUGH
            : records.isEmpty() ? Result.UNRECORDED : Result.STOPPED;
    return new Score(attack.name(), attack.about(), result, harm, records);
  }
}
