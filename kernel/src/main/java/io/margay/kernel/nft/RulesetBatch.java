package io.margay.kernel.nft;

import io.margay.kernel.KernelException;
import io.margay.kernel.netlink.Flags;
import io.margay.kernel.netlink.MessageBuilder;
import io.margay.kernel.netlink.NetlinkSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A transaction about elements of sets and maps, and about chains that others lead to, in one table
 * of the family inet. libnftables lists all chains and sets of the machine before each run; where
 * there are ten thousand, that takes longer than the change itself. Here nothing is listed.
 *
 * <p>Keys and values are given as the kernel keeps them: numbers such as marks in the machine's
 * byte order, addresses in network order, names filled with zeros to 16 bytes, parts of a
 * concatenation each filled to a multiple of four.
 */
public final class RulesetBatch {
  /** Messages in a batch; what is larger gains nothing here, and must fit into one datagram. */
  public static final int MAX_MESSAGES = 512;

  private static final int BATCH_BEGIN = 0x10;
  private static final int BATCH_END = 0x11;
  private static final int SUBSYSTEM = 10;
  private static final int NEW_CHAIN = SUBSYSTEM << 8 | 3;
  private static final int DELETE_CHAIN = SUBSYSTEM << 8 | 5;
  private static final int NEW_RULE = SUBSYSTEM << 8 | 6;
  private static final int DELETE_RULES = SUBSYSTEM << 8 | 8;
  private static final int NEW_ELEMENTS = SUBSYSTEM << 8 | 12;
  private static final int DELETE_ELEMENTS = SUBSYSTEM << 8 | 14;
  private static final int INET = 1;

  private static final int TABLE = 1;
  private static final int SET = 2;
  private static final int ELEMENTS = 3;
  private static final int ELEMENT = 1;
  private static final int KEY = 1;
  private static final int DATA = 2;
  private static final int VALUE = 1;
  private static final int CHAIN_OF_RULES = 2;
  private static final int CHAIN_NAME = 3;
  private static final int INSTRUCTIONS = 4;
  private static final int USER_DATA = 7;
  private static final int COMMENT = 0;

  private final String table;
  private final List<MessageBuilder> messages = new ArrayList<>();

  public RulesetBatch(String table) {
    this.table = table;
    messages.add(envelope("NFNL_MSG_BATCH_BEGIN", BATCH_BEGIN));
  }

  /**
   * Adds an element.
   *
   * @param value what a map gives for the key; null for a set
   */
  public void add(String set, byte[] key, byte @Nullable [] value) {
    element(
        "NFT_MSG_NEWSETELEM",
        NEW_ELEMENTS,
        Flags.CREATE,
        set,
        key,
        message -> {
          if (value != null) {
            message.nested(DATA, () -> message.attribute(VALUE, value));
          }
        });
  }

  /** Adds an element to a map of verdicts: where the key is found, packets go on in a chain. */
  public void addGoto(String map, byte[] key, String chain) {
    element(
        "NFT_MSG_NEWSETELEM",
        NEW_ELEMENTS,
        Flags.CREATE,
        map,
        key,
        message -> message.nested(DATA, () -> new InstructionWriter(message).writeGoto(chain)));
  }

  public void delete(String set, byte[] key) {
    element("NFT_MSG_DELSETELEM", DELETE_ELEMENTS, 0, set, key, message -> {});
  }

  /** Adds a chain that no hook enters; does nothing where it is there. */
  public void addChain(String chain) {
    messages.add(header("NFT_MSG_NEWCHAIN", NEW_CHAIN, Flags.CREATE).attribute(CHAIN_NAME, chain));
  }

  /**
   * Adds a rule at the end of a chain.
   *
   * @param comment at most 127 bytes
   */
  public void addRule(String chain, List<Instruction> instructions, String comment) {
    MessageBuilder message =
        header("NFT_MSG_NEWRULE", NEW_RULE, Flags.CREATE | Flags.APPEND)
            .attribute(CHAIN_OF_RULES, chain);
    InstructionWriter writer = new InstructionWriter(message);
    messages.add(
        message
            .nested(INSTRUCTIONS, () -> instructions.forEach(writer::write))
            .attribute(USER_DATA, userData(comment)));
  }

  /** As nft keeps it: type, length and text with a zero byte. */
  private static byte[] userData(String comment) {
    byte[] text = comment.getBytes(StandardCharsets.UTF_8);
    ByteBuffer data = ByteBuffer.allocate(2 + text.length + 1);
    return data.put((byte) COMMENT).put((byte) (text.length + 1)).put(text).array();
  }

  /** Deletes all rules of a chain. */
  public void flushChain(String chain) {
    messages.add(header("NFT_MSG_DELRULE", DELETE_RULES, 0).attribute(CHAIN_OF_RULES, chain));
  }

  /** Deletes a chain without rules, to which nothing refers. */
  public void deleteChain(String chain) {
    messages.add(header("NFT_MSG_DELCHAIN", DELETE_CHAIN, 0).attribute(CHAIN_NAME, chain));
  }

  /**
   * Applies all of it or nothing.
   *
   * @throws KernelException if the kernel refuses a part of it; nothing has changed then
   */
  public void apply(NetlinkSocket socket) {
    messages.add(envelope("NFNL_MSG_BATCH_END", BATCH_END));
    socket.batch(messages, "table inet " + table);
  }

  private void element(
      String name, int type, int flags, String set, byte[] key, Consumer<MessageBuilder> data) {
    MessageBuilder message = header(name, type, flags).attribute(SET, set);
    messages.add(
        message.nested(
            ELEMENTS,
            () ->
                message.nested(
                    ELEMENT,
                    () -> {
                      message.nested(KEY, () -> message.attribute(VALUE, key));
                      data.accept(message);
                    })));
  }

  private MessageBuilder header(String name, int type, int flags) {
    return new MessageBuilder(name, type, flags).u8(INET).u8(0).u16(0).attribute(TABLE, table);
  }

  /** The subsystem is in network order. */
  private static MessageBuilder envelope(String name, int type) {
    return new MessageBuilder(name, type, 0).u8(0).u8(0).u8(0).u8(SUBSYSTEM);
  }
}
