package io.margay.model.resource;

import java.time.Duration;

/** How addresses are given; only the object named {@value #DEFAULT} counts. */
public record IpamConfiguration(ObjectMeta metadata, Spec spec) implements AddressResource {
  /** The name of the one object that counts. */
  public static final String DEFAULT = "default";

  @Override
  public Kind kind() {
    return Kind.IPAM_CONFIGURATION;
  }

  /**
   * The settings.
   *
   * @param strictAffinity whether nodes use only blocks of their own
   * @param maxBlocksPerHost 0 if nothing is set
   * @param autoAllocateBlocks whether nodes claim blocks by themselves
   * @param persistsMachineAddresses whether virtual machines keep their addresses
   * @param cooldown how long a released address rests
   */
  public record Spec(
      boolean strictAffinity,
      int maxBlocksPerHost,
      boolean autoAllocateBlocks,
      boolean persistsMachineAddresses,
      Duration cooldown) {
    /** What holds where nothing is written. */
    public static final Spec DEFAULTS = new Spec(false, 0, true, true, Duration.ZERO);
  }
}
