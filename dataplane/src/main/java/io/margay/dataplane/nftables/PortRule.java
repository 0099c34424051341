package io.margay.dataplane.nftables;

import io.margay.kernel.nft.Instruction;
import io.margay.kernel.nft.Instruction.Compare;
import io.margay.kernel.nft.Instruction.Comparison;
import io.margay.kernel.nft.Instruction.LoadProtocol;
import io.margay.kernel.nft.Instruction.LoadTransport;
import io.margay.kernel.nft.Instruction.SetMark;
import io.margay.model.net.PortRange;
import io.margay.model.net.Protocol;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A rule of a port table: packets of a protocol, to and from some ports, get a mark. It can be sent
 * to the kernel as it is, without nft.
 *
 * @param protocol null for the last rule, which is for all that are left
 * @param destination destination ports, or for ICMP {@code type << 8 | code}
 */
record PortRule(@Nullable Protocol protocol, PortRange source, PortRange destination, int mark) {
  private static final int SOURCE_PORT = 0;
  private static final int DESTINATION_PORT = 2;

  /** Type and code are the first two bytes. */
  private static final int ICMP_TYPE = 0;

  static PortRule otherwise(int mark) {
    return new PortRule(null, PortRange.ALL, PortRange.ALL, mark);
  }

  /** The rule as nft reads it. */
  String text() {
    String setMark = "meta mark set " + Integer.toUnsignedString(mark);
    if (protocol == null) {
      return setMark;
    }
    StringBuilder rule = new StringBuilder("meta l4proto ").append(protocol.number());
    if (protocol.isIcmp()) {
      rule.append(match("@th,0,16", destination));
    } else {
      rule.append(match("th sport", source)).append(match("th dport", destination));
    }
    return rule.append(' ').append(setMark).append(" return").toString();
  }

  private static String match(String what, PortRange range) {
    return range.equals(PortRange.ALL) ? "" : " " + what + " " + range.toString().replace(':', '-');
  }

  /** The rule as the kernel runs it. */
  List<Instruction> instructions() {
    List<Instruction> all = new ArrayList<>();
    if (protocol != null) {
      all.add(new LoadProtocol());
      all.add(new Compare(Comparison.EQUAL, protocol.number(), 1));
      if (protocol.isIcmp()) {
        match(ICMP_TYPE, destination, all);
      } else {
        match(SOURCE_PORT, source, all);
        match(DESTINATION_PORT, destination, all);
      }
    }
    all.add(new SetMark(mark));
    if (protocol != null) {
      all.add(new Instruction.Return());
    }
    return all;
  }

  private static void match(int offset, PortRange range, List<Instruction> into) {
    if (range.equals(PortRange.ALL)) {
      return;
    }
    into.add(new LoadTransport(offset));
    if (range.first() == range.last()) {
      into.add(new Compare(Comparison.EQUAL, range.first(), 2));
    } else {
      into.add(new Compare(Comparison.AT_LEAST, range.first(), 2));
      into.add(new Compare(Comparison.AT_MOST, range.last(), 2));
    }
  }
}
