package io.margay.network.ipam;

import io.margay.model.net.Cidr;
import io.margay.model.net.IpAddress;
import io.margay.model.resource.IpPool;
import io.margay.model.resource.IpamBlock;
import io.margay.model.resource.IpamBlock.Allocation;
import io.margay.model.resource.IpamConfiguration;
import java.util.List;
import java.util.Optional;

/**
 * Gives the one address that somebody asked for, or says why not. Selectors, modes and reservations
 * of pools do not count for it: they say what is given to those who do not choose.
 */
final class RequestedAddress {
  private final FamilySearch.Tools tools;
  private final AddressRequest request;
  private final IpAddress address;
  private final IpamConfiguration.Spec configuration;

  RequestedAddress(
      FamilySearch.Tools tools,
      AddressRequest request,
      IpAddress address,
      IpamConfiguration.Spec configuration) {
    this.tools = tools;
    this.request = request;
    this.address = address;
    this.configuration = configuration;
  }

  Assignment run(PoolChoice choice) {
    IpPool pool = choice.giving(address, request.use());
    if (pool == null) {
      return refused("is in no pool that may give it; ask for an address of an enabled pool");
    }
    Cidr cidr = new Cidr(address, pool.spec().blockSize());
    for (int i = 0; i < Retry.TRIES; i++) {
      Optional<IpamBlock> found = tools.store().block(cidr);
      if (found.isEmpty()) {
        if (!configuration.autoAllocateBlocks()) {
          return refused("is in no block, and autoAllocateBlocks is off");
        }
        // Somebody else may be faster; then there is a block the next time.
        tools.claims().claim(request.owner(), cidr, configuration);
        continue;
      }
      IpamBlock block = found.get();
      if (configuration.strictAffinity() && !request.owner().equals(block.spec().owner())) {
        return refused(
            "is in block " + cidr + " of " + block.spec().owner() + ", and strictAffinity is on");
      }
      BlockEdit edit = BlockEdit.of(block);
      edit.reap(tools.clock().instant(), configuration.cooldown());
      Optional<Holding> taken = edit.take(address, request.handle(), request.attributes());
      if (taken.isEmpty()) {
        return refused(edit.at(address).map(RequestedAddress::holder).orElse("is not free"));
      }
      tools.handles().add(request.handle(), cidr, 1);
      if (tools.store().update(edit.block()) != null) {
        return new Assignment(List.of(taken.get()), List.of());
      }
      tools.handles().add(request.handle(), cidr, -1);
    }
    return refused("is in a block that others changed " + Retry.TRIES + " times; try again");
  }

  private static String holder(Allocation allocation) {
    return allocation.isHeld()
        ? "is in use by " + (allocation.handle().isEmpty() ? "somebody" : allocation.handle())
        : "was released at " + allocation.released() + " and cools down";
  }

  private Assignment refused(String reason) {
    return new Assignment(List.of(), List.of(address + " " + reason));
  }
}
