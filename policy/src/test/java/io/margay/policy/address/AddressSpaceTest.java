package io.margay.policy.address;

import static org.assertj.core.api.Assertions.assertThat;

import io.margay.model.net.Cidr;
import io.margay.model.net.IpAddress;
import io.margay.model.net.IpFamily;
import io.margay.policy.address.AddressSpace.Settlement;
import it.unimi.dsi.fastutil.ints.IntArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class AddressSpaceTest {
  private final FactTable facts = new FactTable();
  private final AddressSpace space = new AddressSpace(facts);
  private final int inside = facts.acquire(new Question.InNets(List.of(Cidr.parse("10.0.0.0/8"))));
  private final int web = facts.acquire(new Question.BehindService("shop", "web"));

  private static FactSet facts(int... facts) {
    return FactSet.of(IntArrayList.of(facts));
  }

  private FactSet of(String address) {
    return space.classOf(IpAddress.parse(address)).facts();
  }

  @Test
  void hasARootForEachFamily() {
    space.settle();

    assertThat(of("192.0.2.1").isEmpty()).isTrue();
    assertThat(space.published().drain().set())
        .containsOnlyKeys(Cidr.all(IpFamily.IPV4), Cidr.all(IpFamily.IPV6));
  }

  @Test
  void inheritsFromAllCoversAndPublishesOnlyDifferences() {
    space.put(Cidr.parse("10.0.0.0/8"), "net", facts(inside));
    space.put(Cidr.parse("10.1.0.0/16"), "idle", FactSet.EMPTY);
    space.put(Cidr.parse("10.1.0.5/32"), "pod", facts(web));
    space.settle();

    assertThat(of("10.9.9.9")).isEqualTo(facts(inside));
    assertThat(of("10.1.0.5")).isEqualTo(facts(inside, web));
    assertThat(space.published().drain().set())
        .containsKeys(Cidr.parse("10.0.0.0/8"), Cidr.parse("10.1.0.5/32"))
        .doesNotContainKey(Cidr.parse("10.1.0.0/16"));
  }

  @Test
  void twoSourcesOfOnePrefixAreAUnion() {
    Cidr single = Cidr.parse("10.0.0.1/32");
    space.put(single, "one", facts(inside));
    space.put(single, "other", facts(web));
    space.settle();
    assertThat(of("10.0.0.1")).isEqualTo(facts(inside, web));

    space.remove(single, "one");
    space.settle();
    assertThat(of("10.0.0.1")).isEqualTo(facts(web));
  }

  @Test
  void whatWasCoveredIsPublishedAgainWhenTheCoverGoes() {
    space.put(Cidr.parse("10.0.0.0/8"), "net", facts(inside));
    space.put(Cidr.parse("10.0.0.1/32"), "pod", facts(inside));
    space.settle();
    assertThat(space.published().drain().set()).doesNotContainKey(Cidr.parse("10.0.0.1/32"));

    space.remove(Cidr.parse("10.0.0.0/8"), "net");
    Settlement settlement = space.settle();

    assertThat(space.published().drain().set()).containsOnlyKeys(Cidr.parse("10.0.0.1/32"));
    assertThat(settlement.born()).isEmpty();
    assertThat(settlement.died()).isEmpty();
  }

  @Test
  void classesDieWithTheirLastPrefix() {
    space.put(Cidr.parse("fd00::1/128"), "pod", facts(web));
    assertThat(space.settle().born()).hasSize(3);

    space.remove(Cidr.parse("fd00::1/128"), "pod");

    assertThat(space.settle().died())
        .singleElement()
        .satisfies(gone -> assertThat(gone.facts()).isEqualTo(facts(web)));
    assertThat(space.classCount()).isEqualTo(2);
  }
}
