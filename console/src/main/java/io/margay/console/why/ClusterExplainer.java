package io.margay.console.why;

import io.margay.console.why.WhyAnswer.Judgement;
import io.margay.console.why.WhyAnswer.Step;
import io.margay.model.net.IpAddress;
import io.margay.model.net.IpFamily;
import io.margay.model.net.Protocol;
import io.margay.model.resource.Kind;
import io.margay.model.resource.ResourceChange;
import io.margay.model.resource.ResourceKey;
import io.margay.model.verdict.Direction;
import io.margay.policy.decide.Connection;
import io.margay.policy.decide.PathDecision;
import io.margay.policy.decide.PathDecision.Path;
import io.margay.policy.decide.PathPeer;
import io.margay.policy.decide.PathStep;
import io.margay.policy.decide.UnknownPeerException;
import io.margay.policy.engine.Failsafes;
import io.margay.policy.explain.Change;
import io.margay.policy.explain.Explainer;
import io.margay.policy.explain.Explanation;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Answers questions about the cluster as it is told. Questions are rare and quick, so a lock is
 * enough; changes wait for one at most.
 */
public final class ClusterExplainer implements WhySource {
  private static final String HOST = "host:";
  private static final int EPHEMERAL_PORT = 40_000;

  private final Explainer explainer;

  public ClusterExplainer(Failsafes failsafes) {
    this.explainer = new Explainer(failsafes);
  }

  /** Takes over a change of the cluster's resources. */
  public synchronized void apply(ResourceChange change) {
    explainer.apply(change);
  }

  @Override
  public synchronized WhyAnswer explain(WhyQuestion question) {
    List<String> notes = new ArrayList<>();
    PathPeer from = known(peer(question.from()), notes);
    PathPeer to = known(peer(question.to()), notes);
    Explanation explanation = explain(question, from, to);
    PathDecision decision = explanation.decision();
    noteWhatNobodyJudges(question, decision, notes);
    return new WhyAnswer(
        question,
        decision.enforced().verdict(),
        decision.pending().verdict(),
        steps(decision),
        List.copyOf(notes),
        advice(explanation.flip()));
  }

  private static PathPeer peer(String text) {
    if (text.startsWith(HOST)) {
      return new PathPeer.Host(text.substring(HOST.length()));
    }
    int slash = text.indexOf('/');
    if (slash > 0) {
      return new PathPeer.Pod(text.substring(0, slash), text.substring(slash + 1));
    }
    try {
      return new PathPeer.Address(IpAddress.parse(text));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "\"" + text + "\" is no peer, write namespace/pod, an address, or host:NAME", e);
    }
  }

  /**
   * People know the name of a deployment, not those of its pods: a name that no pod has stands for
   * the first pod of that owner.
   */
  private PathPeer known(PathPeer peer, List<String> notes) {
    if (!(peer instanceof PathPeer.Pod(String namespace, String name))
        || explainer.resources().containsKey(new ResourceKey(Kind.POD, namespace, name))) {
      return peer;
    }
    Optional<String> first =
        explainer.resources().keySet().stream()
            .filter(key -> key.kind() == Kind.POD && key.namespace().equals(namespace))
            .map(ResourceKey::name)
            .filter(candidate -> candidate.startsWith(name + "-"))
            // "api" means api-7d9f-x rather than api-gateway-5c8b-x.
            .min(
                Comparator.comparingLong((String pod) -> pod.chars().filter(c -> c == '-').count())
                    .thenComparing(Comparator.naturalOrder()));
    first.ifPresent(
        found -> notes.add("%s stands for the pod %s/%s".formatted(peer, namespace, found)));
    return first.<PathPeer>map(found -> new PathPeer.Pod(namespace, found)).orElse(peer);
  }

  /** The family is the one that an address or protocol implies, else the first that both have. */
  private Explanation explain(WhyQuestion question, PathPeer from, PathPeer to) {
    IpFamily implied = implied(question.protocol(), from, to);
    if (implied != null) {
      return explainer.explain(connection(question, from, to, implied));
    }
    try {
      return explainer.explain(connection(question, from, to, IpFamily.IPV4));
    } catch (UnknownPeerException e) {
      try {
        return explainer.explain(connection(question, from, to, IpFamily.IPV6));
      } catch (UnknownPeerException alsoNotSix) {
        e.addSuppressed(alsoNotSix);
        throw e;
      }
    }
  }

  private static @Nullable IpFamily implied(Protocol protocol, PathPeer from, PathPeer to) {
    if (from instanceof PathPeer.Address(IpAddress address)) {
      if (to instanceof PathPeer.Address(IpAddress other) && other.family() != address.family()) {
        throw new IllegalArgumentException(address + " and " + other + " differ in family");
      }
      return address.family();
    }
    if (to instanceof PathPeer.Address(IpAddress address)) {
      return address.family();
    }
    if (protocol.isIcmp()) {
      return protocol.equals(Protocol.ICMP) ? IpFamily.IPV4 : IpFamily.IPV6;
    }
    return null;
  }

  private static Connection connection(
      WhyQuestion question, PathPeer from, PathPeer to, IpFamily family) {
    Protocol protocol = question.protocol();
    return new Connection(
        from,
        to,
        family,
        protocol,
        protocol.hasPorts() ? EPHEMERAL_PORT : 0,
        question.port(),
        List.of());
  }

  /** Joins the two evaluations, which differ in length where one is denied before the other. */
  private static List<Step> steps(PathDecision decision) {
    List<PathStep> enforced = decision.enforced().steps();
    List<PathStep> pending = decision.pending().steps();
    List<Step> steps = new ArrayList<>();
    for (int i = 0; i < Math.max(enforced.size(), pending.size()); i++) {
      PathStep is = i < enforced.size() ? enforced.get(i) : null;
      PathStep wouldBe = i < pending.size() ? pending.get(i) : null;
      PathStep either = is != null ? is : pending.get(i);
      steps.add(
          new Step(
              either.endpoint().toString(),
              either.direction(),
              either.forwarding(),
              either.stage(),
              judgement(is),
              judgement(wouldBe)));
    }
    return steps;
  }

  private static @Nullable Judgement judgement(@Nullable PathStep step) {
    return step == null ? null : new Judgement(step.verdict(), step.trace());
  }

  private static void noteWhatNobodyJudges(
      WhyQuestion question, PathDecision decision, List<String> notes) {
    if (decision.enforced().trace(Direction.EGRESS) == null) {
      notes.add(question.from() + " is no endpoint of this cluster: nothing judges its egress");
    }
    boolean notDenied = decision.enforced().steps().stream().noneMatch(ClusterExplainer::denies);
    if (notDenied && judgesNoIngress(decision.enforced())) {
      notes.add(question.to() + " is no endpoint of this cluster: nothing judges its ingress");
    }
  }

  private static boolean denies(PathStep step) {
    return switch (step.verdict()) {
      case DENY -> true;
      case ALLOW, CONTINUE -> false;
    };
  }

  private static boolean judgesNoIngress(Path path) {
    return path.trace(Direction.INGRESS) == null;
  }

  private static @Nullable String advice(List<Change> changes) {
    return changes.isEmpty()
        ? null
        : changes.stream().map(Change::toString).collect(Collectors.joining(", and "));
  }
}
