package io.margay.flows.shard;

import io.margay.flows.Flow;
import io.margay.flows.query.CursorPage;
import io.margay.flows.query.FlowCursor;
import io.margay.flows.query.FlowReader;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Records of several processes can be joined only where all of them were read: bucket by bucket,
 * down to the newest bucket at which one of them stopped.
 */
final class WholeBuckets {
  private static final int AT_ONCE = 1_000;

  private WholeBuckets() {}

  /** Answers the question from one process's flows. */
  static List<Flow> of(FlowReader own, Question.Records asked) {
    List<Flow> found = new ArrayList<>();
    long counted = 0;
    FlowCursor cursor = FlowCursor.NEWEST;
    while (cursor != null) {
      CursorPage<Flow> page = own.records(asked.range(), asked.filter(), cursor, AT_ONCE);
      for (Flow flow : page.items()) {
        if (counted >= asked.atLeast() && !flow.bucket().equals(found.getLast().bucket())) {
          return found;
        }
        found.add(flow);
        counted += flow.bucket().isBefore(asked.before()) ? 1 : 0;
      }
      cursor = page.next();
    }
    return found;
  }

  /** Down to which bucket all answers are whole. */
  static Instant horizon(List<List<Flow>> answers, Question.Records asked) {
    Instant horizon = Instant.MIN;
    for (List<Flow> answer : answers) {
      long counted = answer.stream().filter(flow -> flow.bucket().isBefore(asked.before())).count();
      if (counted >= asked.atLeast() && answer.getLast().bucket().isAfter(horizon)) {
        horizon = answer.getLast().bucket();
      }
    }
    return horizon;
  }
}
