package io.margay.kernel.nft;

import io.margay.kernel.netlink.Attributes;
import io.margay.kernel.netlink.MessageBuilder;
import io.margay.kernel.netlink.NetfilterMessages;
import io.margay.kernel.netlink.NetlinkSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An element of a set or map as the kernel has it. libnftables makes a kilobyte or more of each,
 * and reads the elements of all other sets before those of one; here are only these.
 */
public final class SetElement {
  private static final int SUBSYSTEM = 10;
  private static final int GET_ELEMENTS = 13;
  private static final int INET = 1;

  private static final int TABLE = 1;
  private static final int SET = 2;
  private static final int ELEMENTS = 3;
  private static final int LIST_ELEMENT = 1;

  private static final int KEY = 1;
  private static final int DATA = 2;
  private static final int FLAGS = 3;
  private static final int STATEMENT = 7;
  private static final int STATEMENTS = 11;
  private static final int INTERVAL_END = 1;
  private static final int DATA_VALUE = 1;
  private static final int DATA_VERDICT = 2;
  private static final int VERDICT_CHAIN = 2;
  private static final int EXPRESSION_NAME = 1;
  private static final int EXPRESSION_DATA = 2;
  private static final int COUNTER_PACKETS = 2;

  private final byte[] key;
  private final byte @Nullable [] value;
  private final @Nullable String chain;
  private final boolean intervalEnd;
  private final long packets;

  private SetElement(Attributes element) {
    Attributes data = element.nested(DATA);
    this.key = Objects.requireNonNull(element.nested(KEY).bytes(DATA_VALUE), "a key");
    this.value = data.bytes(DATA_VALUE);
    this.chain = data.nested(DATA_VERDICT).string(VERDICT_CHAIN);
    this.intervalEnd = (element.u32BE(FLAGS, 0) & INTERVAL_END) != 0;
    long[] counted = new long[1];
    count(element.nested(STATEMENT), counted);
    element.nested(STATEMENTS).forEachNested(LIST_ELEMENT, one -> count(one, counted));
    this.packets = counted[0];
  }

  private static void count(Attributes statement, long[] counted) {
    if ("counter".equals(statement.string(EXPRESSION_NAME))) {
      counted[0] = statement.nested(EXPRESSION_DATA).u64BE(COUNTER_PACKETS, 0);
    }
  }

  /**
   * The elements of a set of the family inet, in the kernel's order.
   *
   * @throws io.margay.kernel.KernelException ENOENT if there is no such set
   */
  public static List<SetElement> list(NetlinkSocket socket, String table, String set) {
    MessageBuilder message =
        new MessageBuilder("NFT_MSG_GETSETELEM", NetfilterMessages.type(SUBSYSTEM, GET_ELEMENTS), 0)
            .u8(INET)
            .u8(0)
            .u16(0)
            .attribute(TABLE, table)
            .attribute(SET, set);
    List<SetElement> all = new ArrayList<>();
    socket
        .dump(
            message,
            "set inet " + table + " " + set,
            answer -> {
              List<SetElement> part = new ArrayList<>();
              answer
                  .attributes(NetfilterMessages.HEADER_BYTES)
                  .nested(ELEMENTS)
                  .forEachNested(
                      LIST_ELEMENT,
                      element -> {
                        if (element.has(KEY)) { // the element for all other keys has none
                          part.add(new SetElement(element));
                        }
                      });
              return part;
            })
        .forEach(all::addAll);
    return all;
  }

  /** As the kernel keeps it, see {@link RulesetBatch}. */
  public byte[] key() {
    return key;
  }

  /** What a map gives; null in sets, in maps of verdicts, and where an interval ends. */
  public byte @Nullable [] value() {
    return value;
  }

  /** Where a verdict leads; null in other maps and in sets. */
  public @Nullable String chain() {
    return chain;
  }

  /** Whether this is the first key that no longer belongs to the interval before. */
  public boolean intervalEnd() {
    return intervalEnd;
  }

  /** How many packets were counted; 0 in sets that do not count. */
  public long packets() {
    return packets;
  }
}
