package io.margay.kernel.nft;

import io.margay.kernel.netlink.MessageBuilder;
import io.margay.kernel.netlink.NetfilterMessages;
import io.margay.kernel.netlink.NetlinkSocket;

/**
 * The number of the ruleset's generation in one network namespace: each transaction that changes
 * anything there, whoever sends it, makes it one more. The same number means the same tables.
 */
public final class Generation {
  private static final int SUBSYSTEM = 10;
  private static final int GET_GENERATION = 16;
  private static final int ID = 1;

  private Generation() {}

  /** The number now. */
  public static int now(NetlinkSocket socket) {
    MessageBuilder message =
        new MessageBuilder("NFT_MSG_GETGEN", NetfilterMessages.type(SUBSYSTEM, GET_GENERATION), 0)
            .u8(0)
            .u8(0)
            .u16(0);
    return socket.query(
        message,
        "the ruleset's generation",
        answer -> answer.attributes(NetfilterMessages.HEADER_BYTES).u32BE(ID, 0));
  }
}
