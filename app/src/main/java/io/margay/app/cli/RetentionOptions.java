package io.margay.app.cli;

import io.margay.agents.gateway.parts.Upkeep;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How much of the audit log a gateway keeps. */
public final class RetentionOptions {
  private static final int SHIFT = 20;

  @Option(
      names = "--keep-audit-days",
      paramLabel = "DAYS",
      description = {
        "Remove audit records that are older, and keep the proof of what they were; nothing is"
            + " removed if not given. The EU AI Act wants logs kept for 180 days or more."
      })
  private @Nullable Integer days;

  @Option(
      names = "--keep-audit-mebibytes",
      paramLabel = "MIB",
      description = {
        "Remove the oldest audit records, however young, when the log takes more than this on the"
            + " disk. A segment takes up to 64."
      })
  private @Nullable Integer mebibytes;

  /**
   * What is kept.
   *
   * @throws CommandFailure if a number is not above zero
   */
  Upkeep.Keep keep() {
    check("--keep-audit-days", days);
    check("--keep-audit-mebibytes", mebibytes);
    return new Upkeep.Keep(
        days == null ? Optional.empty() : Optional.of(Duration.ofDays(days)),
        mebibytes == null ? OptionalLong.empty() : OptionalLong.of((long) mebibytes << SHIFT),
        Upkeep.Keep.usual().approvals());
  }

  private static void check(String option, @Nullable Integer number) {
    if (number != null && number < 1) {
      throw new CommandFailure(option + " " + number + ": write 1 or more");
    }
  }
}
