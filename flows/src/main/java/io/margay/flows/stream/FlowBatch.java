package io.margay.flows.stream;

import io.margay.flows.Flow;
import java.util.List;

/**
 * Flows that are sent together.
 *
 * @param version of the history that holds them
 */
public record FlowBatch(long version, List<Flow> flows) {
  public FlowBatch {
    flows = List.copyOf(flows);
  }
}
