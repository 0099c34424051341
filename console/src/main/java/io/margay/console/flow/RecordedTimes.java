package io.margay.console.flow;

import io.margay.flows.query.DensityStep;
import io.margay.flows.query.FlowFilter;
import io.margay.flows.query.FlowReader;
import io.margay.flows.query.TimeRange;
import io.margay.flows.query.Volume;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Of which times there are flows on record, whoever may see them. */
public final class RecordedTimes {
  private final FlowReader reader;

  public RecordedTimes(FlowReader reader) {
    this.reader = reader;
  }

  /** A time in which no flow at all was recorded, in whole hours. */
  public record Gap(Instant from, Instant to) {
    /** Whether that moment is in it. */
    public boolean has(Instant time) {
      return !time.isBefore(from) && time.isBefore(to);
    }
  }

  /** When the oldest flow was seen that is still on record; null if there is none. */
  public @Nullable Instant since() {
    DensityStep all = reader.density(TimeRange.ALWAYS, FlowFilter.ALL, 1).getFirst();
    return isEmpty(all) ? null : all.start();
  }

  /** Whole hours: of old flows nobody knows more exactly when they were. */
  public List<Gap> gaps(Instant since, Instant recordedSince, Instant now) {
    Instant from = since.isAfter(recordedSince) ? since : recordedSince;
    Instant start = from.truncatedTo(ChronoUnit.HOURS);
    Instant end = now.truncatedTo(ChronoUnit.HOURS);
    if (!start.isBefore(end)) {
      return List.of();
    }
    long hours = Math.min(Duration.between(start, end).toHours(), DensityStep.MAX_STEPS);
    List<Gap> gaps = new ArrayList<>();
    Instant begin = null;
    for (DensityStep step :
        reader.density(new TimeRange(start, end), FlowFilter.ALL, (int) hours)) {
      if (!isEmpty(step)) {
        begin = null;
        continue;
      }
      if (begin == null) {
        begin = step.start();
      } else {
        gaps.removeLast();
      }
      gaps.add(new Gap(begin, step.end()));
    }
    return gaps;
  }

  private static boolean isEmpty(DensityStep step) {
    return step.allowed().equals(Volume.NONE) && step.denied().equals(Volume.NONE);
  }
}
