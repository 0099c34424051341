package io.margay.dataplane.check;

import io.margay.model.flow.FlowEvent.Judged;
import io.margay.model.verdict.Direction;
import io.margay.model.verdict.Hit;
import io.margay.model.verdict.Verdict;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What became of a probe.
 *
 * @param verdict null when the packet neither arrived nor was reported as denied
 * @param judged the flow events about it
 */
record Observation(@Nullable Verdict verdict, List<Judged> judged) {
  Observation {
    judged = List.copyOf(judged);
  }

  /** The trace that an event of this direction carried; null when there was none. */
  @Nullable List<Hit> trace(Direction direction) {
    for (Judged event : judged) {
      if (event.direction() == direction) {
        return event.outcome().trace();
      }
    }
    return null;
  }
}
