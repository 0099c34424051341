package io.margay.network.ipam;

import io.margay.model.net.Cidr;
import io.margay.model.resource.BlockAffinity;
import io.margay.model.resource.BlockAffinity.State;
import io.margay.model.resource.BlockOwner;
import io.margay.model.resource.IpamBlock;
import io.margay.model.resource.IpamConfiguration;
import io.margay.model.resource.ObjectMeta;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How blocks get owners and lose them.
 *
 * <pre>
 *   claim     affinity pending → block created → affinity confirmed
 *   give up   affinity pendingDeletion → block deleted, if still empty → affinity deleted
 * </pre>
 *
 * <p>The block decides; an affinity only tells its owner where to look. Two may announce the same
 * block: who creates it wins, and the other deletes its affinity. Whoever stops halfway leaves an
 * affinity behind, which {@link #settle} completes or removes.
 */
final class BlockClaims {
  private final IpamStore store;
  private final InstantSource clock;

  BlockClaims(IpamStore store, InstantSource clock) {
    this.store = store;
    this.clock = clock;
  }

  /** Claims a block that does not exist, or completes a claim; null if somebody else has it. */
  @Nullable IpamBlock claim(BlockOwner owner, Cidr cidr, IpamConfiguration.Spec configuration) {
    BlockAffinity affinity = store.affinity(owner, cidr).orElse(null);
    if (affinity == null) {
      affinity =
          store.create(
              new BlockAffinity(
                  ObjectMeta.of("", IpamObjects.name(owner, cidr), Map.of()),
                  new BlockAffinity.Spec(owner, cidr, State.PENDING, false)));
    }
    return affinity == null ? null : settle(affinity, configuration);
  }

  /**
   * Makes an affinity and its block agree.
   *
   * @return the block, if it is the owner's; null if the affinity is gone
   */
  @Nullable IpamBlock settle(BlockAffinity affinity, IpamConfiguration.Spec configuration) {
    Cidr cidr = cidr(affinity);
    BlockOwner owner = affinity.spec().owner();
    if (affinity.spec().state() == State.PENDING_DELETION) {
      return giveUp(affinity, configuration.cooldown())
          ? null
          : store.block(cidr).filter(b -> owner.equals(b.spec().owner())).orElse(null);
    }
    IpamBlock block = store.block(cidr).orElse(null);
    if (block == null) {
      block = store.create(BlockEdit.fresh(cidr, owner, clock.instant()));
      if (block == null) {
        block = store.block(cidr).orElse(null);
      }
    }
    if (block == null) {
      return null;
    }
    if (!owner.equals(block.spec().owner())) {
      store.delete(affinity);
      return null;
    }
    if (affinity.spec().state() == State.PENDING) {
      store.update(in(affinity, State.CONFIRMED));
    }
    return block;
  }

  /**
   * Gives up a block that nobody has an address of.
   *
   * @param cooldown how long released addresses keep the block from being empty
   * @return false if it is in use, or if somebody else was faster
   */
  boolean giveUp(BlockAffinity affinity, Duration cooldown) {
    BlockAffinity leaving =
        affinity.spec().state() == State.PENDING_DELETION
            ? affinity
            : store.update(in(affinity, State.PENDING_DELETION));
    if (leaving == null) {
      return false;
    }
    IpamBlock block = store.block(cidr(affinity)).orElse(null);
    if (block != null && affinity.spec().owner().equals(block.spec().owner())) {
      BlockEdit edit = BlockEdit.of(block);
      edit.reap(clock.instant(), cooldown);
      if (!edit.isEmpty() || !store.delete(block)) {
        store.update(in(leaving, State.CONFIRMED));
        return false;
      }
    }
    return store.delete(leaving);
  }

  /** Takes a block from an owner that is gone; its addresses stay with those who have them. */
  void abandon(BlockAffinity affinity) {
    Retry.untilTrue(
        "block " + affinity.spec().cidr(),
        () -> {
          IpamBlock block = store.block(cidr(affinity)).orElse(null);
          if (block == null || !affinity.spec().owner().equals(block.spec().owner())) {
            return true;
          }
          BlockEdit edit = BlockEdit.of(block);
          edit.disown();
          return edit.isEmpty() ? store.delete(block) : store.update(edit.block()) != null;
        });
    store.affinity(affinity.spec().owner(), cidr(affinity)).ifPresent(store::delete);
  }

  private static BlockAffinity in(BlockAffinity affinity, State state) {
    BlockAffinity.Spec spec = affinity.spec();
    return new BlockAffinity(
        affinity.metadata(), new BlockAffinity.Spec(spec.owner(), spec.cidr(), state, false));
  }

  static Cidr cidr(BlockAffinity affinity) {
    return Objects.requireNonNull(affinity.spec().cidr());
  }
}
