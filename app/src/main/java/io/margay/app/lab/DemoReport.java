package io.margay.app.lab;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.margay.flows.Flow;
import io.margay.flows.FlowKey;
import io.margay.flows.FlowPeer;
import io.margay.flows.PolicyHit;
import io.margay.flows.history.FlowHistory;
import io.margay.model.resource.RuleAction;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a demo did, for scripts.
 *
 * @param secondsToFirstFlow from the start of the process until its console had a flow
 * @param connectionsTried calls that the pods made
 * @param verdictMismatches calls whose sockets saw something else than the engine says; 0, or
 *     something is wrong
 * @param mismatches the first of them in words
 * @param flows flow records, each of one key and 15 seconds
 * @param deniedFlows how many of them are denied
 * @param deniedFlow one of those with its whole chain, the longest; null when there is none
 * @param pendingDiffers flow records that staged policies would turn
 */
record DemoReport(
    double secondsToFirstFlow,
    String application,
    String dataplane,
    int nodes,
    int pods,
    int policies,
    long connectionsTried,
    long connectionsThrough,
    long verdictMismatches,
    List<String> mismatches,
    long flows,
    long deniedFlows,
    @Nullable DeniedFlow deniedFlow,
    long pendingDiffers,
    String console,
    String kubeconfig) {
  private static final ObjectMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  /** A denied connection with everything that led to its verdict. */
  record DeniedFlow(
      String source,
      String destination,
      String protocol,
      int port,
      String reporter,
      String action,
      String pendingAction,
      List<Step> trace,
      List<Step> pendingTrace) {

    /** Of all denied flows the one with the longest chain; null when there is none. */
    static @Nullable DeniedFlow longest(FlowHistory history) {
      return denied(history)
          .max(Comparator.comparingInt(flow -> flow.key().trace().enforced().size()))
          .map(DeniedFlow::of)
          .orElse(null);
    }

    private static DeniedFlow of(Flow flow) {
      FlowKey key = flow.key();
      return new DeniedFlow(
          name(key.source()),
          name(key.dest()),
          key.protocolName(),
          key.destPort(),
          key.reporter().goldmaneName(),
          key.trace().action().toString(),
          key.trace().pendingAction().toString(),
          key.trace().enforced().stream().map(Step::of).toList(),
          key.trace().pending().stream().map(Step::of).toList());
    }

    private static String name(FlowPeer peer) {
      return peer.namespace().isEmpty() ? peer.name() : peer.namespace() + "/" + peer.name();
    }
  }

  /**
   * One step of a chain.
   *
   * @param ruleIndex -1 for the default action of a tier
   * @param trigger for a default action, the policy that made the tier count; null otherwise
   */
  record Step(
      String kind,
      String tier,
      String namespace,
      String name,
      long ruleIndex,
      String action,
      @Nullable String trigger) {
    static Step of(PolicyHit hit) {
      return new Step(
          hit.kind(),
          hit.tier(),
          hit.namespace(),
          hit.name(),
          hit.ruleIndex(),
          hit.action().toString(),
          hit.trigger() == null ? null : hit.trigger().toString());
    }
  }

  static Stream<Flow> denied(FlowHistory history) {
    return history.flows().filter(flow -> flow.key().trace().action() == RuleAction.DENY);
  }

  static long pendingDiffers(FlowHistory history) {
    return history.flows().filter(flow -> flow.key().trace().pendingDiffers()).count();
  }

  void write(Path file) throws IOException {
    Path folder = file.toAbsolutePath().getParent();
    if (folder != null) {
      Files.createDirectories(folder);
    }
    Files.writeString(file, JSON.writeValueAsString(this) + "\n");
  }
}
