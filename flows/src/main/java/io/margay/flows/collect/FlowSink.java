package io.margay.flows.collect;

import io.margay.model.flow.FlowEvent;
import io.margay.model.resource.ResourceChange;
import java.util.function.Consumer;

/** Where a node's flow events go. Takes them, and changes, without waiting. */
@FunctionalInterface
public interface FlowSink extends Consumer<FlowEvent> {
  /** A change of the resources, in their order, by which it may know who has which address. */
  default void apply(ResourceChange change) {}
}
