package io.margay.model.resource;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One migration of a virtual machine: what moves from where to where, and what became of it in the
 * network. Written for each of KubeVirt's migrations, or by whoever else moves machines.
 */
public record LiveMigration(ObjectMeta metadata, Spec spec, Status status)
    implements MachineResource {

  @Override
  public Kind kind() {
    return Kind.LIVE_MIGRATION;
  }

  /** What whoever moves the machine says of it. */
  public enum Outcome {
    UNDER_WAY,
    SUCCEEDED,
    /** The machine is where it was, and the target is of no use any more. */
    FAILED
  }

  /**
   * What moves.
   *
   * @param machine the name of the machine, in this object's namespace
   * @param uid tells the migrations of a machine apart
   */
  public record Spec(String machine, Place source, Place target, String uid, Outcome outcome) {}

  /** A pod and its node. */
  public record Place(String pod, String node) {}

  /** How far the network is. */
  public enum Phase {
    /** No node has seen it yet. */
    PENDING,
    /** The target's interface waits for the machine; nothing is routed to it. */
    PREPARED,
    /** The machine runs at the target, which has its addresses and an elevated route. */
    LIVE,
    /** The same, and the migration is over: the route is elevated for a while longer. */
    CONVERGING,
    SUCCEEDED,
    FAILED;

    public boolean isFinal() {
      return this == SUCCEEDED || this == FAILED;
    }
  }

  /** When a phase began. */
  public record Step(Phase phase, Instant at) {}

  /**
   * What became of it.
   *
   * @param steps in the order in which they came
   * @param gapMillis between the machine's last packet at the source and its first at the target;
   *     null if not known
   * @param gapPackets how many packets to the machine reached the source after its last one; null
   *     if not known
   * @param reason why it failed, or went another way than usual; empty otherwise
   * @param owner of the addresses, as far as is known: {@code pod@node}
   * @param handover null while the source has told no connections
   */
  public record Status(
      Phase phase,
      List<Step> steps,
      @Nullable Long gapMillis,
      @Nullable Long gapPackets,
      Connections connections,
      String reason,
      String owner,
      @Nullable Handover handover) {
    public Status {
      steps = List.copyOf(steps);
    }
  }

  /**
   * The machine's connections.
   *
   * @param moved to the target's table
   * @param kept that were in the target's table already
   * @param dropped that were too many, or that the target's kernel refused
   */
  public record Connections(long moved, long kept, long dropped) {
    public static final Connections NONE = new Connections(0, 0, 0);
  }

  /**
   * The machine's connections as the source knows them, for the target.
   *
   * @param at when they were read
   * @param entries one line each
   * @param omitted how many there were beyond those
   */
  public record Handover(Instant at, List<String> entries, long omitted) {
    public Handover {
      entries = List.copyOf(entries);
    }
  }
}
