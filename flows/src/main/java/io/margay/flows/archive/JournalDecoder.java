package io.margay.flows.archive;

import static io.margay.flows.archive.JournalBytes.integer;
import static io.margay.flows.archive.JournalBytes.number;
import static io.margay.flows.archive.JournalBytes.text;

import io.margay.flows.FlowCounters;
import io.margay.flows.FlowKey;
import io.margay.flows.FlowPeer;
import io.margay.flows.FlowService;
import io.margay.flows.FlowUpdate;
import io.margay.flows.PolicyHit;
import io.margay.flows.PolicyTrace;
import io.margay.flows.Reporter;
import io.margay.flows.history.BucketTime;
import io.margay.model.net.Protocol;
import io.margay.model.resource.RuleAction;
import io.margay.model.verdict.PolicyKind;
import io.margay.model.verdict.PolicyRef;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Reads what {@link JournalEncoder} wrote to one segment, in its order. */
final class JournalDecoder {
  private final Map<Integer, FlowPeer> peers = new HashMap<>();
  private final Map<Integer, FlowService> services = new HashMap<>();
  private final Map<Integer, PolicyTrace> traces = new HashMap<>();
  private final Map<Integer, String> processes = new HashMap<>();
  private final Map<Integer, List<String>> labelSets = new HashMap<>();
  private final Map<Integer, FlowKey> keys = new HashMap<>();
  private final Map<Integer, String> senders = new HashMap<>();

  /** Reads all entries of a record. A number that means nothing is an exception. */
  void read(ByteBuffer in, Consumer<FlowUpdate> updates) {
    while (in.hasRemaining()) {
      JournalEncoder.Entry entry = at(JournalEncoder.Entry.values(), integer(in));
      int number = integer(in);
      switch (entry) {
        case UPDATE -> updates.accept(update(in, number));
        case PEER ->
            peers.put(
                number, new FlowPeer(text(in), text(in), at(FlowPeer.Type.values(), integer(in))));
        case SERVICE ->
            services.put(number, new FlowService(text(in), text(in), text(in), integer(in)));
        case TRACE ->
            traces.put(
                number, new PolicyTrace(action(in), action(in), hits(in), hits(in), hits(in)));
        case PROCESS -> processes.put(number, text(in));
        case LABELS -> labelSets.put(number, labels(in));
        case KEY -> keys.put(number, key(in));
        case SENDER -> senders.put(number, text(in));
      }
    }
  }

  private FlowUpdate update(ByteBuffer in, int key) {
    FlowUpdate.Origin origin = new FlowUpdate.Origin(known(senders, integer(in)), number(in));
    Instant bucket = Instant.ofEpochSecond(number(in) * BucketTime.LENGTH.toSeconds());
    List<String> source = known(labelSets, integer(in));
    List<String> dest = known(labelSets, integer(in));
    return new FlowUpdate(
        origin,
        bucket,
        known(keys, key),
        source,
        dest,
        new FlowCounters(
            number(in), number(in), number(in), number(in), number(in), number(in), number(in)));
  }

  private FlowKey key(ByteBuffer in) {
    FlowPeer source = known(peers, integer(in));
    FlowPeer dest = known(peers, integer(in));
    int port = integer(in);
    int service = integer(in);
    Protocol protocol = new Protocol(integer(in));
    Reporter reporter = at(Reporter.values(), integer(in));
    PolicyTrace trace = known(traces, integer(in));
    int dscp = integer(in);
    return new FlowKey(
        source,
        dest,
        port,
        service == KeyDictionary.NONE ? null : known(services, service),
        protocol,
        reporter,
        trace,
        dscp,
        known(processes, integer(in)));
  }

  private static List<String> labels(ByteBuffer in) {
    int size = integer(in);
    List<String> labels = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      labels.add(text(in));
    }
    return List.copyOf(labels);
  }

  private static List<PolicyHit> hits(ByteBuffer in) {
    int size = integer(in);
    List<PolicyHit> hits = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      String kind = text(in);
      String tier = text(in);
      String namespace = text(in);
      String name = text(in);
      RuleAction action = action(in);
      int policyIndex = integer(in);
      int ruleIndex = integer(in);
      int triggerKind = integer(in);
      PolicyRef trigger =
          triggerKind < 0
              ? null
              : new PolicyRef(at(PolicyKind.values(), triggerKind), text(in), text(in), text(in));
      hits.add(new PolicyHit(kind, tier, namespace, name, action, policyIndex, ruleIndex, trigger));
    }
    return hits;
  }

  private static RuleAction action(ByteBuffer in) {
    return at(RuleAction.values(), integer(in));
  }

  private static <T> T at(T[] values, int place) {
    if (place < 0 || place >= values.length) {
      throw new IllegalArgumentException("the journal holds an unknown value " + place);
    }
    return values[place];
  }

  private static <T> T known(Map<Integer, T> written, int number) {
    T value = written.get(number);
    if (value == null) {
      throw new IllegalArgumentException("the journal refers to " + number + " before telling it");
    }
    return value;
  }
}
