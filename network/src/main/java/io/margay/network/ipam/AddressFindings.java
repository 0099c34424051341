package io.margay.network.ipam;

import io.margay.model.manifest.KubeObject;
import io.margay.model.net.Cidr;
import io.margay.model.net.IpAddress;
import io.margay.model.resource.IpamBlock;
import io.margay.model.resource.IpamBlock.Allocation;
import io.margay.model.resource.Kind;
import io.margay.network.ipam.AddressHolders.Judgement;
import io.margay.network.ipam.Finding.Fault;
import io.margay.network.ipam.Finding.Leak;
import io.margay.network.ipam.IpamCheck.Snapshot;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Compares allocations with those who have addresses, in both directions. */
final class AddressFindings {
  private final Snapshot snapshot;
  private final SortedMap<IpAddress, List<Held>> held = new TreeMap<>();
  private final SortedMap<IpAddress, List<KubeObject>> used = new TreeMap<>();

  /** An allocation that is held. */
  private record Held(Cidr block, IpAddress address, Allocation allocation) {
    Holding holding() {
      return new Holding(address, allocation.handle(), allocation.sequence());
    }
  }

  AddressFindings(Snapshot snapshot) {
    this.snapshot = snapshot;
    for (IpamBlock block : snapshot.blocks()) {
      Cidr cidr = IpamCheck.cidr(block);
      block
          .spec()
          .allocations()
          .forEach((number, allocation) -> {
            if (allocation.isHeld()) {
              IpAddress address = BlockRange.address(cidr, number);
              held.computeIfAbsent(address, a -> new ArrayList<>())
                  .add(new Held(cidr, address, allocation));
            }
          });
    }
    for (KubeObject user : snapshot.users().values()) {
      if (AddressHolders.usesPools(user)) {
        AddressHolders.addresses(user).all().stream()
            .filter(this::isOfAPool)
            .forEach(a -> used.computeIfAbsent(a, x -> new ArrayList<>()).add(user));
      }
    }
  }

  private boolean isOfAPool(IpAddress address) {
    return snapshot.pools().stream().anyMatch(pool -> PoolChoice.cidr(pool).contains(address));
  }

  List<Finding> all() {
    List<Finding> findings = new ArrayList<>(judged());
    held.forEach((address, allocations) -> {
      if (allocations.size() > 1) {
        String blocks =
            String.join(" and ", allocations.stream().map(a -> a.block().toString()).toList());
        findings.add(Finding.of(Fault.DOUBLE, address, "is in use in blocks " + blocks));
      }
    });
    used.forEach((address, users) -> findings.addAll(compare(address, users)));
    return findings;
  }

  /** A handle is released as a whole, so one address in use keeps all of them. */
  private List<Finding> judged() {
    AddressHolders holders = snapshot.holders();
    List<Finding> findings = new ArrayList<>();
    Map<String, List<Held>> leaked = new TreeMap<>();
    Set<String> kept = new HashSet<>();
    Map<Held, Judgement.Leaked> reasons = new HashMap<>();
    for (Held one : held.values().stream().flatMap(List::stream).toList()) {
      String handle = one.allocation().handle();
      switch (holders.judge(one.address(), one.allocation())) {
        case Judgement.InUse() -> kept.add(handle);
        case Judgement.Unknown(String reason) -> {
          kept.add(handle);
          findings.add(Finding.of(Fault.UNKNOWN, one.address(), reason));
        }
        case Judgement.Leaked nobody -> {
          reasons.put(one, nobody);
          leaked.computeIfAbsent(handle, h -> new ArrayList<>()).add(one);
        }
      }
    }
    leaked.forEach((handle, all) -> {
      for (Held one : all) {
        Judgement.Leaked why = Objects.requireNonNull(reasons.get(one));
        findings.add(
            kept.contains(handle)
                ? Finding.of(
                    Fault.UNKNOWN,
                    one.address(),
                    why.reason() + ", but handle " + handle + " also has an address in use")
                : new Finding(
                    Fault.LEAKED,
                    one.address().toString(),
                    why.reason() + "; handle " + handle + " has it",
                    new Leak(one.holding(), one.allocation(), why.nodeGone())));
      }
    });
    return findings;
  }

  private List<Finding> compare(IpAddress address, List<KubeObject> users) {
    List<Finding> findings = new ArrayList<>();
    String who =
        String.join(" and ", users.stream().map(u -> u.key().toString()).sorted().toList());
    if (users.size() > 1) {
      findings.add(Finding.of(Fault.DOUBLE, address, who + " use it"));
    }
    List<Held> allocations = held.getOrDefault(address, List.of());
    if (allocations.isEmpty()) {
      findings.add(
          Finding.of(
              Fault.UNALLOCATED, address, who + " uses it, and no block says so: it may be given"));
    } else if (users.size() == 1
        && users.getFirst().kind() == Kind.POD
        && allocations.stream().allMatch(a -> isAnotherPods(a.allocation(), users.getFirst()))) {
      findings.add(
          Finding.of(
              Fault.DOUBLE,
              address,
              who + " uses it, and the block gives it to " + pod(allocations.getFirst())));
    }
    return findings;
  }

  private static boolean isAnotherPods(Allocation allocation, KubeObject pod) {
    List<Map<String, String>> owners =
        Stream.of(allocation.active(), allocation.alternate())
            .filter(owner -> owner.containsKey(Owners.POD))
            .toList();
    return !owners.isEmpty()
        && owners.stream().noneMatch(o -> Owners.isPod(o, pod.namespace(), pod.name()));
  }

  private static String pod(Held held) {
    Map<String, String> active = held.allocation().active();
    return "pod " + active.get(Owners.NAMESPACE) + "/" + active.get(Owners.POD);
  }
}
