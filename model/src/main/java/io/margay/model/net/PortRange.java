package io.margay.model.net;

/**
 * An inclusive range of ports (or of ICMP {@code type << 8 | code} values, which share the 16-bit
 * space in decision tables).
 */
public record PortRange(int first, int last) implements Comparable<PortRange> {
  public static final PortRange ALL = new PortRange(0, 65535);

  public PortRange {
    if (first < 0 || last > 65535 || first > last) {
      throw new IllegalArgumentException(
          "port range " + first + ":" + last + " is not within 0:65535, low to high");
    }
  }

  public static PortRange of(int port) {
    return new PortRange(port, port);
  }

  public boolean contains(int port) {
    return first <= port && port <= last;
  }

  @Override
  public int compareTo(PortRange other) {
    int byFirst = Integer.compare(first, other.first);
    return byFirst != 0 ? byFirst : Integer.compare(last, other.last);
  }

  /** {@code 80} or {@code 80:90}, as Calico resources write it. */
  @Override
  public String toString() {
    return first == last ? Integer.toString(first) : first + ":" + last;
  }
}
