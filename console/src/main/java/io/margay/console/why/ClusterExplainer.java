package io.margay.console.why;

import io.margay.console.cluster.ClusterView;
import io.margay.model.net.IpAddress;
import io.margay.model.net.IpFamily;
import io.margay.model.net.Protocol;
import io.margay.model.resource.Kind;
import io.margay.model.resource.Node;
import io.margay.model.resource.Pod;
import io.margay.model.resource.Resource;
import io.margay.model.resource.ResourceChange;
import io.margay.model.resource.ResourceKey;
import io.margay.model.verdict.Direction;
import io.margay.model.verdict.Verdict;
import io.margay.policy.decide.Connection;
import io.margay.policy.decide.PathDecision.Path;
import io.margay.policy.decide.PathPeer;
import io.margay.policy.decide.UnknownPeerException;
import io.margay.policy.engine.Failsafes;
import io.margay.policy.why.Explainer;
import io.margay.policy.why.Explanation;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Answers questions about the cluster as it is at that moment. Questions are rare, so each has an
 * engine of its own, in which changes can be tried without touching anything that is enforced.
 */
public final class ClusterExplainer implements WhySource {
  private static final String HOST = "host:";
  private static final int EPHEMERAL_PORT = 40_000;

  private final Map<ResourceKey, Resource> cluster = new ConcurrentHashMap<>();

  /**
   * Takes over a change of the cluster's resources.
   *
   * @return whether verdicts may depend on it: nodes tell every few seconds that they are alive
   */
  public boolean apply(ResourceChange change) {
    return switch (change) {
      case ResourceChange.Upsert(Resource resource) ->
          !judgedAlike(cluster.put(resource.key(), resource), resource);
      case ResourceChange.Removed(ResourceKey key) -> cluster.remove(key) != null;
      case ResourceChange.InSync _ -> true;
    };
  }

  private static boolean judgedAlike(@Nullable Resource before, Resource now) {
    if (before == null || !before.metadata().labels().equals(now.metadata().labels())) {
      return false;
    }
    return switch (now) {
      case Node node ->
          before instanceof Node was
              && was.spec().equals(node.spec())
              && was.status().equals(node.status());
      case Pod pod ->
          before instanceof Pod was
              && was.spec().equals(pod.spec())
              && was.status().equals(pod.status());
      default -> false;
    };
  }

  /** The cluster as it is now. */
  public ClusterView view() {
    return new ClusterView(cluster);
  }

  @Override
  public WhyAnswer explain(WhyQuestion question) {
    Map<ResourceKey, Resource> resources = Map.copyOf(cluster);
    List<String> notes = new ArrayList<>();
    PathPeer from = known(peer(question.from()), resources, notes);
    PathPeer to = known(peer(question.to()), resources, notes);
    Explanation explanation =
        explain(new Explainer(resources, Failsafes.CALICO), question, from, to);
    noteWhatNobodyJudges(question, explanation.decision().enforced(), notes);
    return new WhyAnswer(question, explanation, notes);
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
  private static PathPeer known(
      PathPeer peer, Map<ResourceKey, Resource> resources, List<String> notes) {
    if (!(peer instanceof PathPeer.Pod(String namespace, String name))
        || resources.containsKey(new ResourceKey(Kind.POD, namespace, name))) {
      return peer;
    }
    Optional<String> first =
        resources.keySet().stream()
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
  private static Explanation explain(
      Explainer explainer, WhyQuestion question, PathPeer from, PathPeer to) {
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

  private static void noteWhatNobodyJudges(WhyQuestion question, Path path, List<String> notes) {
    if (path.trace(Direction.EGRESS) == null) {
      notes.add(question.from() + " is no endpoint of this cluster: nothing judges its egress");
    }
    // A path that is denied ends before it arrives, which says nothing of the far end.
    if (path.verdict() == Verdict.ALLOW && path.trace(Direction.INGRESS) == null) {
      notes.add(question.to() + " is no endpoint of this cluster: nothing judges its ingress");
    }
  }
}
