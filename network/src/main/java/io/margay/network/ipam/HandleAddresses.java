package io.margay.network.ipam;

import io.margay.model.net.Cidr;
import io.margay.model.resource.IpamBlock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** The addresses that one handle has, in whatever blocks. */
final class HandleAddresses {
  private final IpamStore store;

  HandleAddresses(IpamStore store) {
    this.store = store;
  }

  /** An address and who uses it. */
  record Owned(Holding holding, Owners owners) {}

  /** IPv4 before IPv6. */
  List<Owned> of(String handle) {
    List<Owned> all = new ArrayList<>();
    for (Cidr cidr : blocks(handle)) {
      store.block(cidr).ifPresent(block -> all.addAll(of(handle, block)));
    }
    all.sort(Comparator.comparing(owned -> owned.holding().address()));
    return all;
  }

  private static List<Owned> of(String handle, IpamBlock block) {
    List<Owned> owned = new ArrayList<>();
    BlockEdit.of(block)
        .own(
            handle,
            (holding, owners) -> {
              owned.add(new Owned(holding, owners));
              return owners;
            });
    return owned;
  }

  /**
   * Changes who uses the addresses, each block in one write.
   *
   * @param change is asked again for a block that somebody else has changed meanwhile; its
   *     exceptions come through, and nothing of that block is written then
   */
  List<Holding> own(String handle, UnaryOperator<Owners> change) {
    List<Holding> all = new ArrayList<>();
    for (Cidr cidr : blocks(handle)) {
      List<Holding> held = new ArrayList<>();
      Retry.untilTrue(
          "block " + cidr,
          () -> {
            held.clear();
            Optional<IpamBlock> block = store.block(cidr);
            if (block.isEmpty()) {
              return true;
            }
            BlockEdit edit = BlockEdit.of(block.get());
            boolean changed =
                edit.own(
                    handle,
                    (holding, owners) -> {
                      held.add(holding);
                      return change.apply(owners);
                    });
            return !changed || store.update(edit.block()) != null;
          });
      all.addAll(held);
    }
    all.sort(Comparator.comparing(Holding::address));
    return all;
  }

  private List<Cidr> blocks(String handle) {
    return store.handle(handle).stream()
        .flatMap(found -> found.spec().blocks().keySet().stream())
        .sorted()
        .toList();
  }
}
