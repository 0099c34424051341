package io.margay.console.preview;

import io.margay.console.cluster.ClusterView;
import io.margay.console.flow.FlowJson;
import io.margay.console.preview.Conversation.Ends;
import io.margay.console.preview.Conversation.Judgement;
import io.margay.flows.Flow;
import io.margay.flows.FlowKey;
import io.margay.flows.FlowPeer;
import io.margay.flows.PolicyHit;
import io.margay.flows.Reporter;
import io.margay.model.assertion.Expectation;
import io.margay.model.assertion.Traffic;
import io.margay.model.net.PortRange;
import io.margay.model.verdict.Direction;
import io.margay.model.verdict.Hit;
import io.margay.policy.decide.PathDecision;
import io.margay.policy.proof.Comparison;
import io.margay.policy.proof.Example;
import io.margay.policy.proof.Place;
import io.margay.policy.proof.TwoStates;
import io.margay.policy.proof.Verdicts;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a change of the cluster does to recorded conversations. Each is judged with every endpoint,
 * address and port that its records can stand for, before the change and after it: where those do
 * not agree, it is unknown what becomes of it.
 */
public final class ChangePreview {
  private final TwoStates states;
  private final Comparison comparison;
  private final FlowPlaces places;
  private final ClusterView view;
  private final boolean pending;
  private final List<Expectation> expectations;
  private final @Nullable GonePods gone;

  /**
   * A preview.
   *
   * @param pending whether staged policies are taken as enforced
   */
  public ChangePreview(TwoStates states, boolean pending, List<Expectation> expectations) {
    this(states, pending, expectations, null);
  }

  private ChangePreview(
      TwoStates states, boolean pending, List<Expectation> expectations, @Nullable GonePods gone) {
    this.states = states;
    this.pending = pending;
    this.expectations = List.copyOf(expectations);
    this.gone = gone;
    this.view = new ClusterView(states.resourcesBefore());
    this.comparison = new Comparison(states, pending, FlowPlaces.cuts(view), expectations);
    this.places = new FlowPlaces(view, comparison.places(), gone == null ? Map.of() : gone.names());
  }

  /** The states, over all endpoints and traffic instead of what was recorded. */
  public Comparison comparison() {
    return comparison;
  }

  /** Judges what records tell, in their order. */
  public List<Conversation> judge(Collection<Flow> flows) {
    GonePods missing = new GonePods(view, states, flows, new FreeAddresses(comparison.places()));
    ChangePreview then =
        missing.pods().isEmpty()
            ? this
            : new ChangePreview(states.plus(missing.pods()), pending, expectations, missing);
    List<Conversation> conversations = new ArrayList<>();
    Conversation.group(flows)
        .forEach((ends, records) -> {
          boolean now = !missing.has(ends.source()) && !missing.has(ends.dest());
          conversations.add(
              new Conversation(ends, records, (now ? this : then).judge(ends, records)));
        });
    return conversations;
  }

  private Judgement judge(Ends ends, List<Flow> records) {
    List<Place> from = places.of(ends.source(), ends.dest());
    List<Place> to = places.of(ends.dest(), ends.source());
    if (from.isEmpty() || to.isEmpty()) {
      return new Judgement.Unknown(
          "where " + name(from.isEmpty() ? ends.source() : ends.dest()) + " was: it is gone");
    }
    Traffic traffic = traffic(ends);
    Map<Verdicts, Example> found = verdicts(from, to, traffic, records);
    if (found.isEmpty()) {
      return new Judgement.Unknown(
          gone == null
              ? "which of the two ends was judged here"
              : "what decided it then: of " + name(gone(ends)) + " only the labels are known");
    }
    if (found.keySet().stream().noneMatch(Verdicts::differ)) {
      return new Judgement.Same();
    }
    if (found.size() == 1) {
      Map.Entry<Verdicts, Example> only = found.entrySet().iterator().next();
      return new Judgement.Turned(
          only.getKey(),
          only.getValue(),
          states,
          comparison.intended(only.getValue(), only.getKey()));
    }
    return new Judgement.Unknown(missing(ends, from, to));
  }

  /**
   * Where the rules that decided a record are still there, it was one of those packets that they
   * decide. A record that knows no rules, or rules that decide nothing now, may be any of them.
   */
  private Map<Verdicts, Example> verdicts(
      List<Place> from, List<Place> to, Traffic traffic, List<Flow> records) {
    Map<Verdicts, Example> found = new LinkedHashMap<>();
    Set<Decided> decided =
        records.stream().map(flow -> Decided.of(flow.key())).collect(Collectors.toSet());
    for (Decided one : decided) {
      Map<Verdicts, Example> some =
          comparison.verdicts(from, to, traffic, example -> one.agrees(states.before(example)));
      if (some.isEmpty() && gone != null && !one.hits().isEmpty()) {
        // What is put up again for what is gone was not that, or is judged otherwise by now.
        return Map.of();
      }
      if (some.isEmpty()) {
        return comparison.verdicts(from, to, traffic);
      }
      some.forEach(found::putIfAbsent);
    }
    return found;
  }

  /** What a record says of the rules that decided at one end. */
  private record Decided(Direction direction, List<PolicyHit> hits) {
    static Decided of(FlowKey key) {
      return new Decided(
          key.reporter() == Reporter.SOURCE ? Direction.EGRESS : Direction.INGRESS,
          key.trace().enforced());
    }

    boolean agrees(PathDecision now) {
      List<Hit> trace = now.enforced().trace(direction);
      return trace != null && PolicyHit.of(trace).equals(hits);
    }
  }

  private static Traffic traffic(Ends ends) {
    PortRange ports = ends.protocol().hasPorts() ? PortRange.of(ends.port()) : PortRange.ALL;
    return new Traffic(List.of(new Traffic.Part(ends.protocol(), ports)));
  }

  private boolean isGone(FlowPeer peer) {
    return gone != null && gone.has(peer);
  }

  private FlowPeer gone(Ends ends) {
    return isGone(ends.source()) ? ends.source() : ends.dest();
  }

  /** What would have to be known to tell. */
  private String missing(Ends ends, List<Place> from, List<Place> to) {
    if (differ(from, to, traffic(ends), true)) {
      return which(ends.source());
    }
    if (differ(from, to, traffic(ends), false)) {
      return which(ends.dest());
    }
    return ends.protocol().isIcmp() ? "the ICMP type" : "the source port";
  }

  private boolean differ(List<Place> from, List<Place> to, Traffic traffic, boolean source) {
    List<Place> distinct =
        source
            ? comparison.distinct(from, Direction.EGRESS)
            : comparison.distinct(to, Direction.INGRESS);
    Set<Set<Verdicts>> found =
        distinct.stream()
            .map(one ->
                source
                    ? comparison.verdicts(List.of(one), to, traffic).keySet()
                    : comparison.verdicts(from, List.of(one), traffic).keySet())
            .filter(verdicts -> !verdicts.isEmpty())
            .collect(Collectors.toSet());
    return found.size() > 1;
  }

  private String which(FlowPeer peer) {
    if (isGone(peer)) {
      return "the address of " + name(peer) + " and the names of its ports: it is gone";
    }
    return switch (peer.type()) {
      case WORKLOAD_ENDPOINT -> "which pod of " + name(peer) + " it was";
      case HOST_ENDPOINT -> "which host endpoint of " + name(peer) + " it was";
      case NETWORK_SET, NETWORK -> "which outside address of " + name(peer) + " it was";
    };
  }

  /** {@code shop/web-*}, or the words for what has no namespace. */
  public static String name(FlowPeer peer) {
    String name = FlowJson.displayName(peer.name());
    return peer.namespace().equals(FlowPeer.NO_NAMESPACE) ? name : peer.namespace() + "/" + name;
  }
}
