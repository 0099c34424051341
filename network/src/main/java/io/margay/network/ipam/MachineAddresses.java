package io.margay.network.ipam;

import io.margay.model.net.IpFamily;
import io.margay.model.resource.LiveMigration.Place;
import io.margay.network.ipam.HandleAddresses.Owned;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The addresses of virtual machines. A machine runs in a pod, and in another one after a restart,
 * an eviction or a migration; its addresses stay.
 *
 * <pre>
 *                    active       alternate
 *   start            pod 1
 *   prepare target   pod 1        pod 2
 *   swap             pod 2        pod 1
 *   pod 1 stops      pod 2
 * </pre>
 *
 * <p>A target that stops before the swap leaves the alternate empty. All operations may be repeated
 * after a crash; each is one compare-and-swap for every block that holds an address.
 */
public final class MachineAddresses {
  private final AddressAllocator allocator;

  public MachineAddresses(AddressAllocator allocator) {
    this.allocator = allocator;
  }

  /** The pod in which a machine is, as its addresses say, with its node; empty for none. */
  public Optional<Place> active(Machine machine) {
    return allocator.addresses().of(machine.handle()).stream()
        .map(owned -> owned.owners().active())
        .filter(owner -> owner.containsKey(Owners.POD))
        .map(owner -> new Place(owner.get(Owners.POD), owner.getOrDefault(Owners.NODE, "")))
        .findFirst();
  }

  /** What became of a swap. */
  public enum Swap {
    /** The target is the active owner; it may have been before. */
    DONE,
    /** The target is no owner any more: it stopped first. Final. */
    TARGET_GONE,
    /** Another pod is the target by now. Final. */
    OTHER_TARGET,
    /** The machine has no address. */
    NO_ADDRESS
  }

  /** Whether the configuration lets machines keep their addresses. */
  public boolean persists() {
    return allocator.persistsMachineAddresses();
  }

  /**
   * Gives a pod its machine's addresses, which it has from now on: new ones where the machine has
   * none yet.
   *
   * @param request for the machine's handle, at most one address of each family, with the pod's
   *     attributes
   */
  public Assignment start(Machine machine, AddressRequest request) {
    if (!request.handle().equals(machine.handle()) || request.v4() > 1 || request.v6() > 1) {
      throw new IllegalArgumentException("not a request of machine " + machine);
    }
    List<Holding> kept =
        allocator
            .addresses()
            .own(machine.handle(), owners -> owners.withActive(request.attributes()));
    AddressRequest rest =
        request.with(
            has(kept, IpFamily.IPV4) ? 0 : request.v4(),
            has(kept, IpFamily.IPV6) ? 0 : request.v6());
    Assignment added = allocator.assign(rest);
    List<Holding> all = new ArrayList<>(kept);
    all.addAll(added.holdings());
    return new Assignment(all, added.shortages());
  }

  private static boolean has(List<Holding> holdings, IpFamily family) {
    return holdings.stream().anyMatch(holding -> holding.address().family() == family);
  }

  /**
   * Announces the pod to which a machine migrates. The machine goes on where it is; a target that
   * was announced before and failed is forgotten.
   *
   * @param attributes of the target's pod, with the migration's
   */
  public Assignment prepare(Machine machine, Map<String, String> attributes) {
    if (!persists()) {
      return refused(machine, "cannot migrate: kubeVirtVMAddressPersistence is Disabled");
    }
    List<Holding> held =
        allocator.addresses().own(machine.handle(), owners -> owners.withAlternate(attributes));
    return held.isEmpty()
        ? refused(machine, "cannot migrate: it has no address to keep")
        : new Assignment(held, List.of());
  }

  private static Assignment refused(Machine machine, String reason) {
    return new Assignment(
        List.of(), List.of("machine " + machine.namespace() + "/" + machine.name() + " " + reason));
  }

  /** Ends a swap before anything is written. */
  private static final class NotTheTarget extends RuntimeException {
    private static final long serialVersionUID = 1;
    final Swap outcome;

    NotTheTarget(Swap outcome) {
      super(null, null, false, false);
      this.outcome = outcome;
    }
  }

  /** Makes the target of a migration the active owner, and the source the alternate. */
  public Swap swap(Machine machine, String targetPod) {
    try {
      List<Holding> held =
          allocator
              .addresses()
              .own(machine.handle(), owners -> swapped(owners, machine.namespace(), targetPod));
      return held.isEmpty() ? Swap.NO_ADDRESS : Swap.DONE;
    } catch (NotTheTarget refusal) {
      return refusal.outcome;
    }
  }

  private static Owners swapped(Owners owners, String namespace, String target) {
    if (Owners.isPod(owners.active(), namespace, target)) {
      return owners;
    }
    if (owners.alternate().isEmpty()) {
      throw new NotTheTarget(Swap.TARGET_GONE);
    }
    if (!Owners.isPod(owners.alternate(), namespace, target)) {
      throw new NotTheTarget(Swap.OTHER_TARGET);
    }
    return owners.swapped();
  }

  /**
   * A pod of the machine has stopped. Its addresses stay with the machine, unless that is being
   * deleted and no other pod has them.
   *
   * @param deleted whether the machine has a time of deletion
   * @return what was released
   */
  public List<Holding> stopped(Machine machine, String pod, boolean deleted) {
    allocator
        .addresses()
        .own(machine.handle(), owners -> without(owners, machine.namespace(), pod));
    List<Owned> left = allocator.addresses().of(machine.handle());
    return deleted && left.stream().allMatch(owned -> owned.owners().isEmpty())
        ? allocator.releaseUnused(machine.handle())
        : List.of();
  }

  private static Owners without(Owners owners, String namespace, String pod) {
    Owners left = owners;
    if (Owners.isPod(owners.active(), namespace, pod)) {
      left = left.withActive(Map.of());
    }
    if (Owners.isPod(owners.alternate(), namespace, pod)) {
      left = left.withAlternate(Map.of());
    }
    return left;
  }
}
