package io.margay.network.ipam;

import io.margay.model.net.Cidr;
import io.margay.model.resource.IpamHandle;
import io.margay.model.resource.ObjectMeta;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Counts of addresses by handle and block. */
final class Handles {
  private final IpamStore store;

  Handles(IpamStore store) {
    this.store = store;
  }

  /** Adds to a count (or takes from it), until nobody interferes. A count ends at 0. */
  void add(String handle, Cidr block, int addresses) {
    Retry.untilTrue("handle " + handle, () -> tryAdd(handle, block, addresses));
  }

  private boolean tryAdd(String handle, Cidr block, int addresses) {
    Optional<IpamHandle> found = store.handle(handle);
    if (found.isEmpty()) {
      return addresses <= 0
          || store.create(
                  new IpamHandle(
                      ObjectMeta.of("", IpamObjects.name(handle), Map.of()),
                      new IpamHandle.Spec(handle, Map.of(block, addresses), false)))
              != null;
    }
    int before = found.get().spec().blocks().getOrDefault(block, 0);
    return set(found.get(), block, Math.max(0, before + addresses));
  }

  /** Sets a count of a handle as it was read; false if it has changed since. */
  boolean set(IpamHandle handle, Cidr block, int addresses) {
    Map<Cidr, Integer> blocks = new HashMap<>(handle.spec().blocks());
    if (addresses == 0) {
      blocks.remove(block);
    } else {
      blocks.put(block, addresses);
    }
    if (blocks.isEmpty()) {
      return store.delete(handle);
    }
    return store.update(
            new IpamHandle(
                handle.metadata(), new IpamHandle.Spec(handle.spec().handle(), blocks, false)))
        != null;
  }
}
