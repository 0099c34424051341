package io.margay.agents.identity.spiffe;

import io.margay.agents.identity.spiffe.SpiffeAuthority.IssuedX509;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.Supplier;

/** An SVID of an authority in this process, made anew before it expires. Of many threads. */
public final class RenewedSvid implements Supplier<IssuedX509> {
  /** A third of its life is left when an SVID is replaced. */
  private static final int PART_LEFT = 3;

  private final SpiffeAuthority authority;
  private final SpiffeId id;
  private final InstantSource clock;
  private IssuedX509 current;

  public RenewedSvid(SpiffeAuthority authority, SpiffeId id, InstantSource clock) {
    this.authority = authority;
    this.id = id;
    this.clock = clock;
    this.current = authority.issueX509(id);
  }

  @Override
  public synchronized IssuedX509 get() {
    Instant end = current.chain().getFirst().getNotAfter().toInstant();
    Duration left = authority.x509Lifetime().dividedBy(PART_LEFT);
    if (clock.instant().plus(left).isAfter(end)) {
      current = authority.issueX509(id);
    }
    return current;
  }
}
