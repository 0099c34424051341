package io.margay.flows.archive;

import io.margay.flows.Flow;
import io.margay.flows.FlowKey;
import io.margay.flows.FlowPeer;
import io.margay.flows.FlowService;
import io.margay.flows.PolicyTrace;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Every key of the history with its number. Keys are held as columns of numbers that stand for
 * their parts, so that a filter is evaluated once for each distinct part and then on numbers.
 */
final class KeyDictionary {
  /** Stands for an absent service. */
  static final int NONE = -1;

  /** What there is no room for. */
  static final int FULL = -1;

  private final int limit;
  final Dictionary<FlowPeer> peers = new Dictionary<>();
  final Dictionary<FlowService> services = new Dictionary<>();
  final Dictionary<PolicyTrace> traces = new Dictionary<>();
  final Dictionary<String> processes = new Dictionary<>();
  final Dictionary<List<String>> labelSets = new Dictionary<>();
  private final Map<FlowKey, Integer> numbers = new ConcurrentHashMap<>();
  private final Object texts = new Object();
  private volatile PeerTexts peerTexts = PeerTexts.EMPTY;
  private volatile Columns columns = new Columns(1024);
  private volatile int size;

  KeyDictionary(int limit) {
    this.limit = limit;
  }

  /** Grown by copying, so that a reader keeps a whole set; only the newest is written. */
  static final class Columns {
    final @Nullable FlowKey[] keys;
    final int[] source;
    final int[] dest;
    final int[] trace;

    /** The first and the last bucket of each key, in buckets since the epoch. */
    final int[] first;

    final int[] last;

    private Columns(int capacity) {
      keys = new FlowKey[capacity];
      source = new int[capacity];
      dest = new int[capacity];
      trace = new int[capacity];
      first = new int[capacity];
      last = new int[capacity];
    }

    private Columns grown(int capacity) {
      Columns larger = new Columns(capacity);
      System.arraycopy(keys, 0, larger.keys, 0, keys.length);
      System.arraycopy(source, 0, larger.source, 0, source.length);
      System.arraycopy(dest, 0, larger.dest, 0, dest.length);
      System.arraycopy(trace, 0, larger.trace, 0, trace.length);
      System.arraycopy(first, 0, larger.first, 0, first.length);
      System.arraycopy(last, 0, larger.last, 0, last.length);
      return larger;
    }
  }

  /** The key's number, a new one if need be; {@link #FULL} when there are too many. */
  int numberOf(FlowKey key) {
    Integer known = numbers.get(key);
    return known == null ? add(key) : known;
  }

  private synchronized int add(FlowKey key) {
    Integer known = numbers.get(key);
    if (known != null) {
      return known;
    }
    if (numbers.size() >= limit) {
      return FULL;
    }
    int number = size;
    FlowService service = key.service();
    put(
        number,
        peers.numberOf(key.source()),
        peers.numberOf(key.dest()),
        service == null ? NONE : services.numberOf(service),
        traces.numberOf(key.trace()),
        processes.numberOf(key.process()),
        key);
    return number;
  }

  /** Puts in a key whose parts are numbered already; it is rebuilt from them to share them. */
  synchronized void put(
      int number, int source, int dest, int service, int trace, int process, FlowKey like) {
    Columns target = columns;
    if (number >= target.keys.length) {
      target = target.grown(Math.max(number + 1, target.keys.length * 2));
    }
    FlowKey key =
        new FlowKey(
            peers.get(source),
            peers.get(dest),
            like.destPort(),
            service == NONE ? null : services.get(service),
            like.protocol(),
            like.reporter(),
            traces.get(trace),
            like.dscp(),
            processes.get(process));
    target.keys[number] = key;
    target.source[number] = source;
    target.dest[number] = dest;
    target.trace[number] = trace;
    target.first[number] = Integer.MAX_VALUE;
    target.last[number] = Integer.MIN_VALUE;
    columns = target;
    numbers.put(key, number);
    size = Math.max(size, number + 1);
  }

  /** Remembers that a key has flows in a bucket. */
  synchronized void seen(int number, int firstBucket, int lastBucket) {
    Columns target = columns;
    target.first[number] = Math.min(target.first[number], firstBucket);
    target.last[number] = Math.max(target.last[number], lastBucket);
  }

  /** One more than the highest number. Read it before {@link #columns()}. */
  int size() {
    return size;
  }

  Columns columns() {
    return columns;
  }

  /** The texts of all peers, at least of those whom a key names that is known by now. */
  PeerTexts peerTexts() {
    PeerTexts known = peerTexts;
    if (known.size() >= peers.size()) {
      return known;
    }
    synchronized (texts) {
      int end = peers.size();
      known = peerTexts;
      if (known.size() < end) {
        known = known.upTo(end, peers);
        peerTexts = known;
      }
      return known;
    }
  }

  @SuppressWarnings("NullAway") // Numbers come from here.
  FlowKey key(int number) {
    return columns.keys[number];
  }

  int serviceOf(FlowKey key) {
    FlowService service = key.service();
    return service == null ? NONE : services.numberOf(service);
  }

  /** The number of the labels that all sets hold. */
  int commonLabels(Iterable<Integer> sets) {
    List<String> common = null;
    for (int set : sets) {
      List<String> labels = labelSets.get(set);
      common = common == null ? labels : Flow.commonLabels(common, labels);
    }
    return labelSets.numberOf(common == null ? List.of() : common);
  }

  int commonLabels(int one, int other) {
    return one == other ? one : commonLabels(List.of(one, other));
  }

  /** Buckets in which nothing was seen: no key. */
  int newestBucket() {
    int end = size;
    int[] last = columns.last;
    return end == 0 ? Integer.MIN_VALUE : Arrays.stream(last, 0, end).max().orElseThrow();
  }
}
