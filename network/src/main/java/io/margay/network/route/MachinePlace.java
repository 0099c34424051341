package io.margay.network.route;

import io.margay.model.resource.IpamBlock.Allocation;
import io.margay.model.resource.Kind;
import io.margay.model.resource.ResourceKey;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Where a virtual machine's address is. Two pods can have the machine's addresses, and only one of
 * them has the machine.
 *
 * @param active the pod in which it runs; null for none
 * @param alternate the pod to which it moves, or from which it came; null for none
 */
public record MachinePlace(@Nullable At active, @Nullable At alternate) {
  /** A pod and its node. */
  public record At(ResourceKey pod, String node) {}

  /** Both, that to which the machine moves first. */
  List<At> newestFirst() {
    return Stream.of(Optional.ofNullable(alternate), Optional.ofNullable(active))
        .flatMap(Optional::stream)
        .toList();
  }

  static MachinePlace of(Allocation allocation) {
    return new MachinePlace(at(allocation.active()), at(allocation.alternate()));
  }

  /** Null for attributes that do not name a pod and its node. */
  private static @Nullable At at(Map<String, String> attributes) {
    String pod = attributes.getOrDefault("pod", "");
    String node = attributes.getOrDefault("node", "");
    return pod.isEmpty() || node.isEmpty()
        ? null
        : new At(new ResourceKey(Kind.POD, attributes.getOrDefault("namespace", ""), pod), node);
  }
}
