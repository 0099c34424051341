package io.margay.network.cni;

import io.margay.kernel.route.MacAddress;
import io.margay.model.manifest.Decoded;
import io.margay.model.manifest.KubeObject;
import io.margay.model.manifest.ResourceDecoder;
import io.margay.model.net.IpAddress;
import io.margay.model.net.IpFamily;
import io.margay.model.resource.BlockOwner;
import io.margay.model.resource.IpPool;
import io.margay.model.resource.Kind;
import io.margay.model.resource.Namespace;
import io.margay.model.resource.Pod;
import io.margay.model.resource.Resource;
import io.margay.model.resource.ResourceKey;
import io.margay.network.cni.CniException.Code;
import io.margay.network.cni.MachinePods.MachinePod;
import io.margay.network.ipam.AddressRequest;
import io.margay.network.ipam.AddressWishes;
import io.margay.network.ipam.Holding;
import io.margay.store.ResourceStore;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a pod gets, by its own words, its namespace's and those of the network's configuration. */
final class PodRequests {
  private static final String MAC = "cni.projectcalico.org/hwAddr";

  private final String node;
  private final ResourceStore store;
  private final MachinePods machines;
  private final InstantSource clock;

  PodRequests(String node, ResourceStore store, MachinePods machines, InstantSource clock) {
    this.node = node;
    this.store = store;
    this.machines = machines;
    this.clock = clock;
  }

  /**
   * What a pod wants.
   *
   * @param mac of its interface; null for any
   * @param machine whose pod it is; null for ordinary pods
   */
  record Wanted(
      Pod pod,
      AddressRequest request,
      AddressWishes wishes,
      @Nullable MacAddress mac,
      @Nullable MachinePod machine) {

    /** Whether these are just the addresses that it wants. Pools may have changed since. */
    boolean isMetBy(List<Holding> holdings) {
      Set<IpFamily> families = EnumSet.noneOf(IpFamily.class);
      holdings.forEach(holding -> families.add(holding.address().family()));
      List<IpAddress> addresses = holdings.stream().map(Holding::address).toList();
      return families.equals(wishes.families())
          && holdings.size() == families.size()
          && addresses.containsAll(wishes.addresses().values());
    }
  }

  Wanted of(CniCall call) {
    KubeObject object = get(new ResourceKey(Kind.POD, call.podNamespace(), call.podName()));
    Pod pod = decoded(object, Pod.class);
    String uid = call.args().getOrDefault("K8S_POD_UID", "");
    if (!uid.isEmpty() && !pod.metadata().uid().isEmpty() && !uid.equals(pod.metadata().uid())) {
      throw new CniException(
          Code.UNKNOWN_CONTAINER,
          pod.key() + " is another pod of this name by now: its uid is " + pod.metadata().uid());
    }
    Namespace namespace =
        decoded(get(new ResourceKey(Kind.NAMESPACE, "", call.podNamespace())), Namespace.class);
    List<String> problems = new ArrayList<>();
    AddressWishes wishes = AddressWishes.of(pod, namespace, call.config().addresses(), problems);
    MacAddress mac = mac(pod, problems);
    if (!problems.isEmpty()) {
      throw new CniException(
          Code.INVALID_CONFIGURATION,
          "annotations cannot be understood",
          String.join("\n", problems));
    }
    MachinePod machine = machines.of(object, call.config().name());
    AddressRequest request = request(call, namespace);
    return new Wanted(
        pod,
        machine == null ? request : MachinePods.inNameOf(machine, request, call.containerId()),
        wishes,
        mac,
        machine);
  }

  private AddressRequest request(CniCall call, Namespace namespace) {
    return new AddressRequest(
        BlockOwner.node(node),
        nodeLabels(),
        namespace.metadata().labels(),
        IpPool.Use.WORKLOAD,
        call.handle(),
        Map.of(
            "pod", call.podName(),
            "namespace", call.podNamespace(),
            "node", node,
            "timestamp", clock.instant().toString()),
        0,
        0,
        Set.of(),
        0);
  }

  private Map<String, String> nodeLabels() {
    return decoded(get(new ResourceKey(Kind.NODE, "", node)), Resource.class).metadata().labels();
  }

  private static @Nullable MacAddress mac(Pod pod, List<String> problems) {
    String text = pod.metadata().annotations().getOrDefault(MAC, "");
    if (text.isEmpty()) {
      return null;
    }
    try {
      MacAddress mac = MacAddress.parse(text);
      if ((mac.bits() >> 40 & 1) == 0) {
        return mac;
      }
      problems.add(pod.key() + ", annotation " + MAC + " " + text + ": a group's address");
    } catch (IllegalArgumentException e) {
      problems.add(pod.key() + ", annotation " + MAC + ": " + e.getMessage());
    }
    return null;
  }

  private KubeObject get(ResourceKey key) {
    return store
        .get(key)
        .orElseThrow(
            () -> new CniException(Code.TRY_AGAIN_LATER, key + " does not exist, or not yet"));
  }

  private static <R extends Resource> R decoded(KubeObject object, Class<R> type) {
    Decoded decoded = ResourceDecoder.decode(object);
    if (!decoded.problems().isEmpty()) {
      throw new CniException(Code.INVALID_CONFIGURATION, decoded.problems().getFirst().toString());
    }
    return type.cast(decoded.resource());
  }
}
