package io.margay.network.ipam;

import io.margay.model.net.Cidr;
import io.margay.model.net.IpAddress;
import io.margay.model.resource.IpPool;
import io.margay.model.resource.IpamBlock;
import io.margay.model.resource.IpamHandle;
import io.margay.model.resource.Kind;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiPredicate;

/** Takes addresses back. */
final class AddressReleases {
  private final IpamStore store;
  private final Handles handles;
  private final InstantSource clock;

  AddressReleases(IpamStore store, Handles handles, InstantSource clock) {
    this.store = store;
    this.handles = handles;
    this.clock = clock;
  }

  /** Releases an address if it is still held as it was then. */
  boolean release(Holding holding, Duration cooldown) {
    for (Cidr block : blocksAround(holding.address())) {
      List<Holding> released =
          release(block, (held, owners) -> held.equals(holding), cooldown, false);
      if (!released.isEmpty()) {
        if (!holding.handle().isEmpty()) {
          handles.add(holding.handle(), block, -released.size());
        }
        return true;
      }
    }
    return false;
  }

  /** The blocks that an address can be in: one for each pool that holds it. */
  private List<Cidr> blocksAround(IpAddress address) {
    return store.list(Kind.IP_POOL, IpPool.class, new ArrayList<>()).stream()
        .filter(pool -> PoolChoice.cidr(pool).contains(address))
        .map(pool -> new Cidr(address, pool.spec().blockSize()))
        .distinct()
        .toList();
  }

  /** Releases all addresses of a handle, and what others give to it meanwhile. */
  List<Holding> releaseHandle(String handle, Duration cooldown) {
    List<Holding> all = new ArrayList<>();
    Retry.untilTrue(
        "handle " + handle,
        () -> {
          Optional<IpamHandle> found = store.handle(handle);
          if (found.isEmpty()) {
            return true;
          }
          Optional<Cidr> next = found.get().spec().blocks().keySet().stream().sorted().findFirst();
          if (next.isEmpty()) {
            return store.delete(found.get());
          }
          // Written even without an address of it: who has counted the handle up and not yet
          // written the block must fail now, since the count is about to go.
          all.addAll(release(next.get(), (h, owners) -> h.handle().equals(handle), cooldown, true));
          handles.set(found.get(), next.get(), 0);
          return false;
        });
    return all;
  }

  /** Releases the addresses of a handle that nobody uses, neither now nor after a move. */
  List<Holding> releaseUnused(String handle, Duration cooldown) {
    List<Holding> all = new ArrayList<>();
    List<Cidr> blocks =
        store.handle(handle).map(h -> List.copyOf(h.spec().blocks().keySet())).orElse(List.of());
    for (Cidr block : blocks) {
      List<Holding> released =
          release(
              block,
              (held, owners) -> held.handle().equals(handle) && owners.isEmpty(),
              cooldown,
              false);
      if (!released.isEmpty()) {
        handles.add(handle, block, -released.size());
        all.addAll(released);
      }
    }
    return all;
  }

  private List<Holding> release(
      Cidr cidr, BiPredicate<Holding, Owners> which, Duration cooldown, boolean always) {
    AtomicReference<List<Holding>> released = new AtomicReference<>(List.of());
    Retry.untilTrue(
        "block " + cidr,
        () -> {
          Optional<IpamBlock> block = store.block(cidr);
          if (block.isEmpty()) {
            released.set(List.of());
            return true;
          }
          BlockEdit edit = BlockEdit.of(block.get());
          edit.reap(clock.instant(), cooldown);
          released.set(edit.release(which, clock.instant(), cooldown));
          if (released.get().isEmpty() && !always) {
            return true;
          }
          // Nobody looks after a block without an owner: it goes with its last address.
          return edit.isEmpty() && !edit.isOwned()
              ? store.delete(block.get())
              : store.update(edit.block()) != null;
        });
    return released.get();
  }
}
