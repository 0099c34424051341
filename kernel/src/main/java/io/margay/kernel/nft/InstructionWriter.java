package io.margay.kernel.nft;

import io.margay.kernel.netlink.MessageBuilder;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Writes instructions as the kernel's expressions (linux/netfilter/nf_tables.h). */
final class InstructionWriter {
  private static final int LIST_ELEMENT = 1;
  private static final int EXPRESSION_NAME = 1;
  private static final int EXPRESSION_DATA = 2;

  private static final int VERDICT_REGISTER = 0;
  private static final int REGISTER = 1;

  private static final int META_TO = 1;
  private static final int META_KEY = 2;
  private static final int META_FROM = 3;
  private static final int META_KEY_MARK = 3;
  private static final int META_KEY_PROTOCOL = 16;

  private static final int PAYLOAD_TO = 1;
  private static final int PAYLOAD_BASE = 2;
  private static final int PAYLOAD_OFFSET = 3;
  private static final int PAYLOAD_LENGTH = 4;
  private static final int TRANSPORT_HEADER = 2;

  private static final int COMPARE_FROM = 1;
  private static final int COMPARE_OPERATION = 2;
  private static final int COMPARE_DATA = 3;

  private static final int IMMEDIATE_TO = 1;
  private static final int IMMEDIATE_DATA = 2;

  private static final int DATA_VALUE = 1;
  private static final int DATA_VERDICT = 2;
  private static final int VERDICT_CODE = 1;
  private static final int VERDICT_CHAIN = 2;
  private static final int GOTO = -4;
  private static final int RETURN = -5;

  private final MessageBuilder message;

  InstructionWriter(MessageBuilder message) {
    this.message = message;
  }

  void write(Instruction instruction) {
    switch (instruction) {
      case Instruction.LoadProtocol() ->
          expression(
              "meta",
              () ->
                  message
                      .attributeU32BE(META_KEY, META_KEY_PROTOCOL)
                      .attributeU32BE(META_TO, REGISTER));
      case Instruction.LoadTransport(int offset) ->
          expression(
              "payload",
              () ->
                  message
                      .attributeU32BE(PAYLOAD_TO, REGISTER)
                      .attributeU32BE(PAYLOAD_BASE, TRANSPORT_HEADER)
                      .attributeU32BE(PAYLOAD_OFFSET, offset)
                      .attributeU32BE(PAYLOAD_LENGTH, 2));
      case Instruction.Compare(var comparison, int value, int width) ->
          expression(
              "cmp",
              () ->
                  message
                      .attributeU32BE(COMPARE_FROM, REGISTER)
                      .attributeU32BE(COMPARE_OPERATION, comparison.number)
                      .nested(
                          COMPARE_DATA,
                          () -> message.attribute(DATA_VALUE, networkOrder(value, width))));
      case Instruction.SetMark(int mark) -> {
        expression(
            "immediate",
            () ->
                message
                    .attributeU32BE(IMMEDIATE_TO, REGISTER)
                    .nested(IMMEDIATE_DATA, () -> message.attributeU32(DATA_VALUE, mark)));
        expression(
            "meta",
            () ->
                message
                    .attributeU32BE(META_KEY, META_KEY_MARK)
                    .attributeU32BE(META_FROM, REGISTER));
      }
      case Instruction.Return() ->
          expression(
              "immediate",
              () ->
                  message
                      .attributeU32BE(IMMEDIATE_TO, VERDICT_REGISTER)
                      .nested(IMMEDIATE_DATA, () -> verdict(RETURN, null)));
    }
  }

  /** Writes a verdict as data: to go on in another chain. */
  void writeGoto(String chain) {
    verdict(GOTO, chain);
  }

  private void verdict(int code, @Nullable String chain) {
    message.nested(
        DATA_VERDICT,
        () -> {
          message.attributeU32BE(VERDICT_CODE, code);
          if (chain != null) {
            message.attribute(VERDICT_CHAIN, chain);
          }
        });
  }

  private void expression(String name, Runnable data) {
    message.nested(
        LIST_ELEMENT, () -> message.attribute(EXPRESSION_NAME, name).nested(EXPRESSION_DATA, data));
  }

  private static byte[] networkOrder(int value, int width) {
    byte[] bytes = ByteBuffer.allocate(Integer.BYTES).putInt(value).array();
    return Arrays.copyOfRange(bytes, Integer.BYTES - width, Integer.BYTES);
  }
}
