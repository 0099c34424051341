package io.margay.network.ipam;

import io.margay.model.net.Cidr;
import io.margay.model.net.IpAddress;
import io.margay.model.net.IpFamily;
import io.margay.model.resource.BlockAffinity;
import io.margay.model.resource.BlockOwner;
import io.margay.model.resource.IpPool;
import io.margay.model.resource.IpReservation;
import io.margay.model.resource.IpamBlock;
import io.margay.model.resource.IpamConfiguration;
import io.margay.model.resource.Kind;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The search for one request's addresses of one family, in the order of Calico: give up blocks of
 * pools that no longer select the node; blocks of the owner's own; a new block; an empty block of
 * another owner; single addresses of others' blocks.
 */
final class FamilySearch {
  /** Younger blocks are not taken from their owners: these are about to use them. */
  private static final Duration UNTOUCHED = Duration.ofMinutes(1);

  private static final int MOST_BLOCKS = 20;

  /**
   * What searches work with.
   *
   * @param random spreads those who borrow
   */
  record Tools(
      IpamStore store,
      BlockClaims claims,
      Handles handles,
      InstantSource clock,
      RandomGenerator random) {}

  private final Tools tools;
  private final AddressRequest request;
  private final IpFamily family;
  private final IpamConfiguration.Spec configuration;
  private final List<IpReservation> reservations;
  private final List<Holding> found = new ArrayList<>();
  private final Set<String> damaged = new LinkedHashSet<>();

  FamilySearch(
      Tools tools,
      AddressRequest request,
      IpFamily family,
      IpamConfiguration.Spec configuration,
      List<IpReservation> reservations) {
    this.tools = tools;
    this.request = request;
    this.family = family;
    this.configuration = configuration;
    this.reservations = reservations;
  }

  Assignment run(PoolChoice choice) {
    List<IpPool> pools = choice.serving(request, family);
    if (pools.isEmpty()) {
      List<String> reasons = new ArrayList<>(choice.problems());
      reasons.add("no pool gives IPv" + family.version() + " addresses for this request");
      return new Assignment(List.of(), reasons);
    }
    List<BlockAffinity> own = ownBlocks(choice);
    for (BlockAffinity affinity : own) {
      if (missing() > 0 && PoolChoice.of(pools, BlockClaims.cidr(affinity)) != null) {
        takeOwn(() -> tools.claims().settle(affinity, configuration));
      }
    }
    String shortage = "";
    if (missing() > 0) {
      shortage = takeMore(pools, own.size());
    }
    if (missing() == 0) {
      return new Assignment(found, List.of());
    }
    List<String> reasons = new ArrayList<>(choice.problems());
    reasons.addAll(damaged);
    reasons.add(shortage);
    return new Assignment(found, reasons);
  }

  private int missing() {
    return request.count(family) - found.size();
  }

  /** The affinities of the owner, without those that it had to give up. */
  private List<BlockAffinity> ownBlocks(PoolChoice choice) {
    List<BlockAffinity> own = new ArrayList<>();
    for (BlockAffinity affinity : tools.store().affinities(request.owner())) {
      Cidr cidr = BlockClaims.cidr(affinity);
      if (cidr.family() == family
          && !(choice.deselects(cidr, request.nodeLabels())
              && tools.claims().giveUp(affinity, configuration.cooldown()))) {
        own.add(affinity);
      }
    }
    own.sort(Comparator.comparing(BlockClaims::cidr));
    return own;
  }

  /** Takes from blocks that the owner does not have yet; answers why not enough, if so. */
  private String takeMore(List<IpPool> pools, int owned) {
    int most = mostBlocks();
    if (configuration.autoAllocateBlocks()) {
      int blocks = owned;
      while (missing() > 0) {
        if (blocks >= most) {
          // An owner at its limit borrows nothing either, or the limit would mean nothing.
          return request.owner() + " has " + blocks + " blocks, the most that it may have";
        }
        IpamBlock block = claimNew(pools);
        if (block == null) {
          block = reclaim(pools);
        }
        if (block == null) {
          break;
        }
        IpamBlock claimed = block;
        takeOwn(() -> claimed);
        blocks++;
      }
    }
    if (configuration.strictAffinity()) {
      return "no free address in the blocks of " + request.owner() + ", and no block to claim";
    }
    borrow(pools);
    return "no free IPv" + family.version() + " address in the pools";
  }

  private int mostBlocks() {
    int global = configuration.maxBlocksPerHost();
    int own = request.maxBlocks();
    if (global == 0 && own == 0) {
      return MOST_BLOCKS;
    }
    return global == 0 ? own : own == 0 ? global : Math.min(global, own);
  }

  private @Nullable IpamBlock claimNew(List<IpPool> pools) {
    Set<String> existing = tools.store().blockNames();
    for (IpPool pool : pools) {
      BlockRange range = PoolChoice.blocks(pool);
      long start = start(range);
      // Ends soon also in a vast pool: all but the existing and the reserved blocks are free.
      for (long i = 0; i < range.count(); i++) {
        Cidr candidate = range.block((start + i) % range.count());
        if (!existing.contains(IpamObjects.name(candidate)) && !isReserved(candidate)) {
          IpamBlock block = tools.claims().claim(request.owner(), candidate, configuration);
          if (block != null) {
            return block;
          }
        }
      }
    }
    return null;
  }

  /** Owners begin at different places, so that they seldom want the same block. */
  private long start(BlockRange range) {
    long hash = fnv32(request.owner().name());
    if (BlockRange.size(range.block(0)) == 1) {
      hash += tools.clock().millis();
    }
    return Long.remainderUnsigned(hash, range.count());
  }

  private static long fnv32(String text) {
    int hash = 0x811c9dc5;
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      hash = hash * 0x01000193 ^ (b & 0xff);
    }
    return hash & 0xffffffffL;
  }

  /** Takes over a block that another owner does not use. */
  private @Nullable IpamBlock reclaim(List<IpPool> pools) {
    Instant before = tools.clock().instant().minus(UNTOUCHED);
    for (IpamBlock block : blocks(pools)) {
      BlockOwner owner = block.spec().owner();
      Instant claimed = block.spec().claimed();
      BlockEdit edit = BlockEdit.of(block);
      edit.reap(tools.clock().instant(), configuration.cooldown());
      if (!edit.isEmpty() || request.owner().equals(owner)) {
        continue;
      }
      if (owner == null) {
        tools.store().delete(block);
      } else if (claimed == null || claimed.isBefore(before)) {
        tools
            .store()
            .affinity(owner, cidr(block))
            .ifPresentOrElse(
                affinity -> tools.claims().giveUp(affinity, configuration.cooldown()),
                () -> tools.store().delete(block));
      } else {
        continue;
      }
      IpamBlock mine = tools.claims().claim(request.owner(), cidr(block), configuration);
      if (mine != null) {
        return mine;
      }
    }
    return null;
  }

  private void borrow(List<IpPool> pools) {
    List<IpamBlock> others = new ArrayList<>(blocks(pools));
    Collections.shuffle(others, Random.from(tools.random()));
    for (IpamBlock block : others) {
      if (missing() == 0) {
        return;
      }
      take(block, false);
    }
  }

  private interface OwnBlock {
    @Nullable IpamBlock get();
  }

  private void takeOwn(OwnBlock own) {
    try {
      IpamBlock block = own.get();
      if (block != null) {
        take(block, true);
      }
    } catch (DamagedBlockException e) {
      damaged.add(String.valueOf(e.getMessage()));
    }
  }

  /** Takes what is missing from a block, as far as it goes. */
  private void take(IpamBlock first, boolean asOwner) {
    Cidr cidr = cidr(first);
    IpamBlock block = first;
    for (int i = 0; i < Retry.TRIES && block != null; i++) {
      if (asOwner && !request.owner().equals(block.spec().owner())) {
        return;
      }
      BlockEdit edit = BlockEdit.of(block);
      edit.reap(tools.clock().instant(), configuration.cooldown());
      List<Holding> taken =
          edit.take(missing(), this::isReserved, request.handle(), request.attributes());
      if (taken.isEmpty()) {
        return;
      }
      // Counted first: a crash in between leaves a count too high, and never an address that its
      // handle does not know.
      tools.handles().add(request.handle(), cidr, taken.size());
      if (tools.store().update(edit.block()) != null) {
        found.addAll(taken);
        return;
      }
      tools.handles().add(request.handle(), cidr, -taken.size());
      block = tools.store().block(cidr).orElse(null);
    }
  }

  private boolean isReserved(IpAddress address) {
    return reservations.stream()
        .anyMatch(r -> r.reserved().stream().anyMatch(cidr -> cidr.contains(address)));
  }

  /** Whether one reservation takes a whole block. */
  private boolean isReserved(Cidr block) {
    return reservations.stream()
        .anyMatch(r -> r.reserved().stream().anyMatch(cidr -> cidr.contains(block)));
  }

  /** The readable blocks of these pools. */
  private List<IpamBlock> blocks(List<IpPool> pools) {
    return tools.store().list(Kind.IPAM_BLOCK, IpamBlock.class, damaged).stream()
        .filter(block -> PoolChoice.of(pools, cidr(block)) != null)
        .toList();
  }

  private static Cidr cidr(IpamBlock block) {
    return Objects.requireNonNull(block.spec().cidr());
  }
}
