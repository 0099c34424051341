package io.margay.model.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class CidrsTest {
  private static final List<Cidr> MIXED =
      Stream.of("10.0.0.0/8", "0.0.0.0/0", "255.255.255.255/32", "fd00::1/128", "::/0", "fd00::/64")
          .map(Cidr::parse)
          .toList();

  @Test
  void keepsEveryPrefixAndTheOrder() {
    assertThat(Cidrs.copyOf(MIXED)).isInstanceOf(Cidrs.class).isEqualTo(MIXED);
    assertThat(MIXED).isEqualTo(Cidrs.copyOf(MIXED)).hasSameHashCodeAs(Cidrs.copyOf(MIXED));
  }

  @Test
  void sortsAndDropsRepetitions() {
    List<Cidr> twice = Stream.concat(MIXED.stream(), MIXED.stream()).toList();
    assertThat(Cidrs.sorted(twice)).isEqualTo(MIXED.stream().sorted().toList());
  }

  @Test
  void copiesNothingThatIsAsItShouldBe() {
    List<Cidr> sorted = Cidrs.sorted(MIXED);
    assertThat(Cidrs.sorted(sorted)).isSameAs(sorted);
    assertThat(Cidrs.copyOf(sorted)).isSameAs(sorted);
  }
}
