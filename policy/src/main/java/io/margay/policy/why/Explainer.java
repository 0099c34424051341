package io.margay.policy.why;

import io.margay.model.net.IpAddress;
import io.margay.model.resource.HostEndpoint;
import io.margay.model.resource.Pod;
import io.margay.model.resource.Resource;
import io.margay.model.resource.ResourceKey;
import io.margay.model.verdict.Stage;
import io.margay.policy.convert.CalicoLabels;
import io.margay.policy.decide.Connection;
import io.margay.policy.decide.PathDecision;
import io.margay.policy.decide.PathDecision.Path;
import io.margay.policy.decide.PathPeer;
import io.margay.policy.decide.PathStep;
import io.margay.policy.engine.Failsafes;
import io.margay.policy.table.JudgedEndpoint;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Explains verdicts: who judged, in which order, which rule decided, and the first change that
 * would turn the verdict. Works on its own copy of the cluster, where changes are tried out.
 */
public final class Explainer {
  private final Map<ResourceKey, Resource> resources;
  private final Failsafes failsafes;

  /**
   * An explainer for one state of the cluster.
   *
   * @param resources not changed while explaining
   * @param failsafes those with which the nodes run
   */
  public Explainer(Map<ResourceKey, Resource> resources, Failsafes failsafes) {
    this.resources = resources;
    this.failsafes = failsafes;
  }

  /**
   * Explains a connection.
   *
   * @throws io.margay.policy.decide.UnknownPeerException if a peer does not exist or has no address
   *     of the family
   */
  public Explanation explain(Connection connection) {
    Trial trial = new Trial(resources, endpoints(connection), failsafes, connection);
    PathDecision decision = trial.decide();
    List<Explanation.Point> points = points(decision, trial);
    return new Explanation(decision, points, new FlipFinder(trial, decision).find());
  }

  /** The endpoints that can have a say: all that have an address of either end, or forward. */
  private Set<ResourceKey> endpoints(Connection connection) {
    Set<ResourceKey> keys = new HashSet<>();
    for (PathPeer peer : List.of(connection.from(), connection.to())) {
      for (Resource resource : resources.values()) {
        if (concerns(resource, peer)) {
          keys.add(resource.key());
        }
      }
    }
    for (Connection.Via via : connection.via()) {
      resources.values().stream()
          .filter(HostEndpoint.class::isInstance)
          .filter(host -> host.metadata().name().equals(via.hostEndpoint()))
          .forEach(host -> keys.add(host.key()));
    }
    return keys;
  }

  private static boolean concerns(Resource resource, PathPeer peer) {
    return switch (peer) {
      case PathPeer.Pod(String namespace, String name) ->
          resource instanceof Pod pod
              && pod.metadata().namespace().equals(namespace)
              && pod.metadata().name().equals(name);
      case PathPeer.Host(String name) ->
          resource instanceof HostEndpoint host && host.metadata().name().equals(name);
      case PathPeer.Address(IpAddress address) -> addresses(resource).contains(address);
    };
  }

  private static Collection<IpAddress> addresses(Resource resource) {
    return switch (resource) {
      case Pod pod -> pod.status().podIPs().stream().map(Pod.PodIp::ip).toList();
      case HostEndpoint host -> host.spec().expectedIPs();
      default -> List.of();
    };
  }

  /** Both evaluations side by side; each ends at its own first denial. */
  private List<Explanation.Point> points(PathDecision decision, Trial trial) {
    Path longer =
        decision.enforced().steps().size() >= decision.pending().steps().size()
            ? decision.enforced()
            : decision.pending();
    List<Explanation.Point> points = new ArrayList<>();
    for (int i = 0; i < longer.steps().size(); i++) {
      PathStep step = longer.steps().get(i);
      points.add(
          new Explanation.Point(
              step.endpoint(),
              step.direction(),
              step.stage(),
              step.forwarding(),
              trial
                  .engine()
                  .governing(
                      step.endpoint(), new JudgedEndpoint.Point(step.direction(), step.stage())),
              step.stage() == Stage.NORMAL ? profiles(step) : List.of(),
              step(decision.enforced(), i),
              step(decision.pending(), i)));
    }
    return points;
  }

  private static @Nullable PathStep step(Path path, int index) {
    return index < path.steps().size() ? path.steps().get(index) : null;
  }

  private List<String> profiles(PathStep step) {
    Resource endpoint = Objects.requireNonNull(resources.get(Trial.key(step.endpoint())));
    return switch (endpoint) {
      case HostEndpoint host -> host.spec().profiles();
      case Pod pod -> List.of(CalicoLabels.namespaceProfile(pod.metadata().namespace()));
      default -> List.of();
    };
  }
}
