package io.margay.model.resource;

import io.margay.model.net.Cidr;
import java.util.Map;

/**
 * In which blocks a holder has addresses, so that they can be released without a search. It may
 * count more than the blocks hold, never less: it is written before the block.
 */
public record IpamHandle(ObjectMeta metadata, Spec spec) implements AddressResource {

  @Override
  public Kind kind() {
    return Kind.IPAM_HANDLE;
  }

  /**
   * The specification.
   *
   * @param blocks how many addresses in each
   * @param deleted whether the object only waits for its removal
   */
  public record Spec(String handle, Map<Cidr, Integer> blocks, boolean deleted) {
    public Spec {
      blocks = Map.copyOf(blocks);
    }
  }
}
