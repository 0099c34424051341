package io.margay.dataplane;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeltaTrackerTest {
  private final DeltaTracker<String, Integer> tracker = new DeltaTracker<>();

  private Map<String, Integer> toSet() {
    Map<String, Integer> found = new HashMap<>();
    tracker.forEachToSet(found::put);
    return found;
  }

  private Set<String> toRemove() {
    Set<String> found = new HashSet<>();
    tracker.forEachToRemove(found::add);
    return found;
  }

  @Test
  void whatIsNotConfirmedStaysDirty() {
    tracker.set("a", 1);
    tracker.set("b", 2);
    tracker.confirm("a");
    assertThat(toSet()).containsExactly(Map.entry("b", 2));
    tracker.remove("a");
    assertThat(toRemove()).containsExactly("a");
    assertThat(tracker.pending()).isEqualTo(2);
  }

  @Test
  void changingBackIsNoDifference() {
    tracker.set("a", 1);
    tracker.confirm("a");
    tracker.set("a", 2);
    tracker.set("a", 1);
    assertThat(tracker.inSync()).isTrue();
    tracker.remove("a");
    tracker.set("a", 1);
    assertThat(tracker.inSync()).isTrue();
  }

  @Test
  void whatWasReadBackIsComparedWithWhatShouldBe() {
    tracker.set("same", 1);
    tracker.set("other", 2);
    tracker.set("missing", 3);
    tracker.replaceActual(Map.of("same", 1, "other", 9, "extra", 4));
    assertThat(toSet()).isEqualTo(Map.of("other", 2, "missing", 3));
    assertThat(toRemove()).containsExactly("extra");
  }

  /** Whatever happens, the difference is the difference of the two maps. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void differenceOfTheMaps(long seed) {
    Random random = new Random(seed);
    Map<String, Integer> desired = new HashMap<>();
    Map<String, Integer> actual = new HashMap<>();
    for (int i = 0; i < 2000; i++) {
      String key = "k" + random.nextInt(20);
      int value = random.nextInt(3);
      switch (random.nextInt(5)) {
        case 0, 1 -> {
          tracker.set(key, value);
          desired.put(key, value);
        }
        case 2 -> {
          tracker.remove(key);
          desired.remove(key);
        }
        case 3 -> {
          tracker.found(key, value);
          actual.put(key, value);
        }
        default -> {
          tracker.confirm(key);
          Integer wanted = desired.get(key);
          if (wanted == null) {
            actual.remove(key);
          } else {
            actual.put(key, wanted);
          }
        }
      }
      Map<String, Integer> missing = new HashMap<>(desired);
      missing.entrySet().removeAll(actual.entrySet());
      Set<String> extra = new HashSet<>(actual.keySet());
      extra.removeAll(desired.keySet());
      assertThat(toSet()).isEqualTo(missing);
      assertThat(toRemove()).isEqualTo(extra);
    }
  }
}
