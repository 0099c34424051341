package io.margay.network.cni;

import com.fasterxml.jackson.databind.JsonNode;
import io.margay.model.manifest.KubeObject;
import io.margay.model.net.IpFamily;
import io.margay.model.resource.Kind;
import io.margay.model.resource.ResourceKey;
import io.margay.network.cni.CniException.Code;
import io.margay.network.ipam.AddressAllocator;
import io.margay.network.ipam.AddressRequest;
import io.margay.network.ipam.AddressUsage;
import io.margay.network.ipam.AddressWishes;
import io.margay.network.ipam.Assignment;
import io.margay.network.ipam.Holding;
import io.margay.network.ipam.Machine;
import io.margay.network.ipam.MachineAddresses;
import io.margay.network.ipam.PodAddresses;
import io.margay.store.ResourceStore;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The pods in which KubeVirt's virtual machines run, whose addresses are the machines'. */
final class MachinePods {
  private static final String NAME_PREFIX = "virt-launcher-";
  private static final String GROUP = "kubevirt.io/";
  private static final String MIGRATION_LABEL = GROUP + "migrationJobUID";

  /** An attribute of ours: a pod can have a second container before the first has gone. */
  private static final String CONTAINER = "containerID";

  private final ResourceStore store;
  private final AddressAllocator allocator;
  private final MachineAddresses addresses;

  MachinePods(ResourceStore store, AddressAllocator allocator) {
    this.store = store;
    this.allocator = allocator;
    this.addresses = new MachineAddresses(allocator);
  }

  /**
   * A machine's pod.
   *
   * @param instanceUid of the VirtualMachineInstance
   * @param migration uid of the migration whose target it is; empty if it is none
   */
  record MachinePod(Machine machine, String instanceUid, String migration) {
    boolean isTarget() {
      return !migration.isEmpty();
    }
  }

  /**
   * Recognises a machine's pod, which belongs to a VirtualMachineInstance. Where machines do not
   * keep their addresses it is like any other.
   *
   * @throws CniException if its instance is another by now, or not there
   */
  @Nullable MachinePod of(KubeObject pod, String network) {
    if (!pod.name().startsWith(NAME_PREFIX)) {
      return null;
    }
    JsonNode owner = controller(pod);
    if (!owner.path("apiVersion").asText().startsWith(GROUP)
        || !owner.path("kind").asText().equals(Kind.VIRTUAL_MACHINE_INSTANCE.kind())) {
      return null;
    }
    String name = owner.path("name").asText();
    String uid = owner.path("uid").asText();
    ResourceKey key = new ResourceKey(Kind.VIRTUAL_MACHINE_INSTANCE, pod.namespace(), name);
    String current =
        store
            .get(key)
            .map(instance -> instance.json().path("metadata").path("uid").asText())
            .orElseThrow(
                () -> new CniException(Code.TRY_AGAIN_LATER, key + " does not exist, or not yet"));
    if (!uid.equals(current)) {
      throw new CniException(
          Code.UNKNOWN_CONTAINER,
          key + " is another one of this name by now: its uid is " + current);
    }
    String migration = pod.json().path("metadata").path("labels").path(MIGRATION_LABEL).asText();
    MachinePod found = new MachinePod(new Machine(network, pod.namespace(), name), uid, migration);
    return addresses.persists() || found.isTarget() ? found : null;
  }

  private static JsonNode controller(KubeObject object) {
    for (JsonNode owner : object.json().path("metadata").path("ownerReferences")) {
      if (owner.path("controller").asBoolean()) {
        return owner;
      }
    }
    return object.json().path("nothing");
  }

  /**
   * Gives a pod its machine's addresses, or announces it as the one to which the machine moves.
   *
   * @param request in the name of the machine
   */
  Assignment attach(MachinePod pod, AddressRequest request, AddressWishes wishes) {
    if (pod.isTarget()) {
      return addresses.prepare(pod.machine(), request.attributes());
    }
    Assignment kept = addresses.start(pod.machine(), request.with(0, 0));
    Set<IpFamily> missing = EnumSet.copyOf(wishes.families());
    kept.holdings().forEach(holding -> missing.remove(holding.address().family()));
    if (missing.isEmpty()) {
      return kept;
    }
    Assignment added = new PodAddresses(allocator).assign(request, wishes.only(missing));
    List<Holding> all = new ArrayList<>(kept.holdings());
    all.addAll(added.holdings());
    return new Assignment(all, added.shortages());
  }

  /** The same request, in the name of the machine. */
  static AddressRequest inNameOf(MachinePod pod, AddressRequest request, String container) {
    Map<String, String> attributes = new HashMap<>(request.attributes());
    attributes.put("vmi-name", pod.machine().name());
    attributes.put("vmi-uid", pod.instanceUid());
    attributes.put(CONTAINER, container);
    if (pod.isTarget()) {
      attributes.put("vmim-uid", pod.migration());
    }
    return request.of(pod.machine().handle(), attributes);
  }

  /** The machine of a container, as the blocks know it, also when the pod is gone. */
  Optional<Machine> of(CniCall call) {
    if (!call.args().getOrDefault("K8S_POD_NAME", "").startsWith(NAME_PREFIX)) {
      return Optional.empty();
    }
    return AddressUsage.of(store)
        .allocations()
        .filter(held -> held.isHeld() && Machine.isHandle(held.handle()))
        .flatMap(held -> List.of(held.active(), held.alternate()).stream())
        .filter(owner -> isOf(owner, call))
        .map(owner -> owner.getOrDefault("vmi-name", ""))
        .filter(name -> !name.isEmpty())
        .map(name -> new Machine(call.config().name(), call.podNamespace(), name))
        .findFirst();
  }

  private static boolean isOf(Map<String, String> owner, CniCall call) {
    return call.podName().equals(owner.get("pod"))
        && call.podNamespace().equals(owner.get("namespace"))
        && call.containerId().equals(owner.getOrDefault(CONTAINER, call.containerId()));
  }

  /** A machine's pod has stopped; its addresses go if the machine goes too. */
  void detach(Machine machine, CniCall call) {
    addresses.stopped(machine, call.podName(), isDeleted(machine));
  }

  /** A restart deletes the instance and leaves the machine; some instances have no machine. */
  private boolean isDeleted(Machine machine) {
    return find(Kind.VIRTUAL_MACHINE, machine)
        .or(() -> find(Kind.VIRTUAL_MACHINE_INSTANCE, machine))
        .map(found -> found.json().path("metadata").hasNonNull("deletionTimestamp"))
        .orElse(true);
  }

  private Optional<KubeObject> find(Kind kind, Machine machine) {
    return store.get(new ResourceKey(kind, machine.namespace(), machine.name()));
  }
}
