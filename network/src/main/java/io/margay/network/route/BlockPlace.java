package io.margay.network.route;

import io.margay.model.net.Cidr;
import io.margay.model.net.IpAddress;
import io.margay.model.resource.BlockOwner;
import io.margay.model.resource.IpamBlock;
import io.margay.network.ipam.BlockRange;
import io.margay.network.ipam.Machine;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Where a block's addresses are.
 *
 * @param node whose the block is; null for nobody's and for virtual owners'
 * @param guests addresses that are on another node than the block, with that node
 * @param machines addresses of virtual machines, also those that are guests
 */
public record BlockPlace(
    Cidr cidr,
    @Nullable String node,
    SortedMap<IpAddress, String> guests,
    SortedMap<IpAddress, MachinePlace> machines) {
  private static final String NODE_ATTRIBUTE = "node";

  /** Reads a block; null for one whose range cannot be read or that is about to be removed. */
  static @Nullable BlockPlace of(IpamBlock block) {
    Cidr cidr = block.spec().cidr();
    if (cidr == null || block.spec().deleted()) {
      return null;
    }
    BlockOwner owner = block.spec().owner();
    String node = owner != null && owner.type() == BlockOwner.Type.HOST ? owner.name() : null;
    SortedMap<IpAddress, String> guests = new TreeMap<>();
    SortedMap<IpAddress, MachinePlace> machines = new TreeMap<>();
    for (Map.Entry<Integer, IpamBlock.Allocation> entry : block.spec().allocations().entrySet()) {
      IpamBlock.Allocation allocation = entry.getValue();
      if (!allocation.isHeld()) {
        continue;
      }
      String holder = allocation.active().get(NODE_ATTRIBUTE);
      if (holder != null && !holder.equals(node)) {
        guests.put(BlockRange.address(cidr, entry.getKey()), holder);
      }
      if (Machine.isHandle(allocation.handle())) {
        machines.put(BlockRange.address(cidr, entry.getKey()), MachinePlace.of(allocation));
      }
    }
    return new BlockPlace(cidr, node, guests, machines);
  }
}
