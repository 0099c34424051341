package io.margay.network.ipam;

import io.margay.model.resource.IpamBlock.Allocation;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Something that does not fit together.
 *
 * @param subject the address, block, affinity or handle
 * @param text what is wrong with it, fit for a user
 * @param leak what a repair needs; null unless it is a leak
 */
public record Finding(Fault fault, String subject, String text, @Nullable Leak leak) {

  /** What can be wrong. */
  public enum Fault {
    /** An address is allocated, and nobody has it. */
    LEAKED,
    /** An address is allocated to something that Margay does not know. Not counted as wrong. */
    UNKNOWN,
    /** Somebody uses an address of a pool, and no block says so: it may be given to another. */
    UNALLOCATED,
    /** Two have the same address, or two blocks do. */
    DOUBLE,
    /** A block that nobody gives addresses from: its pool or its node is gone. */
    ORPHANED,
    /** An affinity and its block do not agree. */
    AFFINITY,
    /** A handle counts other addresses than the blocks. */
    HANDLE;

    /** As reports write it. */
    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }

    /** Whether something is wrong: what is unknown may well be right. */
    public boolean isWrong() {
      return this != UNKNOWN;
    }
  }

  /**
   * An allocation that nobody has any more.
   *
   * @param allocation as it was when it was judged
   * @param nodeGone whether its node does not exist either
   */
  public record Leak(Holding holding, Allocation allocation, boolean nodeGone) {}

  static Finding of(Fault fault, Object subject, String text) {
    return new Finding(fault, subject.toString(), text, null);
  }
}
