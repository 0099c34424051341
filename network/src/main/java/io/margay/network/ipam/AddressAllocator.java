package io.margay.network.ipam;

import io.margay.model.net.IpAddress;
import io.margay.model.net.IpFamily;
import io.margay.model.resource.BlockAffinity;
import io.margay.model.resource.BlockOwner;
import io.margay.model.resource.IpReservation;
import io.margay.model.resource.IpamConfiguration;
import io.margay.model.resource.Kind;
import io.margay.store.ResourceStore;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Gives addresses and takes them back. Any number of these work on one store at once: every write
 * is a compare-and-swap, and who stops at any moment leaves nothing that others cannot use.
 * Thread-safe if the source of random numbers is.
 */
public final class AddressAllocator {
  private final IpamStore store;
  private final BlockClaims claims;
  private final Handles handles;
  private final AddressReleases releases;
  private final HandleAddresses addresses;
  private final InstantSource clock;
  private final RandomGenerator random;

  /**
   * @param random spreads those who borrow over the blocks of others
   */
  public AddressAllocator(ResourceStore store, InstantSource clock, RandomGenerator random) {
    this.store = new IpamStore(store);
    this.claims = new BlockClaims(this.store, clock);
    this.handles = new Handles(this.store);
    this.releases = new AddressReleases(this.store, handles, clock);
    this.addresses = new HandleAddresses(this.store);
    this.clock = clock;
    this.random = random;
  }

  /**
   * Gives one address that is asked for by name: also a reserved one, and from a pool that selects
   * others. The numbers and pools of the request do not count.
   */
  public Assignment assign(AddressRequest request, IpAddress address) {
    List<String> problems = new ArrayList<>();
    IpamConfiguration.Spec configuration = configuration(problems);
    if (!problems.isEmpty()) {
      return new Assignment(List.of(), problems);
    }
    try {
      return new RequestedAddress(tools(), request, address, configuration)
          .run(PoolChoice.read(store));
    } catch (DamagedBlockException e) {
      return new Assignment(List.of(), List.of(String.valueOf(e.getMessage())));
    }
  }

  /** What a handle has, IPv4 before IPv6. */
  public List<Holding> holdings(String handle) {
    return addresses.of(handle).stream().map(HandleAddresses.Owned::holding).toList();
  }

  private FamilySearch.Tools tools() {
    return new FamilySearch.Tools(store, claims, handles, clock, random);
  }

  /** Gives as many addresses as are asked for, or says why there are fewer. */
  public Assignment assign(AddressRequest request) {
    List<String> problems = new ArrayList<>();
    IpamConfiguration.Spec configuration = configuration(problems);
    if (!problems.isEmpty()) {
      return new Assignment(List.of(), problems);
    }
    PoolChoice pools = PoolChoice.read(store);
    List<IpReservation> reservations =
        store.list(Kind.IP_RESERVATION, IpReservation.class, problems);
    if (!problems.isEmpty()) {
      // An address that is reserved by what cannot be read must not be given.
      return new Assignment(List.of(), problems);
    }
    List<Holding> holdings = new ArrayList<>();
    List<String> shortages = new ArrayList<>();
    for (IpFamily family : IpFamily.values()) {
      if (request.count(family) > 0) {
        FamilySearch search =
            new FamilySearch(tools(), request, family, configuration, reservations);
        Assignment found = search.run(pools);
        holdings.addAll(found.holdings());
        shortages.addAll(found.shortages());
      }
    }
    return new Assignment(holdings, shortages);
  }

  /**
   * Releases one address, if it is held by this handle since this allocation.
   *
   * @return false if it is not; then nothing has happened
   */
  public boolean release(Holding holding) {
    return releases.release(holding, releaseConfiguration().cooldown());
  }

  /** Releases all addresses of a handle. */
  public List<Holding> releaseHandle(String handle) {
    return releases.releaseHandle(handle, releaseConfiguration().cooldown());
  }

  /** Releases what a handle has and nobody uses, neither now nor after a move. */
  List<Holding> releaseUnused(String handle) {
    return releases.releaseUnused(handle, releaseConfiguration().cooldown());
  }

  HandleAddresses addresses() {
    return addresses;
  }

  boolean persistsMachineAddresses() {
    return releaseConfiguration().persistsMachineAddresses();
  }

  /** Gives up the blocks of an owner that is gone. Addresses stay with those who have them. */
  public void forget(BlockOwner owner) {
    for (BlockAffinity affinity : store.affinities(owner)) {
      claims.abandon(affinity);
    }
  }

  private IpamConfiguration.Spec configuration(List<String> problems) {
    return store.list(Kind.IPAM_CONFIGURATION, IpamConfiguration.class, problems).stream()
        .filter(c -> c.metadata().name().equals(IpamConfiguration.DEFAULT))
        .map(IpamConfiguration::spec)
        .findFirst()
        .orElse(IpamConfiguration.Spec.DEFAULTS);
  }

  /** What counts for releases, which must be possible whatever the configuration says. */
  private IpamConfiguration.Spec releaseConfiguration() {
    return configuration(new ArrayList<>());
  }
}
