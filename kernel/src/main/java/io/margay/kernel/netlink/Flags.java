package io.margay.kernel.netlink;

/** Header flags of netlink messages. */
public final class Flags {
  public static final int REQUEST = 0x1;
  public static final int ACK = 0x4;
  public static final int DUMP = 0x300;

  /** A dump that a change interrupted: what came may lack entries or have them twice. */
  public static final int DUMP_INTERRUPTED = 0x10;

  /** Of a request that makes something: take the place of what is there. */
  public static final int REPLACE = 0x100;

  /** Of a request that makes something: refuse (EEXIST) when it is there. */
  public static final int EXCLUSIVE = 0x200;

  /** Of a request that makes something: make it when it is not there. */
  public static final int CREATE = 0x400;

  public static final int APPEND = 0x800;

  private Flags() {}
}
