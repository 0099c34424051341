package io.margay.console.cluster;

import io.margay.flows.FlowPeer;
import io.margay.model.net.IpAddress;
import io.margay.model.resource.HostEndpoint;
import io.margay.model.resource.Pod;
import io.margay.model.resource.Resource;
import io.margay.model.resource.ResourceKey;
import io.margay.policy.label.LayeredLabels;
import java.util.List;
import java.util.Map;

/**
 * A pod or a host endpoint.
 *
 * @param node where it is; empty for a pod that has no place yet
 * @param effective the labels that selectors see
 */
public record ClusterEndpoint(Resource resource, String node, LayeredLabels effective) {

  public ResourceKey key() {
    return resource.key();
  }

  public boolean isPod() {
    return resource instanceof Pod;
  }

  public Map<String, String> labels() {
    return resource.metadata().labels();
  }

  public List<IpAddress> addresses() {
    return switch (resource) {
      case Pod pod -> pod.status().podIPs().stream().map(Pod.PodIp::ip).toList();
      case HostEndpoint host -> host.spec().expectedIPs();
      default -> List.of();
    };
  }

  /** How flow records name it: with its siblings, or by its node. */
  public FlowPeer peer() {
    return switch (resource) {
      case Pod pod -> {
        String owner = pod.metadata().generateName();
        yield new FlowPeer(
            owner.isEmpty() ? pod.metadata().name() : owner + "*",
            pod.metadata().namespace(),
            FlowPeer.Type.WORKLOAD_ENDPOINT);
      }
      default -> new FlowPeer(node, FlowPeer.NO_NAMESPACE, FlowPeer.Type.HOST_ENDPOINT);
    };
  }

  /** {@code namespace/pod}, or {@code host:NAME}. */
  @Override
  public String toString() {
    return isPod() ? key().namespace() + "/" + key().name() : "host:" + key().name();
  }
}
