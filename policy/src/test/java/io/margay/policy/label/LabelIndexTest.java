package io.margay.policy.label;

import static org.assertj.core.api.Assertions.assertThat;

import io.margay.model.selector.Selector;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class LabelIndexTest {
  private static final List<String> SELECTORS =
      List.of(
          "all()",
          "has(a)",
          "!has(a)",
          "a == 'x'",
          "a == 'x' && b == 'y'",
          "a == 'x' || b == 'y'",
          "a in {'x', 'y'}",
          "a in {}",
          "a not in {'x'}",
          "b starts with 'y' && a != 'x'",
          "a == ''");

  private final Map<String, Set<String>> heard = new HashMap<>();
  private final LabelIndex<String> index =
      new LabelIndex<>((selector, item, matches) -> {
        Set<String> items = heard.computeIfAbsent(selector.canonical(), s -> new HashSet<>());
        assertThat(matches ? items.add(item) : items.remove(item)).isTrue();
      });

  @Test
  void agreesWithMatchingEverythingAgainstEverything() {
    Random random = new Random(7);
    Map<String, Map<String, String>> items = new TreeMap<>();
    Map<String, Integer> acquired = new TreeMap<>();
    for (int step = 0; step < 5_000; step++) {
      String item = "i" + random.nextInt(12);
      String selector = SELECTORS.get(random.nextInt(SELECTORS.size()));
      switch (random.nextInt(5)) {
        case 0, 1 -> {
          Map<String, String> labels = labels(random);
          items.put(item, labels);
          index.put(item, new LayeredLabels(List.of(labels, Map.of("b", "yes"))));
        }
        case 2 -> {
          items.remove(item);
          index.remove(item);
        }
        case 3 -> {
          acquired.merge(selector, 1, Integer::sum);
          index.acquire(List.of(Selector.parse(selector)));
        }
        default -> {
          if (acquired.containsKey(selector)) {
            acquired.merge(selector, -1, (users, less) -> users + less == 0 ? null : users + less);
            index.release(Selector.parse(selector));
          }
        }
      }
      compare(items, acquired.keySet());
    }
  }

  @Test
  void comparesNoSelectorWithEverythingThatSharesItsWidestLabel() {
    int many = 500;
    long[] reads = new long[1];
    for (int i = 0; i < many; i++) {
      Map<String, String> labels =
          new HashMap<>(Map.of("a", "x", "b", "b" + i)) {
            @Override
            public String get(Object key) {
              reads[0]++;
              return super.get(key);
            }
          };
      index.put("i" + i, new LayeredLabels(List.of(labels)));
    }
    for (int i = 0; i < many; i++) {
      Selector selector = Selector.parse("a == 'x' && b == 'b" + i + "'");
      index.acquire(List.of(selector));
      assertThat(index.matches(selector)).containsExactly("i" + i);
    }
    assertThat(reads[0]).isLessThan(20L * many);
  }

  private static Map<String, String> labels(Random random) {
    Map<String, String> labels = new HashMap<>();
    for (String key : List.of("a", "b")) {
      if (random.nextBoolean()) {
        labels.put(key, List.of("x", "y", "").get(random.nextInt(3)));
      }
    }
    return labels;
  }

  private void compare(Map<String, Map<String, String>> items, Set<String> selectors) {
    for (String text : SELECTORS) {
      Selector selector = Selector.parse(text);
      List<String> expected = new ArrayList<>();
      if (selectors.contains(text)) {
        items.forEach((item, labels) -> {
          Map<String, String> all = new HashMap<>(Map.of("b", "yes"));
          all.putAll(labels);
          if (selector.matches(all::get)) {
            expected.add(item);
          }
        });
      }
      assertThat(heard.getOrDefault(selector.canonical(), Set.of()))
          .as(text)
          .containsExactlyInAnyOrderElementsOf(expected);
      assertThat(index.matches(selector)).containsExactlyInAnyOrderElementsOf(expected);
    }
  }
}
