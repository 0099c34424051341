package io.margay.model.resource;

import io.margay.model.net.Cidr;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A block of addresses and who has each of them: the one place that counts. Addresses are numbered
 * from 0, the first of the block.
 */
public record IpamBlock(ObjectMeta metadata, Spec spec) implements AddressResource {

  @Override
  public Kind kind() {
    return Kind.IPAM_BLOCK;
  }

  /**
   * The specification.
   *
   * @param cidr null if it cannot be read
   * @param owner whose the block is; null for nobody's
   * @param claimed when the owner claimed it; null if unknown
   * @param allocations by number
   * @param free numbers in the order in which they are to be given
   * @param sequence grows with every allocation
   * @param deleted whether the object only waits for its removal
   */
  public record Spec(
      @Nullable Cidr cidr,
      @Nullable BlockOwner owner,
      @Nullable Instant claimed,
      SortedMap<Integer, Allocation> allocations,
      List<Integer> free,
      long sequence,
      boolean deleted) {
    public Spec {
      allocations = Collections.unmodifiableSortedMap(new TreeMap<>(allocations));
      free = List.copyOf(free);
    }
  }

  /**
   * An address that is not free.
   *
   * @param handle by which the holder releases; empty for none
   * @param active who has the address
   * @param alternate to whom it moves, or from whom it came; empty for nobody
   * @param released when it was released, if it cools down; null if it is held
   * @param sequence of the allocation, by which a release can tell it from a later one
   */
  public record Allocation(
      String handle,
      Map<String, String> active,
      Map<String, String> alternate,
      @Nullable Instant released,
      long sequence) {
    public Allocation {
      active = Map.copyOf(active);
      alternate = Map.copyOf(alternate);
    }

    public boolean isHeld() {
      return released == null;
    }
  }
}
