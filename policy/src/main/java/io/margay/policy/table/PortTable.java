package io.margay.policy.table;

import io.margay.model.net.PortRange;
import io.margay.model.net.Protocol;
import java.util.List;

/**
 * Which outcome a packet has, once it is known who sent it to whom.
 *
 * @param protocols the protocols that are told apart, ascending by number
 * @param otherwise the outcome id of every other protocol
 */
public record PortTable(List<ProtocolCells> protocols, int otherwise) {
  public PortTable {
    protocols = List.copyOf(protocols);
  }

  /**
   * The cells of one protocol: disjoint, and together they cover all ports. A protocol without
   * ports has one cell that covers everything.
   */
  public record ProtocolCells(Protocol protocol, List<Cell> cells) {
    public ProtocolCells {
      cells = List.copyOf(cells);
    }
  }

  /**
   * A rectangle of ports with one outcome.
   *
   * @param source source ports; all of them unless a rule asks for source ports
   * @param destination destination ports, or for ICMP {@code type << 8 | code}
   */
  public record Cell(PortRange source, PortRange destination, int outcome) {}

  /** The outcome id for a packet. */
  public int outcome(Protocol protocol, int sourcePort, int destinationPort) {
    for (ProtocolCells candidate : protocols) {
      if (candidate.protocol.equals(protocol)) {
        for (Cell cell : candidate.cells) {
          if (cell.source.contains(sourcePort) && cell.destination.contains(destinationPort)) {
            return cell.outcome;
          }
        }
        throw new IllegalStateException("cells of " + protocol + " do not cover all ports");
      }
    }
    return otherwise;
  }
}
