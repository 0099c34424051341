package io.margay.app.process;

import io.margay.console.status.NodeReport;
import io.margay.console.telemetry.LatencyHistogram;
import io.margay.flows.collect.NodeState;
import io.margay.flows.collect.NodeStates.Heard;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** How nodes are, as they tell it over the wire and as the console shows it. */
public final class NodeReports {
  private NodeReports() {}

  /** What a node in a process of its own tells. */
  public static NodeState toTell(NodeReport report) {
    NodeReport.@Nullable Programming programming = report.programming();
    return new NodeState(
        report.name(),
        report.version(),
        report.dataplane(),
        programming == null ? null : toTell(programming),
        report.tables(),
        report.dropped());
  }

  private static NodeState.Programming toTell(NodeReport.Programming programming) {
    LatencyHistogram times = programming.times();
    return new NodeState.Programming(
        programming.changes(),
        programming.failures(),
        programming.p50Millis(),
        programming.p99Millis(),
        programming.lastMillis(),
        times.buckets().stream()
            .map(bucket -> new NodeState.TimeBucket(bucket.upToSeconds(), bucket.count()))
            .toList(),
        times.totalSeconds());
  }

  /** Nodes in this process know themselves best; others are as they were heard of last. */
  static List<NodeReport> all(List<NodeReport> here, List<Heard> elsewhere) {
    Map<String, NodeReport> reports = new TreeMap<>();
    elsewhere.forEach(heard -> reports.put(heard.state().name(), heardOf(heard)));
    here.forEach(report -> reports.put(report.name(), report));
    return List.copyOf(reports.values());
  }

  private static NodeReport heardOf(Heard heard) {
    NodeState state = heard.state();
    NodeState.@Nullable Programming programming = state.programming();
    return new NodeReport(
        state.name(),
        state.version(),
        state.dataplane(),
        heard.at(),
        programming == null ? null : heardOf(programming),
        state.tables(),
        state.dropped());
  }

  private static NodeReport.Programming heardOf(NodeState.Programming programming) {
    return new NodeReport.Programming(
        programming.changes(),
        programming.failures(),
        programming.p50Millis(),
        programming.p99Millis(),
        programming.lastMillis(),
        new LatencyHistogram(
            programming.times().stream()
                .map(time -> new LatencyHistogram.Bucket(time.upToSeconds(), time.changes()))
                .toList(),
            programming.totalSeconds()));
  }
}
