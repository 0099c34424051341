package io.margay.dataplane.nftables;

import static org.assertj.core.api.Assertions.assertThat;

import io.margay.model.net.Cidr;
import io.margay.model.net.IpAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AddressRangesTest {
  /** Every address has the value of its longest prefix, and ranges never overlap. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void longestPrefixWins(long seed) {
    Random random = new Random(seed);
    boolean version4 = seed % 2 == 0;
    TreeMap<Cidr, Integer> prefixes = new TreeMap<>();
    prefixes.put(Cidr.parse(version4 ? "0.0.0.0/0" : "::/0"), 0);
    for (int i = 1; i < 60; i++) {
      // Few distinct bits, so that prefixes nest and touch; the ends of the space too.
      IpAddress address =
          version4
              ? IpAddress.v4((random.nextInt(4) << 30) | random.nextInt(16) << 8)
              : IpAddress.v6((long) random.nextInt(4) << 62, (long) random.nextInt(16) << 60);
      prefixes.put(new Cidr(address, random.nextInt(address.family().bits())), random.nextInt(5));
    }
    Map<ElementKey, ElementValue> ranges = AddressRanges.of(prefixes);

    List<ElementKey.AddressRange> sorted = new ArrayList<>();
    ranges.keySet().forEach(key -> sorted.add((ElementKey.AddressRange) key));
    sorted.sort((a, b) -> a.first().compareTo(b.first()));
    IpAddress expected = prefixes.firstKey().address();
    for (ElementKey.AddressRange range : sorted) {
      assertThat(range.first()).as("ranges follow each other").isEqualTo(expected);
      for (IpAddress probe : List.of(range.first(), range.last())) {
        assertThat(ranges.get(range))
            .isEqualTo(new ElementValue.Mark(longestPrefix(prefixes, probe)));
      }
      expected = range.last().next();
    }
    assertThat(expected).as("to the last address").isEqualTo(prefixes.firstKey().address());
  }

  private static int longestPrefix(Map<Cidr, Integer> prefixes, IpAddress address) {
    return prefixes.entrySet().stream()
        .filter(prefix -> prefix.getKey().contains(address))
        .max((a, b) -> a.getKey().prefixLength() - b.getKey().prefixLength())
        .orElseThrow()
        .getValue();
  }
}
