package io.margay.console.preview;

import io.margay.flows.Flow;
import io.margay.flows.FlowKey;
import io.margay.flows.FlowPeer;
import io.margay.flows.Reporter;
import io.margay.model.net.Protocol;
import io.margay.policy.proof.Example;
import io.margay.policy.proof.TwoStates;
import io.margay.policy.proof.Verdicts;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Who spoke to whom, on one port, and what becomes of it. Both ends may have told of it.
 *
 * @param flows the records of it, at least one
 */
public record Conversation(Ends ends, List<Flow> flows, Judgement judgement) {
  public Conversation {
    flows = List.copyOf(flows);
  }

  /** What makes records tell of the same conversation. */
  public record Ends(FlowPeer source, FlowPeer dest, Protocol protocol, int port) {
    static Ends of(FlowKey key) {
      return new Ends(key.source(), key.dest(), key.protocol(), key.destPort());
    }
  }

  /** What becomes of it. */
  public sealed interface Judgement {
    /** Nothing. */
    record Same() implements Judgement {}

    /**
     * Its verdict turns, as that of the example.
     *
     * @param states in which the example is judged
     * @param intended whether somebody said before that it should
     */
    record Turned(Verdicts verdicts, Example example, TwoStates states, boolean intended)
        implements Judgement {}

    /**
     * That depends on what the records do not tell.
     *
     * @param missing the fact that is not known
     */
    record Unknown(String missing) implements Judgement {}
  }

  /** Records by conversation, in the order in which they come. */
  public static Map<Ends, List<Flow>> group(Collection<Flow> flows) {
    Map<Ends, List<Flow>> groups = new LinkedHashMap<>();
    for (Flow flow : flows) {
      groups.computeIfAbsent(Ends.of(flow.key()), _ -> new ArrayList<>()).add(flow);
    }
    return groups;
  }

  /** Attempts to connect. The source sees each of them; where it does not tell, the other end. */
  public long connections() {
    boolean source = flows.stream().anyMatch(flow -> flow.key().reporter() == Reporter.SOURCE);
    return flows.stream()
        .filter(flow -> !source || flow.key().reporter() == Reporter.SOURCE)
        .mapToLong(flow -> flow.counters().started())
        .sum();
  }
}
