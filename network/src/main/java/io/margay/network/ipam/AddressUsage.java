package io.margay.network.ipam;

import io.margay.model.net.Cidr;
import io.margay.model.net.IpAddress;
import io.margay.model.resource.BlockOwner;
import io.margay.model.resource.IpPool;
import io.margay.model.resource.IpamBlock;
import io.margay.model.resource.IpamBlock.Allocation;
import io.margay.model.resource.Kind;
import io.margay.store.ResourceStore;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Who has which addresses, as the blocks say at one moment.
 *
 * @param pools by their range
 * @param strays blocks that lie in no pool: the pool was deleted or changed
 * @param problems of pools and blocks that cannot be read; what they hold is not counted
 */
public record AddressUsage(List<PoolUse> pools, List<BlockUse> strays, List<String> problems) {

  public AddressUsage {
    pools = List.copyOf(pools);
    strays = List.copyOf(strays);
    problems = List.copyOf(problems);
  }

  /** A pool and its blocks. */
  public record PoolUse(String name, Cidr cidr, List<BlockUse> blocks) {
    public PoolUse {
      blocks = List.copyOf(blocks);
    }

    /** Addresses in use, those that cool down included. */
    public long used() {
      return blocks.stream().mapToLong(BlockUse::used).sum();
    }

    public BigInteger total() {
      return size(cidr);
    }
  }

  /**
   * A block.
   *
   * @param owner null for nobody's
   * @param borrowed how many of its addresses other nodes than the owner use
   */
  public record BlockUse(
      Cidr cidr, @Nullable BlockOwner owner, Map<IpAddress, Allocation> addresses, long borrowed) {
    public BlockUse {
      addresses = Map.copyOf(addresses);
    }

    /** Addresses in use, those that cool down included. */
    public long used() {
      return addresses.size();
    }

    public BigInteger total() {
      return size(cidr);
    }
  }

  private static BigInteger size(Cidr cidr) {
    return BigInteger.ONE.shiftLeft(cidr.family().bits() - cidr.prefixLength());
  }

  /** Reads a store once. */
  public static AddressUsage of(ResourceStore resources) {
    IpamStore store = new IpamStore(resources);
    List<String> problems = new ArrayList<>();
    List<BlockUse> left =
        new ArrayList<>(
            store.list(Kind.IPAM_BLOCK, IpamBlock.class, problems).stream()
                .map(AddressUsage::block)
                .sorted(Comparator.comparing(BlockUse::cidr))
                .toList());
    List<PoolUse> pools = new ArrayList<>();
    List<IpPool> known = store.list(Kind.IP_POOL, IpPool.class, problems);
    // Where pools overlap, a block belongs to the narrower one.
    known.stream()
        .sorted(Comparator.comparing(pool -> -PoolChoice.cidr(pool).prefixLength()))
        .forEach(pool -> {
          Cidr cidr = PoolChoice.cidr(pool);
          List<BlockUse> own =
              left.stream().filter(block -> cidr.contains(block.cidr().address())).toList();
          left.removeAll(own);
          pools.add(new PoolUse(pool.metadata().name(), cidr, own));
        });
    pools.sort(Comparator.comparing(PoolUse::cidr));
    return new AddressUsage(pools, left, problems);
  }

  private static BlockUse block(IpamBlock block) {
    Cidr cidr = Objects.requireNonNull(block.spec().cidr(), "the decoder refuses others");
    BlockOwner owner = block.spec().owner();
    Map<IpAddress, Allocation> addresses = new HashMap<>();
    block
        .spec()
        .allocations()
        .forEach((number, held) -> addresses.put(BlockRange.address(cidr, number), held));
    long borrowed =
        addresses.values().stream()
            .map(held -> held.active().get("node"))
            .filter(node -> node != null && !BlockOwner.node(node).equals(owner))
            .count();
    return new BlockUse(cidr, owner, addresses, borrowed);
  }

  private Stream<BlockUse> blocks() {
    return Stream.concat(pools.stream().flatMap(pool -> pool.blocks().stream()), strays.stream());
  }

  /** All addresses that are not free, as those have them who are named. */
  public Stream<Allocation> allocations() {
    return blocks().flatMap(block -> block.addresses().values().stream());
  }

  /** Who has an address; empty if nobody has. */
  public Optional<Allocation> holder(IpAddress address) {
    return blocks()
        .map(block -> block.addresses().get(address))
        .filter(Objects::nonNull)
        .findFirst();
  }
}
