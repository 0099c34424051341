package io.margay.network.ipam;

import io.margay.model.net.IpAddress;
import io.margay.network.ipam.AddressHolders.Judgement;
import io.margay.network.ipam.Finding.Leak;
import io.margay.store.ResourceStore;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/**
 * Frees addresses that nobody has. Whose node exists may still be running although its pod is
 * deleted, so such an address must have been seen to leak before, for a while.
 */
public final class LeakRepair {
  private final AddressAllocator allocator;
  private final AddressHolders live;
  private final Duration grace;

  /**
   * @param grace how long ago a leak must have been seen first, unless its node is gone
   */
  public LeakRepair(ResourceStore store, InstantSource clock, Duration grace) {
    this.allocator = new AddressAllocator(store, clock, new Random());
    this.live = new AddressHolders(store::get);
    this.grace = grace;
  }

  /**
   * Leaks that somebody saw before.
   *
   * @param at when
   */
  public record Sighting(Instant at, Set<Holding> leaks) {
    public Sighting {
      leaks = Set.copyOf(leaks);
    }
  }

  /**
   * What is to happen to one leak.
   *
   * @param release whether it is to be released
   * @param reason for that, fit for a user
   */
  public record Step(Leak leak, boolean release, String reason) {
    public IpAddress address() {
      return leak.holding().address();
    }
  }

  /** Decides what to release. Nothing is written. All addresses of a handle go, or none. */
  public List<Step> plan(IpamCheck check, List<Sighting> earlier) {
    Map<String, List<Leak>> byHandle = new LinkedHashMap<>();
    for (Leak leak : check.leaks()) {
      byHandle.computeIfAbsent(leak.holding().handle(), h -> new ArrayList<>()).add(leak);
    }
    List<Step> steps = new ArrayList<>();
    byHandle.forEach((handle, leaks) -> {
      boolean all = leaks.stream().allMatch(leak -> isRipe(leak, check.at(), earlier));
      for (Leak leak : leaks) {
        steps.add(new Step(leak, all, all ? why(leak) : "not seen to leak for " + text(grace)));
      }
    });
    return steps;
  }

  private boolean isRipe(Leak leak, Instant now, List<Sighting> earlier) {
    return leak.nodeGone()
        || earlier.stream()
            .anyMatch(sighting ->
                !sighting.at().plus(grace).isAfter(now)
                    && sighting.leaks().contains(leak.holding()));
  }

  private String why(Leak leak) {
    return leak.nodeGone() ? "its node is gone" : "leaks for at least " + text(grace);
  }

  private static String text(Duration time) {
    return time.toSeconds() % 60 == 0 ? time.toMinutes() + "m" : time.toSeconds() + "s";
  }

  /**
   * Looks once more, and releases the allocation that was judged: never one that came after it.
   *
   * @return false if somebody has the address by now
   */
  public boolean release(Step step) {
    if (!step.release()) {
      throw new IllegalArgumentException(step.address() + " is not to be released");
    }
    return live.judge(step.address(), step.leak().allocation()) instanceof Judgement.Leaked
        && allocator.release(step.leak().holding());
  }
}
