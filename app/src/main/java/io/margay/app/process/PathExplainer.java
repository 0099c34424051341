package io.margay.app.process;

import io.margay.console.why.WhyAnswer;
import io.margay.console.why.WhyAnswer.Judgement;
import io.margay.console.why.WhyQuestion;
import io.margay.console.why.WhySource;
import io.margay.model.net.IpAddress;
import io.margay.model.net.IpFamily;
import io.margay.policy.decide.Connection;
import io.margay.policy.decide.PathDecision;
import io.margay.policy.decide.PathDecision.Path;
import io.margay.policy.decide.PathPeer;
import io.margay.policy.decide.PathStep;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Answers why a packet is allowed or denied, from the tables of all nodes. */
public final class PathExplainer implements WhySource {
  private static final int EPHEMERAL_PORT = 40_000;
  private static final String HOST_PREFIX = "host:";

  private final ClusterView cluster;

  public PathExplainer(ClusterView cluster) {
    this.cluster = cluster;
  }

  @Override
  public WhyAnswer explain(WhyQuestion question) {
    PathPeer from = peer(question.from());
    PathPeer to = peer(question.to());
    Connection connection =
        new Connection(
            from,
            to,
            family(from, to),
            question.protocol(),
            question.protocol().hasPorts() ? EPHEMERAL_PORT : 0,
            question.port(),
            List.of());
    PathDecision decision = cluster.decide(decider -> decider.decide(connection));
    return new WhyAnswer(
        question,
        decision.enforced().verdict(),
        decision.pending().verdict(),
        steps(decision),
        notes(decision),
        null);
  }

  private static PathPeer peer(String text) {
    if (text.startsWith(HOST_PREFIX)) {
      return new PathPeer.Host(text.substring(HOST_PREFIX.length()));
    }
    int slash = text.indexOf('/');
    return slash < 0
        ? new PathPeer.Address(IpAddress.parse(text))
        : new PathPeer.Pod(text.substring(0, slash), text.substring(slash + 1));
  }

  private static IpFamily family(PathPeer from, PathPeer to) {
    return Stream.of(from, to)
        .<IpAddress>mapMulti((peer, found) -> {
          if (peer instanceof PathPeer.Address(IpAddress address)) {
            found.accept(address);
          }
        })
        .map(IpAddress::family)
        .findFirst()
        .orElse(IpFamily.IPV4);
  }

  /** Both evaluations side by side; each ends at its own first denial. */
  private static List<WhyAnswer.Step> steps(PathDecision decision) {
    Path longer =
        decision.enforced().steps().size() >= decision.pending().steps().size()
            ? decision.enforced()
            : decision.pending();
    List<WhyAnswer.Step> steps = new ArrayList<>();
    for (PathStep step : longer.steps()) {
      steps.add(
          new WhyAnswer.Step(
              step.endpoint().toString(),
              step.direction(),
              step.forwarding(),
              step.stage(),
              judgement(decision.enforced(), step),
              judgement(decision.pending(), step)));
    }
    return steps;
  }

  private static @Nullable Judgement judgement(Path path, PathStep same) {
    return path.steps().stream()
        .filter(step -> Objects.equals(step.endpoint(), same.endpoint()))
        .filter(step -> step.direction() == same.direction())
        .map(step -> new Judgement(step.verdict(), step.trace()))
        .findFirst()
        .orElse(null);
  }

  private static List<String> notes(PathDecision decision) {
    return decision.enforced().steps().isEmpty()
        ? List.of("no policy judges either end")
        : List.of();
  }
}
