package io.margay.agents.audit.query;

import io.margay.agents.audit.AuditKind;
import io.margay.agents.audit.AuditRecord;
import io.margay.agents.call.Caller;
import io.margay.agents.call.Target;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The calls of a trace as a tree: below each call those that its target made in turn.
 *
 * @param roots calls that no call of the trace led to: those of the user's own agent
 * @param others records of the trace that belong to no decision in it
 */
public record TraceTree(List<Hop> roots, List<AuditRecord> others) {

  public TraceTree {
    roots = List.copyOf(roots);
    others = List.copyOf(others);
  }

  /**
   * A call.
   *
   * @param decision its decision's record
   * @param events what happened to it: hold, approvals, outcome
   * @param calls made by its target
   */
  public record Hop(AuditRecord decision, List<AuditRecord> events, List<Hop> calls) {
    public Hop {
      events = List.copyOf(events);
      calls = List.copyOf(calls);
    }
  }

  /** Builds the tree from a trace's records, oldest first. */
  public static TraceTree of(List<AuditRecord> records) {
    Map<Long, List<AuditRecord>> events = new LinkedHashMap<>();
    List<AuditRecord> others = new ArrayList<>();
    List<AuditRecord> decisions = new ArrayList<>();
    for (AuditRecord record : records) {
      if (record.event().kind() == AuditKind.DECISION) {
        decisions.add(record);
        events.put(record.sequence(), new ArrayList<>());
      } else {
        record.event().about().stream()
            .mapToObj(events::get)
            .filter(list -> list != null)
            .findFirst()
            .orElse(others)
            .add(record);
      }
    }
    Map<Long, List<AuditRecord>> children = new LinkedHashMap<>();
    List<AuditRecord> roots = new ArrayList<>();
    for (AuditRecord decision : decisions) {
      parent(decision, decisions)
          .map(parent -> children.computeIfAbsent(parent.sequence(), _ -> new ArrayList<>()))
          .orElse(roots)
          .add(decision);
    }
    return new TraceTree(hops(roots, children, events), others);
  }

  private static List<Hop> hops(
      List<AuditRecord> decisions,
      Map<Long, List<AuditRecord>> children,
      Map<Long, List<AuditRecord>> events) {
    List<Hop> hops = new ArrayList<>();
    for (AuditRecord decision : decisions) {
      List<AuditRecord> below = children.getOrDefault(decision.sequence(), List.of());
      hops.add(
          new Hop(
              decision,
              events.getOrDefault(decision.sequence(), List.of()),
              hops(below, children, events)));
    }
    return hops;
  }

  /**
   * The call that led to another. If its hop is the other's span, it is that; otherwise the last
   * earlier call of an agent, by a chain that is the other's without its last agent. The chain is
   * the gateway's own word; the span is the caller's, so it counts only if the chain agrees.
   */
  private static Optional<AuditRecord> parent(AuditRecord call, List<AuditRecord> decisions) {
    Optional<AuditRecord> latest = Optional.empty();
    for (AuditRecord earlier : decisions) {
      if (earlier.sequence() < call.sequence() && canLeadTo(earlier, call)) {
        if (hop(earlier).equals(span(call))) {
          return Optional.of(earlier);
        }
        latest = Optional.of(earlier);
      }
    }
    return latest;
  }

  private static boolean canLeadTo(AuditRecord earlier, AuditRecord call) {
    List<String> chain = chain(call);
    return chain.size() > 1
        && chain(earlier).equals(chain.subList(0, chain.size() - 1))
        && earlier
            .event()
            .attempt()
            .filter(attempt -> attempt.target().kind() == Target.Kind.AGENT)
            .isPresent();
  }

  private static List<String> chain(AuditRecord record) {
    return record.event().caller().map(Caller::chain).orElse(List.of());
  }

  private static String hop(AuditRecord record) {
    return record.event().trace().map(trace -> trace.hopId()).orElse("");
  }

  private static String span(AuditRecord record) {
    return record.event().trace().map(trace -> trace.spanId()).orElse("-");
  }
}
