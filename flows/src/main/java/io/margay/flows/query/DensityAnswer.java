package io.margay.flows.query;

import io.margay.flows.PolicyTrace;
import io.margay.flows.history.BucketTime;
import io.margay.model.resource.RuleAction;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Adds up flows to steps of time. */
public final class DensityAnswer {
  private static final long BUCKET = BucketTime.LENGTH.toSeconds();

  private final long start;
  private final long stepSeconds;
  private final Tally[] steps;

  /**
   * @param fromSecond of the first bucket, inclusive
   * @param toSecond of the last bucket, exclusive
   * @throws IllegalArgumentException for a number of steps that is not from 1 to {@value
   *     DensityStep#MAX_STEPS}
   */
  public DensityAnswer(long fromSecond, long toSecond, int steps) {
    if (steps < 1 || steps > DensityStep.MAX_STEPS) {
      throw new IllegalArgumentException(
          "steps: " + steps + " is out of range, write 1 to " + DensityStep.MAX_STEPS);
    }
    long unit = unit(Math.ceilDiv(toSecond - fromSecond, steps));
    this.start = Math.floorDiv(fromSecond, unit) * unit;
    long length = Math.max(unit, toSecond - start);
    this.stepSeconds = Math.ceilDiv(Math.ceilDiv(length, steps), unit) * unit;
    this.steps = new Tally[Math.toIntExact(Math.ceilDiv(length, stepSeconds))];
    for (int i = 0; i < this.steps.length; i++) {
      this.steps[i] = new Tally();
    }
  }

  /** Steps are made of whole buckets, or of whole slots of what is rolled up. */
  private static long unit(long step) {
    return step < 300 ? BUCKET : step < 3600 ? 300 : 3600;
  }

  private static final class Tally {
    private Volume allowed = Volume.NONE;
    private Volume denied = Volume.NONE;
    private Volume pendingDiffers = Volume.NONE;
  }

  public long start() {
    return start;
  }

  public long stepSeconds() {
    return stepSeconds;
  }

  /**
   * Adds what flows of one trace did in a bucket. One that began before the first step, rolled up
   * and overlapping it, counts in the first.
   */
  public void add(PolicyTrace trace, long second, Volume volume) {
    long step = Math.clamp(Math.floorDiv(second - start, stepSeconds), 0, steps.length - 1);
    Tally tally = steps[(int) step];
    if (trace.action() == RuleAction.DENY) {
      tally.denied = tally.denied.plus(volume);
    } else {
      tally.allowed = tally.allowed.plus(volume);
    }
    if (trace.pendingDiffers()) {
      tally.pendingDiffers = tally.pendingDiffers.plus(volume);
    }
  }

  public List<DensityStep> result() {
    List<DensityStep> result = new ArrayList<>(steps.length);
    for (int i = 0; i < steps.length; i++) {
      Instant from = Instant.ofEpochSecond(start + i * stepSeconds);
      result.add(
          new DensityStep(
              from,
              from.plusSeconds(stepSeconds),
              steps[i].allowed,
              steps[i].denied,
              steps[i].pendingDiffers));
    }
    return result;
  }
}
