package io.margay.kernel.netlink;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * One received netlink message. Its buffer is a view that is valid only until the handler returns.
 *
 * @param flags of the header, see {@link Flags}
 * @param body the fixed structure and the attributes, in the machine's byte order
 */
public record Message(int type, int flags, int sequence, ByteBuffer body) {
  static final int DONE = 3;
  static final int ERROR = 2;
  static final int NOOP = 1;

  /** The attributes behind a fixed structure of so many bytes. */
  public Attributes attributes(int fixedBytes) {
    int start = Math.min((fixedBytes + 3) & ~3, body.limit());
    return new Attributes(body.slice(start, body.limit() - start).order(ByteOrder.nativeOrder()));
  }
}
