package io.margay.dataplane.nftables;

/**
 * The bits of packet and connection marks that are ours. Ids are spread over these bits; the others
 * belong to someone else, and packets leave our chains with them as they came.
 *
 * @param bits one bit for each that is ours; at least {@value #ID_BITS} of them
 */
public record MarkMask(int bits) {
  /** Ids of the tables need so many bits. */
  private static final int ID_BITS = 30;

  /** All bits but the two that kube-proxy uses (0x4000 to masquerade, 0x8000 to drop). */
  public static final MarkMask DEFAULT = new MarkMask(~0xc000);

  public MarkMask {
    if (Integer.bitCount(bits) < ID_BITS) {
      throw new IllegalArgumentException(
          "mark mask 0x%08x has %d bits; at least %d are needed for outcome ids"
              .formatted(bits, Integer.bitCount(bits), ID_BITS));
    }
  }

  /** An id as it appears in a mark. */
  public int mark(int id) {
    return Integer.expand(id, bits);
  }

  /** The id in a mark; 0 when there is none. */
  public int id(int mark) {
    return Integer.compress(mark, bits);
  }

  /** The bits that are not ours. */
  public int foreign() {
    return ~bits;
  }
}
