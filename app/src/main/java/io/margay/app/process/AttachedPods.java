package io.margay.app.process;

import io.margay.model.net.IpAddress;
import io.margay.model.resource.Pod;
import io.margay.model.resource.Resource;
import io.margay.model.resource.ResourceChange;
import io.margay.model.resource.ResourceKey;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The pods that this node's CNI plugin attached, with the addresses that it gave them. These count,
 * whatever the API says: there a kubelet tells a pod's addresses after its attachment, and those of
 * an earlier sandbox until then. Not thread-safe.
 */
final class AttachedPods {
  private final String node;

  /** This node's, as the API has them. */
  private final Map<ResourceKey, Pod> pods = new HashMap<>();

  private final Map<ResourceKey, Attachment> attached = new HashMap<>();

  /** No addresses: the container was detached, and nobody knows yet of another one. */
  private record Attachment(String container, List<IpAddress> addresses) {}

  AttachedPods(String node) {
    this.node = node;
  }

  /** A change as it is to be judged. */
  ResourceChange amended(ResourceChange change) {
    return switch (change) {
      case ResourceChange.Upsert(Resource resource)
          when resource instanceof Pod pod && pod.spec().nodeName().equals(node) -> {
        pods.put(pod.key(), pod);
        yield upsert(pod);
      }
      case ResourceChange.Removed(ResourceKey key) -> {
        pods.remove(key);
        attached.remove(key);
        yield change;
      }
      case ResourceChange.Upsert _, ResourceChange.InSync _ -> change;
    };
  }

  /** Takes a pod's addresses; empty while the pod itself is not known. */
  Optional<ResourceChange> attach(ResourceKey key, String container, List<IpAddress> addresses) {
    attached.put(key, new Attachment(container, List.copyOf(addresses)));
    return Optional.ofNullable(pods.get(key)).map(this::upsert);
  }

  /** Takes a container's addresses away, unless its pod has another container by now. */
  Optional<ResourceChange> detach(String container) {
    return attached.entrySet().stream()
        .filter(entry -> entry.getValue().container().equals(container))
        .map(Map.Entry::getKey)
        .findFirst()
        .flatMap(key -> attach(key, container, List.of()));
  }

  private ResourceChange upsert(Pod pod) {
    Attachment attachment = attached.get(pod.key());
    if (attachment == null) {
      return new ResourceChange.Upsert(pod);
    }
    List<Pod.PodIp> addresses = attachment.addresses().stream().map(Pod.PodIp::new).toList();
    return new ResourceChange.Upsert(
        new Pod(pod.metadata(), pod.spec(), new Pod.Status(pod.status().phase(), addresses)));
  }
}
