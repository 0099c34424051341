package io.margay.network.ipam;

import io.margay.model.net.Cidr;
import io.margay.model.resource.BlockAffinity;
import io.margay.model.resource.BlockAffinity.State;
import io.margay.model.resource.BlockOwner;
import io.margay.model.resource.IpamBlock;
import io.margay.model.resource.IpamHandle;
import io.margay.network.ipam.Finding.Fault;
import io.margay.network.ipam.IpamCheck.Snapshot;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Compares affinities and handles, which only say where to look, with the blocks, which decide. */
final class IndexFindings {
  private final Snapshot snapshot;
  private final List<Finding> findings = new ArrayList<>();

  private IndexFindings(Snapshot snapshot) {
    this.snapshot = snapshot;
  }

  static List<Finding> of(Snapshot snapshot) {
    IndexFindings all = new IndexFindings(snapshot);
    all.orphans();
    all.affinities();
    all.handles();
    return List.copyOf(all.findings);
  }

  private void orphans() {
    AddressHolders holders = snapshot.holders();
    for (IpamBlock block : snapshot.blocks()) {
      Cidr cidr = IpamCheck.cidr(block);
      BlockOwner owner = block.spec().owner();
      if (PoolChoice.of(snapshot.pools(), cidr) == null) {
        findings.add(Finding.of(Fault.ORPHANED, cidr, "is in no pool"));
      } else if (owner != null
          && owner.type() == BlockOwner.Type.HOST
          && !holders.exists(owner.name())) {
        findings.add(
            Finding.of(
                Fault.ORPHANED,
                cidr,
                "belongs to node " + owner.name() + ", which does not exist"));
      }
    }
  }

  private void affinities() {
    Map<Cidr, IpamBlock> blocks = new HashMap<>();
    snapshot.blocks().forEach(block -> blocks.put(IpamCheck.cidr(block), block));
    Set<Cidr> claimed = new HashSet<>();
    for (BlockAffinity affinity : snapshot.affinities()) {
      Cidr cidr = BlockClaims.cidr(affinity);
      BlockOwner owner = affinity.spec().owner();
      IpamBlock block = blocks.get(cidr);
      if (block != null && owner.equals(block.spec().owner())) {
        claimed.add(cidr);
      }
      String name = affinity.metadata().name();
      if (affinity.spec().state() != State.CONFIRMED) {
        findings.add(
            Finding.of(
                Fault.AFFINITY,
                name,
                "is "
                    + affinity.spec().state().text()
                    + ": under way, or left by one who stopped; the owner's next request settles"
                    + " it"));
      } else if (block == null) {
        findings.add(Finding.of(Fault.AFFINITY, name, "has no block"));
      } else if (!owner.equals(block.spec().owner())) {
        findings.add(
            Finding.of(Fault.AFFINITY, name, "is for a block that is " + whose(block) + " now"));
      }
    }
    for (IpamBlock block : snapshot.blocks()) {
      if (block.spec().owner() != null && !claimed.contains(IpamCheck.cidr(block))) {
        findings.add(
            Finding.of(
                Fault.AFFINITY,
                IpamCheck.cidr(block),
                "is " + whose(block) + ", which has no affinity for it"));
      }
    }
  }

  private static String whose(IpamBlock block) {
    return block.spec().owner() == null ? "nobody's" : "of " + block.spec().owner();
  }

  private void handles() {
    Map<String, Map<Cidr, Integer>> held = new TreeMap<>();
    for (IpamBlock block : snapshot.blocks()) {
      for (IpamBlock.Allocation allocation : block.spec().allocations().values()) {
        if (allocation.isHeld() && !allocation.handle().isEmpty()) {
          held.computeIfAbsent(allocation.handle(), h -> new TreeMap<>())
              .merge(IpamCheck.cidr(block), 1, Integer::sum);
        }
      }
    }
    for (IpamHandle handle : snapshot.handles()) {
      Map<Cidr, Integer> actual = held.remove(handle.spec().handle());
      compare(handle.spec().handle(), handle.spec().blocks(), actual == null ? Map.of() : actual);
    }
    held.forEach((handle, blocks) ->
        findings.add(
            Finding.of(
                Fault.HANDLE,
                handle,
                "has addresses in " + blocks.keySet() + ", and no IPAMHandle says so")));
  }

  private void compare(String handle, Map<Cidr, Integer> counted, Map<Cidr, Integer> actual) {
    Set<Cidr> all = new TreeSet<>(counted.keySet());
    all.addAll(actual.keySet());
    for (Cidr block : all) {
      int counts = counted.getOrDefault(block, 0);
      int holds = actual.getOrDefault(block, 0);
      if (counts != holds) {
        findings.add(
            Finding.of(
                Fault.HANDLE,
                handle,
                "counts " + counts + " in " + block + ", which has " + holds));
      }
    }
  }
}
