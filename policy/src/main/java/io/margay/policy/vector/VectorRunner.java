package io.margay.policy.vector;

import io.margay.model.selector.Labels;
import io.margay.model.selector.Selector;
import io.margay.model.selector.SelectorSyntaxException;
import io.margay.model.vector.ConnectivityVector;
import io.margay.model.vector.ConnectivityVector.Step;
import io.margay.model.vector.Expectation;
import io.margay.model.vector.SelectorVectors;
import io.margay.model.vector.VectorCluster;
import io.margay.model.vector.VectorPeer;
import io.margay.model.vector.VectorTrace;
import io.margay.model.vector.VectorTrace.ViaTrace;
import io.margay.model.verdict.Direction;
import io.margay.model.verdict.Verdict;
import io.margay.policy.decide.Connection;
import io.margay.policy.decide.PathDecider;
import io.margay.policy.decide.PathDecision;
import io.margay.policy.decide.PathDecision.Path;
import io.margay.policy.decide.PathPeer;
import io.margay.policy.decide.PathStep;
import io.margay.policy.decide.UnknownPeerException;
import io.margay.policy.engine.PolicyEngine;
import io.margay.policy.engine.Scope;
import io.margay.policy.table.DecisionTables;
import io.margay.policy.vector.VectorResult.Check;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Plays vectors through the engine and compares verdicts and traces. */
public final class VectorRunner {
  private VectorRunner() {}

  /** Plays the steps of a vector and makes every check. */
  public static VectorResult run(ConnectivityVector vector) {
    PolicyEngine engine = new PolicyEngine(Scope.allNodes());
    DecisionTables tables = new DecisionTables();
    VectorCluster cluster = new VectorCluster(vector);
    PathDecider decider = new PathDecider(tables, engine.resources());
    cluster.start().forEach(engine::apply);
    tables.apply(engine.flush());
    List<Check> checks = new ArrayList<>();
    for (Step step : vector.steps()) {
      cluster.apply(step).forEach(engine::apply);
      tables.apply(engine.flush());
      step.expectations()
          .forEach(expectation ->
              checks.add(
                  new Check(step.name() + ": " + expectation, difference(expectation, decider))));
    }
    return new VectorResult(vector.name(), vector.doubtful() != null, checks);
  }

  /** The connection that an expectation is about. */
  public static Connection connection(Expectation expectation) {
    return new Connection(
        peer(expectation.from()),
        peer(expectation.to()),
        expectation.family(),
        expectation.protocol(),
        expectation.sourcePort(),
        expectation.destinationPort(),
        expectation.via().stream()
            .map(via -> new Connection.Via(via.hostEndpoint(), via.direction()))
            .toList());
  }

  private static PathPeer peer(VectorPeer peer) {
    return switch (peer) {
      case VectorPeer.PodPeer pod -> new PathPeer.Pod(pod.namespace(), pod.name());
      case VectorPeer.AddressPeer address -> new PathPeer.Address(address.address());
      case VectorPeer.NodePeer node -> new PathPeer.Address(node.address());
      case VectorPeer.HostEndpointPeer host -> new PathPeer.Host(host.name());
    };
  }

  private static String difference(Expectation expectation, PathDecider decider) {
    PathDecision decision;
    try {
      decision = decider.decide(connection(expectation));
    } catch (UnknownPeerException e) {
      return String.valueOf(e.getMessage());
    }
    String enforced =
        difference("", expectation.verdict(), expectation.trace(), decision.enforced());
    if (!enforced.isEmpty()) {
      return enforced;
    }
    return difference(
        "pending ", expectation.pendingVerdict(), expectation.pendingTrace(), decision.pending());
  }

  private static String difference(
      String kind, @Nullable Verdict verdict, @Nullable VectorTrace trace, Path actual) {
    if (verdict != null && verdict != actual.verdict()) {
      return kind + "verdict expected " + verdict + ", was " + actual.verdict() + " by " + actual;
    }
    if (trace == null) {
      return "";
    }
    for (Direction direction : Direction.values()) {
      var expected = direction == Direction.EGRESS ? trace.egress() : trace.ingress();
      if (!VectorTrace.agrees(expected, actual.trace(direction))) {
        return kind
            + direction
            + " trace expected "
            + expected
            + ", was "
            + actual.trace(direction);
      }
    }
    return viaAgrees(trace.via(), actual.via())
        ? ""
        : kind + "via trace expected " + trace.via() + ", was " + actual.via();
  }

  private static boolean viaAgrees(List<ViaTrace> expected, List<PathStep> actual) {
    if (expected.size() != actual.size()) {
      return false;
    }
    for (int i = 0; i < expected.size(); i++) {
      ViaTrace want = expected.get(i);
      PathStep got = actual.get(i);
      if (!want.hostEndpoint().equals(got.endpoint().name())
          || want.direction() != got.direction()
          || want.stage() != got.stage()
          || !VectorTrace.agrees(want.rules(), got.trace())) {
        return false;
      }
    }
    return true;
  }

  /** Makes every check of a file of selectors. */
  public static VectorResult run(String name, SelectorVectors vectors) {
    List<Check> checks = new ArrayList<>();
    for (SelectorVectors.Valid valid : vectors.valid()) {
      checks.add(check("valid", valid.selector(), () -> valid(valid)));
    }
    for (SelectorVectors.Invalid invalid : vectors.invalid()) {
      checks.add(new Check("invalid " + invalid.selector(), invalid(invalid)));
    }
    for (SelectorVectors.Match match : vectors.matches()) {
      checks.add(
          check(
              "match " + match.labels(),
              match.selector(),
              () ->
                  expect(
                      match.match(),
                      Selector.parse(match.selector()).matches(Labels.of(match.labels())))));
    }
    for (SelectorVectors.Prefixed prefixed : vectors.prefixed()) {
      checks.add(
          check(
              "prefixed " + prefixed.prefix(),
              prefixed.selector(),
              () ->
                  expect(
                      prefixed.canonical(),
                      Selector.parse(prefixed.selector())
                          .withKeyPrefix(prefixed.prefix())
                          .canonical())));
    }
    return new VectorResult(name, false, checks);
  }

  private interface Comparison {
    String difference();
  }

  private static Check check(String what, String selector, Comparison comparison) {
    String difference;
    try {
      difference = comparison.difference();
    } catch (SelectorSyntaxException e) {
      difference = "refused: " + e.getMessage();
    }
    return new Check(what + " " + selector, difference);
  }

  private static String valid(SelectorVectors.Valid valid) {
    Selector selector = Selector.parse(valid.selector());
    String canonical = expect(valid.canonical(), selector.canonical());
    return canonical.isEmpty() ? expect(valid.uid(), selector.uniqueId()) : canonical;
  }

  private static String invalid(SelectorVectors.Invalid invalid) {
    try {
      return "accepted as " + Selector.parse(invalid.selector());
    } catch (SelectorSyntaxException e) {
      return "";
    }
  }

  private static String expect(Object expected, Object actual) {
    return expected.equals(actual) ? "" : "expected " + expected + ", was " + actual;
  }
}
