package io.margay.model.resource;

import io.margay.model.net.Cidr;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which routes come from and go to peers that name it. */
public record BgpFilter(ObjectMeta metadata, Spec spec) implements AddressResource {

  @Override
  public Kind kind() {
    return Kind.BGP_FILTER;
  }

  /** The rules by direction and family; the first that matches decides. */
  public record Spec(
      List<Rule> exportV4, List<Rule> importV4, List<Rule> exportV6, List<Rule> importV6) {
    public Spec {
      exportV4 = List.copyOf(exportV4);
      importV4 = List.copyOf(importV4);
      exportV6 = List.copyOf(exportV6);
      importV6 = List.copyOf(importV6);
    }
  }

  /** How a route's prefix is compared. */
  public enum Match {
    EQUAL,
    NOT_EQUAL,
    IN,
    NOT_IN
  }

  /** Of which peers a rule speaks. */
  public enum PeerType {
    ANY,
    EXTERNAL,
    INTERNAL
  }

  /**
   * One rule; all that is given must match.
   *
   * @param cidr null for any prefix
   * @param minLength shortest prefix with IN and NOT_IN
   * @param maxLength longest prefix with IN and NOT_IN
   * @param remotePeers whether only routes from peers match
   * @param link pattern of the outgoing interface; empty for any
   * @param community that the route must have; empty for any
   * @param asPath with which the route's path must begin
   * @param priority of the route; 0 for any
   * @param accept whether it is accepted, after the operations
   * @param readable false if something of the rule cannot be read: then it rejects everything
   */
  public record Rule(
      @Nullable Cidr cidr,
      Match match,
      int minLength,
      int maxLength,
      boolean remotePeers,
      String link,
      PeerType peers,
      String community,
      List<Long> asPath,
      int priority,
      boolean accept,
      List<Operation> operations,
      boolean readable) {
    public Rule {
      asPath = List.copyOf(asPath);
      operations = List.copyOf(operations);
    }
  }

  /** A change of a route that is accepted. */
  public sealed interface Operation {
    record AddCommunity(String value) implements Operation {}

    record PrependAsPath(List<Long> prefix) implements Operation {
      public PrependAsPath {
        prefix = List.copyOf(prefix);
      }
    }

    record SetPriority(int value) implements Operation {}
  }
}
