package io.margay.network.ipam;

import io.margay.model.net.IpAddress;
import io.margay.model.net.IpFamily;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Gives a pod all the addresses that it wants, or none. */
public final class PodAddresses {
  private final AddressAllocator allocator;

  public PodAddresses(AddressAllocator allocator) {
    this.allocator = allocator;
  }

  /**
   * Assigns, IPv4 before IPv6. If one family is short, the other's address is released again.
   *
   * @param who asks; its numbers and pools do not count
   */
  public Assignment assign(AddressRequest who, AddressWishes wishes) {
    List<Holding> given = new ArrayList<>();
    List<String> shortages = new ArrayList<>();
    for (IpFamily family : IpFamily.values()) {
      if (wishes.families().contains(family) && shortages.isEmpty()) {
        AddressRequest request = who.from(wishes.pools().getOrDefault(family, Set.of()));
        Assignment one = assign(request, family, wishes.addresses().get(family));
        given.addAll(one.holdings());
        shortages.addAll(one.shortages());
      }
    }
    if (shortages.isEmpty()) {
      return new Assignment(given, List.of());
    }
    given.forEach(allocator::release);
    return new Assignment(List.of(), shortages);
  }

  private Assignment assign(
      AddressRequest request, IpFamily family, @Nullable IpAddress requested) {
    if (requested != null) {
      return allocator.assign(request, requested);
    }
    return switch (family) {
      case IPV4 -> allocator.assign(request.with(1, 0));
      case IPV6 -> allocator.assign(request.with(0, 1));
    };
  }
}
