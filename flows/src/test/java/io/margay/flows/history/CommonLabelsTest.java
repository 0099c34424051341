package io.margay.flows.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CommonLabelsTest {
  private final CommonLabels commonLabels = new CommonLabels();

  @Test
  void equalSetsThatAreListsOfTheirOwnAreCompared() {
    List<String> one = List.of("app=web", "tier=front");
    assertThat(commonLabels.of(one, List.of("app=web", "tier=front"))).isSameAs(one);
    assertThat(commonLabels.of(one, List.of("app=web"))).containsExactly("app=web");
    assertThat(commonLabels.of(one, List.of())).isEmpty();
  }

  @Test
  void whatTwoPairsHaveInCommonIsOneListSoThatItIsFoundAgain() {
    List<String> common = commonLabels.of(List.of("a=1", "b=1"), List.of("a=1", "b=2"));
    assertThat(common).containsExactly("a=1");
    assertThat(commonLabels.of(List.of("a=1", "b=3"), List.of("a=1", "b=4"))).isSameAs(common);
  }

  /** Many more pairs than are remembered. */
  @Test
  void pairsThatPushEachOtherOutStayRight() {
    List<List<String>> sets = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      sets.add(List.of("a=1", "b=" + i % 7, "c=" + i));
    }
    for (int round = 0; round < 2; round++) {
      for (int i = 0; i < sets.size(); i++) {
        for (int j = 0; j < sets.size(); j++) {
          List<String> expected =
              i == j ? sets.get(i) : i % 7 == j % 7 ? sets.get(i).subList(0, 2) : List.of("a=1");
          assertThat(commonLabels.of(sets.get(i), sets.get(j))).isEqualTo(expected);
        }
      }
    }
  }
}
