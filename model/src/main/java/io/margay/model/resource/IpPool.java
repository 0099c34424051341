package io.margay.model.resource;

import io.margay.model.net.Cidr;
import io.margay.model.net.IpFamily;
import io.margay.model.selector.Selector;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A range of addresses, cut into blocks of equal size that nodes claim. */
public record IpPool(ObjectMeta metadata, Spec spec) implements AddressResource {

  @Override
  public Kind kind() {
    return Kind.IP_POOL;
  }

  /** What a pool's addresses may be used for. */
  public enum Use {
    WORKLOAD,
    TUNNEL,
    LOAD_BALANCER
  }

  /** When packets between nodes travel inside others. */
  public enum Encapsulation {
    NEVER,
    ALWAYS,
    /** Only between nodes that are not on one subnet. */
    CROSS_SUBNET
  }

  /**
   * What packets from and to a pool's addresses do on their way.
   *
   * @param vxlan when they travel in VXLAN; null, where unreadable, for nobody knows
   * @param ipip when they travel in IP in IP; null as for VXLAN
   * @param natOutgoing whether they leave the pools with the node's address
   * @param disableBgpExport whether BGP keeps the pool's routes to itself
   */
  public record Travel(
      @Nullable Encapsulation vxlan,
      @Nullable Encapsulation ipip,
      boolean natOutgoing,
      boolean disableBgpExport) {}

  /**
   * The specification.
   *
   * @param cidr null if it cannot be read
   * @param blockSize prefix length of the pool's blocks
   * @param nodeSelector nodes that may give its addresses; null, where unreadable, selects none
   * @param namespaceSelector namespaces that may have them; null, where unreadable, selects none
   * @param manual whether it serves only those who name it
   * @param travel how packets from and to its addresses go
   */
  public record Spec(
      @Nullable Cidr cidr,
      int blockSize,
      boolean disabled,
      @Nullable Selector nodeSelector,
      @Nullable Selector namespaceSelector,
      Set<Use> allowedUses,
      boolean manual,
      Travel travel) {
    public Spec {
      allowedUses = Set.copyOf(allowedUses);
    }
  }

  /** The prefix length of blocks where none is written. */
  public static int defaultBlockSize(IpFamily family) {
    return switch (family) {
      case IPV4 -> 26;
      case IPV6 -> 122;
    };
  }
}
