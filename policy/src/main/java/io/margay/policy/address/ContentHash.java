package io.margay.policy.address;

/**
 * A 64-bit hash of content that is the same in every process: unlike {@code hashCode}, which for
 * enums depends on where the object lies.
 */
public final class ContentHash {
  private long state;

  public ContentHash(String kind) {
    add(kind);
  }

  public ContentHash add(String text) {
    for (int i = 0; i < text.length(); i++) {
      state = (state ^ text.charAt(i)) * 0x100000001b3L;
    }
    return add(text.length());
  }

  public ContentHash add(long value) {
    state = mix(state ^ mix(value + 0x9e3779b97f4a7c15L)) + 0x632be59bd9b4e019L;
    return this;
  }

  public long value() {
    return mix(state);
  }

  /** A bijection in which every input bit moves every output bit (the finalizer of MurmurHash3). */
  private static long mix(long value) {
    long mixed = (value ^ (value >>> 33)) * 0xff51afd7ed558ccdL;
    mixed = (mixed ^ (mixed >>> 33)) * 0xc4ceb9fe1a85ec53L;
    return mixed ^ (mixed >>> 33);
  }
}
