package io.margay.flows;

import io.margay.model.verdict.Direction;

/** The end of a connection whose policies gave the verdict. */
public enum Reporter {
  SOURCE("Src"),
  DESTINATION("Dst");

  private final String goldmaneName;

  Reporter(String goldmaneName) {
    this.goldmaneName = goldmaneName;
  }

  /** The destination judges what comes in, the source what goes out. */
  public static Reporter of(Direction direction) {
    return switch (direction) {
      case INGRESS -> DESTINATION;
      case EGRESS -> SOURCE;
    };
  }

  /** Of the traffic that this end judges. */
  public Direction direction() {
    return switch (this) {
      case DESTINATION -> Direction.INGRESS;
      case SOURCE -> Direction.EGRESS;
    };
  }

  /** As flow records write it. */
  public String goldmaneName() {
    return goldmaneName;
  }
}
