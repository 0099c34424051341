package io.margay.network.ipam;

import io.margay.model.net.Cidr;
import io.margay.model.net.IpAddress;
import io.margay.model.net.IpFamily;
import io.margay.model.resource.IpPool;
import io.margay.model.resource.Kind;
import io.margay.model.selector.Labels;
import io.margay.model.selector.Selector;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The pools that can be used at one moment, and which of them serve whom. */
final class PoolChoice {
  private final List<IpPool> pools;
  private final List<String> problems;

  private PoolChoice(List<IpPool> pools, List<String> problems) {
    this.pools = List.copyOf(pools);
    this.problems = List.copyOf(problems);
  }

  /** Leaves out pools that cannot be read, and of overlapping ones all but the oldest. */
  static PoolChoice read(IpamStore store) {
    List<String> problems = new ArrayList<>();
    List<IpPool> usable = new ArrayList<>();
    List<IpPool> byAge = new ArrayList<>(store.list(Kind.IP_POOL, IpPool.class, problems));
    byAge.sort(
        Comparator.comparing(PoolChoice::created).thenComparing(pool -> pool.metadata().name()));
    for (IpPool pool : byAge) {
      Cidr cidr = cidr(pool);
      IpPool older =
          usable.stream()
              .filter(p -> cidr(p).contains(cidr) || cidr.contains(cidr(p)))
              .findFirst()
              .orElse(null);
      if (older != null) {
        problems.add(pool.key() + " overlaps " + older.key() + " and is not used");
      } else if (!isCut(pool)) {
        problems.add(pool.key() + " has a block size that does not fit it and is not used");
      } else {
        usable.add(pool);
      }
    }
    return new PoolChoice(usable, problems);
  }

  private static Instant created(IpPool pool) {
    Instant created = pool.metadata().creationTimestamp();
    return created == null ? Instant.MAX : created;
  }

  private static boolean isCut(IpPool pool) {
    int size = pool.spec().blockSize();
    int least =
        switch (cidr(pool).family()) {
          case IPV4 -> 20;
          case IPV6 -> 116;
        };
    return size >= least && size >= cidr(pool).prefixLength();
  }

  /** What is wrong with pools. */
  List<String> problems() {
    return problems;
  }

  static Cidr cidr(IpPool pool) {
    return Objects.requireNonNull(pool.spec().cidr());
  }

  static BlockRange blocks(IpPool pool) {
    return new BlockRange(cidr(pool), pool.spec().blockSize());
  }

  /** The pools from which a request may get new addresses, in the order of their names. */
  List<IpPool> serving(AddressRequest request, IpFamily family) {
    return pools.stream()
        .filter(pool -> cidr(pool).family() == family && serves(pool, request))
        .sorted(Comparator.comparing(pool -> pool.metadata().name()))
        .toList();
  }

  /** The pool that may give this address to somebody who asks for it by name; null if none may. */
  @Nullable IpPool giving(IpAddress address, IpPool.Use use) {
    return pools.stream()
        .filter(pool -> cidr(pool).contains(address) && isOpen(pool, use))
        .findFirst()
        .orElse(null);
  }

  private static boolean isOpen(IpPool pool, IpPool.Use use) {
    return !pool.spec().disabled()
        && pool.metadata().deletionTimestamp() == null
        && pool.spec().allowedUses().contains(use);
  }

  private static boolean serves(IpPool pool, AddressRequest request) {
    if (!isOpen(pool, request.use())) {
      return false;
    }
    Set<String> named = request.pools();
    if (!named.isEmpty()) {
      // Who names a pool gets it: neither selectors nor the mode count then.
      return named.contains(pool.metadata().name()) || named.contains(cidr(pool).toString());
    }
    return !pool.spec().manual()
        && selects(pool.spec().nodeSelector(), request.nodeLabels())
        && selects(pool.spec().namespaceSelector(), request.namespaceLabels());
  }

  private static boolean selects(@Nullable Selector selector, Map<String, String> labels) {
    return selector != null && selector.matches(Labels.of(labels));
  }

  /** Whether a block is of a pool that no longer lets nodes with these labels have blocks. */
  boolean deselects(Cidr block, Map<String, String> nodeLabels) {
    return pools.stream()
        .filter(pool -> cidr(pool).contains(block))
        .anyMatch(pool -> !selects(pool.spec().nodeSelector(), nodeLabels));
  }

  /** The pool that an address is of, used or not. */
  static @Nullable IpPool of(List<IpPool> among, Cidr block) {
    return among.stream().filter(pool -> cidr(pool).contains(block)).findFirst().orElse(null);
  }
}
