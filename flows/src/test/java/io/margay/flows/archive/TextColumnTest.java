package io.margay.flows.archive;

import static org.assertj.core.api.Assertions.assertThat;

import io.margay.flows.query.StringMatch;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class TextColumnTest {
  @Test
  void placesCompareAsTheTextsDoHoweverManyCameLater() {
    Random random = new Random(7);
    List<String> texts = new ArrayList<>();
    TextColumn column = TextColumn.EMPTY;
    for (int round = 0; round < 20; round++) {
      List<String> more = new ArrayList<>();
      for (int i = random.nextInt(12); i > 0; i--) {
        more.add("pod-" + random.nextInt(60));
      }
      texts.addAll(more);
      column = column.with(more);
    }
    assertThat(column.size()).isEqualTo(texts.size()).isGreaterThan(60);
    for (int one = 0; one < texts.size(); one++) {
      for (int other = 0; other < texts.size(); other++) {
        assertThat(Integer.signum(Integer.compare(column.place(one), column.place(other))))
            .isEqualTo(Integer.signum(texts.get(one).compareTo(texts.get(other))));
      }
    }
  }

  @Test
  void findsWholeTextsAndPartsOfThem() {
    TextColumn column =
        TextColumn.EMPTY.with(List.of("web", "web-canary")).with(List.of("db", "web", "a-web"));
    assertThat(peers(column, List.of(StringMatch.exact("web")))).containsExactly(0, 3);
    assertThat(peers(column, List.of(new StringMatch("web", StringMatch.Type.FUZZY))))
        .containsExactly(0, 1, 3, 4);
    assertThat(peers(column, List.of(StringMatch.exact("we")))).isEmpty();
    assertThat(peers(column, List.of(StringMatch.exact("db"), StringMatch.exact("a-web"))))
        .containsExactly(2, 4);
  }

  @Test
  void nothingAskedIsNoCondition() {
    assertThat(TextColumn.EMPTY.with(List.of("web")).matching(List.of())).isNull();
  }

  private static List<Integer> peers(TextColumn column, List<StringMatch> wanted) {
    BitSet places = column.matching(wanted);
    assertThat(places).isNotNull();
    List<Integer> found = new ArrayList<>();
    for (int peer = 0; peer < column.size(); peer++) {
      if (places.get(column.place(peer))) {
        found.add(peer);
      }
    }
    return found;
  }
}
