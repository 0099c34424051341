package io.margay.flows.archive;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Which key is in which bucket, packed and read again. */
class BucketIndexTest {
  private static final long HOUR = 1_795_132_800L;

  @Test
  void theLastBucketInATimeIsFound() {
    Random random = new Random(5);
    TreeMap<Integer, NavigableSet<Integer>> buckets = new TreeMap<>();
    for (int i = 0; i < 300; i++) {
      // Near and far from each other, up to the greatest number there is.
      int key = random.nextBoolean() ? random.nextInt(400) : random.nextInt(Integer.MAX_VALUE);
      NavigableSet<Integer> ofKey = new TreeSet<>();
      for (int n = random.nextInt(300); n >= 0; n--) {
        ofKey.add(random.nextInt(Buckets.IN_HOUR));
      }
      buckets.put(key, ofKey);
    }
    buckets.put(Integer.MAX_VALUE, all());
    BucketIndex.Encoder encoder = new BucketIndex.Encoder();
    buckets.forEach((key, ofKey) -> ofKey.forEach(bucket -> encoder.add(key, bucket)));
    byte[] bytes = encoder.bytes();
    for (int question = 0; question < 200; question++) {
      long from = HOUR - 100 + random.nextInt(3_800);
      long to = from + 1 + random.nextInt(3_800);
      Map<Integer, Long> expected = new HashMap<>();
      buckets.forEach((key, ofKey) ->
          ofKey.stream()
              .map(bucket -> HOUR + bucket * 15L)
              .filter(second -> second + 15 > from && second < to)
              .forEach(second -> expected.merge(key, second, Math::max)));
      Map<Integer, Long> found = new HashMap<>();
      BucketIndex.last(HOUR, bytes, from, to, found::put);
      assertThat(found).as("%d to %d", from, to).isEqualTo(expected);
    }
  }

  private static NavigableSet<Integer> all() {
    NavigableSet<Integer> all = new TreeSet<>();
    for (int bucket = 0; bucket < Buckets.IN_HOUR; bucket++) {
      all.add(bucket);
    }
    return all;
  }

  @Test
  void nothingIsInNothing() {
    BucketIndex.last(
        HOUR,
        new BucketIndex.Encoder().bytes(),
        0,
        LivePart.FOREVER,
        (key, second) -> {
          throw new AssertionError(key + " at " + second);
        });
  }
}
