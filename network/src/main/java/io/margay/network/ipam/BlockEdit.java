package io.margay.network.ipam;

import io.margay.model.net.Cidr;
import io.margay.model.net.IpAddress;
import io.margay.model.resource.BlockOwner;
import io.margay.model.resource.IpamBlock;
import io.margay.model.resource.IpamBlock.Allocation;
import io.margay.model.resource.ObjectMeta;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.BiPredicate;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** A change to one block, before it is written. Nothing counts until the store has taken it. */
final class BlockEdit {
  private final ObjectMeta metadata;
  private final Cidr cidr;
  private final SortedMap<Integer, Allocation> allocations;
  private final List<Integer> free;
  private final long sequence;
  private @Nullable BlockOwner owner;
  private final @Nullable Instant claimed;

  private BlockEdit(IpamBlock block) {
    metadata = block.metadata();
    cidr = Objects.requireNonNull(block.spec().cidr());
    allocations = new TreeMap<>(block.spec().allocations());
    free = new ArrayList<>(block.spec().free());
    sequence = block.spec().sequence() + 1;
    owner = block.spec().owner();
    claimed = block.spec().claimed();
  }

  /**
   * @param block that was read without problems
   */
  static BlockEdit of(IpamBlock block) {
    return new BlockEdit(block);
  }

  /**
   * A block with all addresses free. It counts its allocations from the time: a block that comes
   * after another of the same range must not repeat its numbers, or a late release would hit.
   */
  static IpamBlock fresh(Cidr cidr, BlockOwner owner, Instant now) {
    List<Integer> free = IntStream.range(0, BlockRange.size(cidr)).boxed().toList();
    return new IpamBlock(
        ObjectMeta.of("", IpamObjects.name(cidr), Map.of()),
        new IpamBlock.Spec(cidr, owner, now, new TreeMap<>(), free, now.toEpochMilli(), false));
  }

  /** Frees what has cooled down, in the order of release. */
  void reap(Instant now, Duration cooldown) {
    List<Integer> cool =
        allocations.entrySet().stream()
            .filter(e -> {
              Instant released = e.getValue().released();
              return released != null && !released.plus(cooldown).isAfter(now);
            })
            .sorted((a, b) ->
                Objects.requireNonNull(a.getValue().released())
                    .compareTo(Objects.requireNonNull(b.getValue().released())))
            .map(Map.Entry::getKey)
            .toList();
    cool.forEach(allocations::remove);
    free.addAll(cool);
  }

  /** Gives free addresses, those first that are free for longest. */
  List<Holding> take(
      int count, Predicate<IpAddress> reserved, String handle, Map<String, String> active) {
    List<Holding> taken = new ArrayList<>();
    for (Iterator<Integer> numbers = free.iterator(); numbers.hasNext() && taken.size() < count; ) {
      int number = numbers.next();
      IpAddress address = BlockRange.address(cidr, number);
      if (!reserved.test(address)) {
        numbers.remove();
        allocations.put(number, new Allocation(handle, active, Map.of(), null, sequence));
        taken.add(new Holding(address, handle, sequence));
      }
    }
    return taken;
  }

  /** Gives one address, if it is free. */
  Optional<Holding> take(IpAddress address, String handle, Map<String, String> active) {
    // An object, or it would be the place in the list.
    Integer number = BlockRange.number(cidr, address);
    if (!free.remove(number)) {
      return Optional.empty();
    }
    allocations.put(number, new Allocation(handle, active, Map.of(), null, sequence));
    return Optional.of(new Holding(address, handle, sequence));
  }

  /** Who has an address, or had it last and it cools down. */
  Optional<Allocation> at(IpAddress address) {
    return Optional.ofNullable(allocations.get(BlockRange.number(cidr, address)));
  }

  /**
   * Changes who uses the addresses of a handle. They stay the same allocations, with their numbers.
   *
   * @return whether anything is different now
   */
  boolean own(String handle, BiFunction<Holding, Owners, Owners> change) {
    SortedMap<Integer, Allocation> before = new TreeMap<>(allocations);
    allocations.replaceAll((number, allocation) -> {
      if (!allocation.isHeld() || !allocation.handle().equals(handle)) {
        return allocation;
      }
      Owners after = change.apply(holding(number, allocation), Owners.of(allocation));
      return new Allocation(handle, after.active(), after.alternate(), null, allocation.sequence());
    });
    return !allocations.equals(before);
  }

  private Holding holding(int number, Allocation allocation) {
    return new Holding(
        BlockRange.address(cidr, number), allocation.handle(), allocation.sequence());
  }

  /** Releases all addresses that a test accepts; they are free at once or cool down first. */
  List<Holding> release(BiPredicate<Holding, Owners> which, Instant now, Duration cooldown) {
    List<Holding> released = new ArrayList<>();
    new TreeMap<>(allocations)
        .forEach((number, allocation) -> {
          Holding holding = holding(number, allocation);
          if (allocation.isHeld() && which.test(holding, Owners.of(allocation))) {
            released.add(holding);
            if (cooldown.isZero()) {
              allocations.remove(number);
              free.add(number);
            } else {
              allocations.put(
                  number, new Allocation("", Map.of(), Map.of(), now, allocation.sequence()));
            }
          }
        });
    return released;
  }

  void disown() {
    owner = null;
  }

  /** Whether nobody has an address of it, and none cools down. */
  boolean isEmpty() {
    return allocations.isEmpty();
  }

  boolean isOwned() {
    return owner != null;
  }

  IpamBlock block() {
    return new IpamBlock(
        metadata, new IpamBlock.Spec(cidr, owner, claimed, allocations, free, sequence, false));
  }
}
