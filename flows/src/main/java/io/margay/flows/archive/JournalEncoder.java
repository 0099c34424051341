package io.margay.flows.archive;

import static io.margay.flows.archive.JournalEncoder.Entry.KEY;
import static io.margay.flows.archive.JournalEncoder.Entry.LABELS;
import static io.margay.flows.archive.JournalEncoder.Entry.PEER;
import static io.margay.flows.archive.JournalEncoder.Entry.PROCESS;
import static io.margay.flows.archive.JournalEncoder.Entry.SENDER;
import static io.margay.flows.archive.JournalEncoder.Entry.SERVICE;
import static io.margay.flows.archive.JournalEncoder.Entry.TRACE;
import static io.margay.flows.archive.JournalEncoder.Entry.UPDATE;

import io.margay.flows.FlowCounters;
import io.margay.flows.FlowKey;
import io.margay.flows.FlowPeer;
import io.margay.flows.FlowService;
import io.margay.flows.PolicyHit;
import io.margay.flows.PolicyTrace;
import io.margay.model.verdict.PolicyRef;
import java.util.BitSet;
import java.util.List;

/**
 * Writes updates for one segment of the journal. What an update refers to is written before its
 * first use in the segment, so that each segment can be read by itself.
 */
final class JournalEncoder {
  private final KeyDictionary dictionary;
  private final BitSet peers = new BitSet();
  private final BitSet services = new BitSet();
  private final BitSet traces = new BitSet();
  private final BitSet processes = new BitSet();
  private final BitSet labelSets = new BitSet();
  private final BitSet keys = new BitSet();
  private final BitSet senders = new BitSet();

  JournalEncoder(KeyDictionary dictionary) {
    this.dictionary = dictionary;
  }

  /** What an entry is; its place is what the journal holds. */
  enum Entry {
    UPDATE,
    PEER,
    SERVICE,
    TRACE,
    PROCESS,
    LABELS,
    KEY,
    SENDER;

    void begin(JournalBytes out, long number) {
      out.number(ordinal());
      out.number(number);
    }
  }

  /** An update whose parts have numbers. */
  record Update(
      int sender,
      long sequence,
      int bucket,
      int key,
      int sourceLabels,
      int destLabels,
      FlowCounters counters) {}

  void write(JournalBytes out, Update update, String senderName) {
    if (isNew(senders, update.sender())) {
      SENDER.begin(out, update.sender());
      out.text(senderName);
    }
    labels(out, update.sourceLabels());
    labels(out, update.destLabels());
    key(out, update.key());
    UPDATE.begin(out, update.key());
    out.number(update.sender());
    out.number(update.sequence());
    out.number(update.bucket());
    out.number(update.sourceLabels());
    out.number(update.destLabels());
    FlowCounters counters = update.counters();
    out.number(counters.packetsIn());
    out.number(counters.packetsOut());
    out.number(counters.bytesIn());
    out.number(counters.bytesOut());
    out.number(counters.started());
    out.number(counters.completed());
    out.number(counters.live());
  }

  private static boolean isNew(BitSet written, int number) {
    boolean isNew = !written.get(number);
    written.set(number);
    return isNew;
  }

  private void labels(JournalBytes out, int number) {
    if (isNew(labelSets, number)) {
      List<String> labels = dictionary.labelSets.get(number);
      LABELS.begin(out, number);
      out.number(labels.size());
      labels.forEach(out::text);
    }
  }

  private void key(JournalBytes out, int number) {
    if (!isNew(keys, number)) {
      return;
    }
    FlowKey key = dictionary.key(number);
    int source = peer(out, key.source());
    int dest = peer(out, key.dest());
    int service = service(out, key);
    int trace = trace(out, key.trace());
    int process = dictionary.processes.numberOf(key.process());
    if (isNew(processes, process)) {
      PROCESS.begin(out, process);
      out.text(key.process());
    }
    KEY.begin(out, number);
    out.number(source);
    out.number(dest);
    out.number(key.destPort());
    out.number(service);
    out.number(key.protocol().number());
    out.number(key.reporter().ordinal());
    out.number(trace);
    out.number(key.dscp());
    out.number(process);
  }

  private int peer(JournalBytes out, FlowPeer peer) {
    int number = dictionary.peers.numberOf(peer);
    if (isNew(peers, number)) {
      PEER.begin(out, number);
      out.text(peer.name());
      out.text(peer.namespace());
      out.number(peer.type().ordinal());
    }
    return number;
  }

  private int service(JournalBytes out, FlowKey key) {
    FlowService service = key.service();
    if (service == null) {
      return KeyDictionary.NONE;
    }
    int number = dictionary.services.numberOf(service);
    if (isNew(services, number)) {
      SERVICE.begin(out, number);
      out.text(service.name());
      out.text(service.namespace());
      out.text(service.portName());
      out.number(service.port());
    }
    return number;
  }

  private int trace(JournalBytes out, PolicyTrace trace) {
    int number = dictionary.traces.numberOf(trace);
    if (isNew(traces, number)) {
      TRACE.begin(out, number);
      out.number(trace.action().ordinal());
      out.number(trace.pendingAction().ordinal());
      hits(out, trace.enforced());
      hits(out, trace.pending());
      hits(out, trace.logs());
    }
    return number;
  }

  private static void hits(JournalBytes out, List<PolicyHit> hits) {
    out.number(hits.size());
    for (PolicyHit hit : hits) {
      out.text(hit.kind());
      out.text(hit.tier());
      out.text(hit.namespace());
      out.text(hit.name());
      out.number(hit.action().ordinal());
      out.number(hit.policyIndex());
      out.number(hit.ruleIndex());
      PolicyRef trigger = hit.trigger();
      out.number(trigger == null ? -1 : trigger.kind().ordinal());
      if (trigger != null) {
        out.text(trigger.tier());
        out.text(trigger.namespace());
        out.text(trigger.name());
      }
    }
  }
}
