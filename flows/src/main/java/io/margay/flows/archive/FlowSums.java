package io.margay.flows.archive;

import io.margay.flows.FlowCounters;
import it.unimi.dsi.fastutil.ints.Int2IntOpenHashMap;
import java.util.Arrays;

/** The sums of one bucket by key, as columns: about 70 bytes for a flow. */
final class FlowSums {
  private static final int COUNTERS = 7;

  final int bucket;
  private final KeyDictionary dictionary;
  private final Int2IntOpenHashMap places = new Int2IntOpenHashMap();
  private int[] keys = new int[64];
  private int[] sourceLabels = new int[64];
  private int[] destLabels = new int[64];
  private long[] counters = new long[64 * COUNTERS];

  FlowSums(int bucket, KeyDictionary dictionary) {
    this.bucket = bucket;
    this.dictionary = dictionary;
    places.defaultReturnValue(-1);
  }

  int size() {
    return places.size();
  }

  /** Adds to a flow's sums, and returns whether the flow is new here. */
  boolean add(int key, int source, int dest, FlowCounters more) {
    int place = places.get(key);
    boolean isNew = place < 0;
    if (isNew) {
      place = places.size();
      places.put(key, place);
      ensure(place + 1);
      keys[place] = key;
      sourceLabels[place] = source;
      destLabels[place] = dest;
    } else {
      sourceLabels[place] = dictionary.commonLabels(sourceLabels[place], source);
      destLabels[place] = dictionary.commonLabels(destLabels[place], dest);
    }
    int at = place * COUNTERS;
    counters[at] += more.packetsIn();
    counters[at + 1] += more.packetsOut();
    counters[at + 2] += more.bytesIn();
    counters[at + 3] += more.bytesOut();
    counters[at + 4] += more.started();
    counters[at + 5] += more.completed();
    counters[at + 6] += more.live();
    return isNew;
  }

  private void ensure(int size) {
    if (size > keys.length) {
      int capacity = keys.length * 2;
      keys = Arrays.copyOf(keys, capacity);
      sourceLabels = Arrays.copyOf(sourceLabels, capacity);
      destLabels = Arrays.copyOf(destLabels, capacity);
      counters = Arrays.copyOf(counters, capacity * COUNTERS);
    }
  }

  int key(int place) {
    return keys[place];
  }

  int sourceLabels(int place) {
    return sourceLabels[place];
  }

  int destLabels(int place) {
    return destLabels[place];
  }

  FlowCounters counters(int place) {
    int at = place * COUNTERS;
    return new FlowCounters(
        counters[at],
        counters[at + 1],
        counters[at + 2],
        counters[at + 3],
        counters[at + 4],
        counters[at + 5],
        counters[at + 6]);
  }
}
