package io.margay.console;

import io.margay.console.assertion.AssertionFigures;
import io.margay.console.cluster.ClusterView;
import io.margay.console.policies.PolicySource;
import io.margay.console.policies.StorePolicies;
import io.margay.console.status.MetricOptions;
import io.margay.console.status.NodeReport;
import io.margay.console.why.WhySource;
import io.margay.flows.query.FlowReader;
import io.margay.flows.query.MemoryFlowReader;
import io.margay.flows.stream.ClosedStreams;
import io.margay.flows.stream.FlowService;
import io.margay.flows.stream.LiveStreams;
import io.margay.store.ResourceStore;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Supplier;

/**
 * Everything that the console shows and changes. All of it is asked from many threads.
 *
 * @param intake the figures of what is taken in
 * @param reader answers about flows, of memory and of whatever is behind it
 * @param live streams of the same flows as they change
 * @param closed streams of their closed buckets
 * @param store where policies are changed
 * @param cluster the state of the cluster now
 * @param nodes what nodes told of themselves lately
 * @param assertions how the PolicyAssertions are
 * @param metrics what is exported beside the usual figures
 */
public record ConsoleSources(
    FlowService intake,
    FlowReader reader,
    LiveStreams live,
    ClosedStreams closed,
    ResourceStore store,
    PolicySource policies,
    Supplier<ClusterView> cluster,
    WhySource why,
    Supplier<ConsoleStatus> status,
    Supplier<List<NodeReport>> nodes,
    Supplier<AssertionFigures> assertions,
    MetricOptions metrics) {

  /** A console over flows in memory, which reads the cluster from the store for each question. */
  public static ConsoleSources of(
      FlowService flows,
      ResourceStore store,
      WhySource why,
      Supplier<ConsoleStatus> status,
      InstantSource clock) {
    MemoryFlowReader reader = new MemoryFlowReader(flows::history);
    return new ConsoleSources(
        flows,
        reader,
        LiveStreams.of(flows, clock),
        ClosedStreams.of(flows, reader),
        store,
        new StorePolicies(store),
        () -> ClusterView.of(store),
        why,
        status,
        List::of,
        () -> AssertionFigures.NONE,
        MetricOptions.NONE);
  }
}
