package io.margay.model.net;

import java.util.AbstractList;
import java.util.Collection;
import java.util.List;
import java.util.RandomAccess;

/**
 * An immutable list of prefixes that takes 17 bytes for each: network sets hold hundreds of
 * thousands of them.
 */
public final class Cidrs extends AbstractList<Cidr> implements RandomAccess {
  /** Up to here a list of objects is as small. */
  private static final int FEW = 3;

  /** Lengths of IPv6 prefixes are kept as so much more, which tells them from IPv4's. */
  private static final int IPV6 = IpFamily.IPV4.bits() + 1;

  private final long[] high;
  private final long[] low;
  private final byte[] lengths;

  private Cidrs(Collection<Cidr> prefixes) {
    high = new long[prefixes.size()];
    low = new long[prefixes.size()];
    lengths = new byte[prefixes.size()];
    int at = 0;
    for (Cidr prefix : prefixes) {
      high[at] = prefix.address().high();
      low[at] = prefix.address().low();
      int length = prefix.prefixLength();
      lengths[at++] = (byte) (prefix.family() == IpFamily.IPV6 ? IPV6 + length : length);
    }
  }

  /** The same prefixes in the same order, as a list that cannot change. */
  public static List<Cidr> copyOf(List<Cidr> prefixes) {
    if (prefixes instanceof Cidrs) {
      return prefixes;
    }
    return prefixes.size() <= FEW ? List.copyOf(prefixes) : new Cidrs(prefixes);
  }

  /** The prefixes in order and each once, as a list that cannot change. */
  public static List<Cidr> sorted(List<Cidr> prefixes) {
    return isSorted(prefixes)
        ? copyOf(prefixes)
        : copyOf(prefixes.stream().sorted().distinct().toList());
  }

  private static boolean isSorted(List<Cidr> prefixes) {
    for (int i = 1; i < prefixes.size(); i++) {
      if (prefixes.get(i - 1).compareTo(prefixes.get(i)) >= 0) {
        return false;
      }
    }
    return true;
  }

  @Override
  public Cidr get(int index) {
    int length = lengths[index] & 0xff;
    return length < IPV6
        ? new Cidr(IpAddress.v4((int) low[index]), length)
        : new Cidr(IpAddress.v6(high[index], low[index]), length - IPV6);
  }

  @Override
  public int size() {
    return lengths.length;
  }
}
