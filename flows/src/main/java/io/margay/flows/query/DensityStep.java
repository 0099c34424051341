package io.margay.flows.query;

import java.time.Instant;

/**
 * What was seen in a step of time.
 *
 * @param allowed what was not denied
 * @param pendingDiffers the part, allowed or denied, whose verdict staged policies would change
 */
public record DensityStep(
    Instant start, Instant end, Volume allowed, Volume denied, Volume pendingDiffers) {
  /** More would not be seen on any screen. */
  public static final int MAX_STEPS = 10_000;
}
