package io.margay.model.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressesTest {
  private static final int CASES = 20_000;

  private static IpAddress random(Random random, IpFamily family) {
    byte[] bytes = new byte[family.bits() / 8];
    random.nextBytes(bytes);
    // Runs of zeros, so that the shortest text of IPv6 is met often.
    for (int i = random.nextInt(bytes.length); i < bytes.length && random.nextInt(4) > 0; i++) {
      bytes[i] = 0;
    }
    return IpAddress.ofBytes(bytes);
  }

  private static IpFamily family(int i) {
    return i % 2 == 0 ? IpFamily.IPV4 : IpFamily.IPV6;
  }

  @Test
  void textAndBytesComeBack() throws UnknownHostException {
    Random random = new Random(1);
    for (int i = 0; i < CASES; i++) {
      IpAddress address = random(random, family(i));
      assertThat(IpAddress.parse(address.toString())).isEqualTo(address);
      assertThat(IpAddress.ofBytes(address.toBytes())).isEqualTo(address);
      // The JDK reads our text as the same bytes.
      assertThat(InetAddress.getByName(address.toString()).getAddress())
          .isEqualTo(address.toBytes());
    }
  }

  @Test
  void orderIsNumeric() {
    Random random = new Random(2);
    for (int i = 0; i < CASES; i++) {
      IpAddress left = random(random, family(i));
      IpAddress right = random(random, family(i));
      assertThat(Integer.signum(left.compareTo(right)))
          .isEqualTo(number(left).compareTo(number(right)));
    }
  }

  private static BigInteger number(IpAddress address) {
    return new BigInteger(1, address.toBytes());
  }

  @Test
  void aPrefixContainsWhatItsArithmeticSays() {
    Random random = new Random(3);
    for (int i = 0; i < CASES; i++) {
      IpFamily family = family(i);
      IpAddress base = random(random, family);
      int length = random.nextInt(family.bits() + 1);
      Cidr cidr = new Cidr(base, length);
      BigInteger size = BigInteger.ONE.shiftLeft(family.bits() - length);
      BigInteger first = number(base).divide(size).multiply(size);
      assertThat(number(cidr.address())).isEqualTo(first);
      assertThat(number(cidr.last())).isEqualTo(first.add(size).subtract(BigInteger.ONE));
      assertThat(cidr.contains(base)).isTrue();
      assertThat(Cidr.parse(cidr.toString())).isEqualTo(cidr);
      assertThat(Cidr.parseStrict(cidr.toString())).isEqualTo(cidr);

      IpAddress other = random(random, family);
      assertThat(cidr.contains(other))
          .isEqualTo(number(other).divide(size).multiply(size).equals(first));
      assertThat(cidr.contains(cidr.last())).isTrue();
      BigInteger after = number(cidr.last()).add(BigInteger.ONE);
      if (after.bitLength() <= family.bits()) {
        assertThat(number(cidr.last().next())).isEqualTo(after);
        assertThat(cidr.contains(cidr.last().next())).isFalse();
      }
      Cidr inner = new Cidr(base, length + random.nextInt(family.bits() - length + 1));
      assertThat(cidr.contains(inner)).isTrue();
      assertThat(inner.contains(cidr)).isEqualTo(inner.equals(cidr));
    }
  }

  @Test
  void bitsAreCountedFromTheFront() {
    Random random = new Random(4);
    for (int i = 0; i < 1_000; i++) {
      IpAddress address = random(random, family(i));
      int bits = address.family().bits();
      for (int bit = 0; bit < bits; bit++) {
        assertThat(address.bit(bit)).isEqualTo(number(address).testBit(bits - 1 - bit));
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "::,::",
    "::1,::1",
    "1::,1::",
    "fd00:0:0:1:0:0:0:1,fd00:0:0:1::1",
    "FD00::A,fd00::a",
    "1:0:2:3:4:5:6:7,1:0:2:3:4:5:6:7",
    "::ffff:10.0.0.1,10.0.0.1",
    "64:ff9b::10.0.0.1,64:ff9b::a00:1",
    "0.0.0.0,0.0.0.0",
    "255.255.255.255,255.255.255.255"
  })
  void textIsCanonical(String text, String canonical) {
    assertThat(IpAddress.parse(text)).hasToString(canonical);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "1",
        "1.2.3",
        "1.2.3.4.5",
        "256.1.1.1",
        "01.1.1.1",
        "1.1.1.1 ",
        "1..1.1",
        "a.b.c.d",
        ":",
        ":::",
        "1:2:3:4:5:6:7",
        "1:2:3:4:5:6:7:8:9",
        "1::2::3",
        "12345::",
        "g::",
        "1:",
        "::1.2.3",
        "fe80::1%eth0",
        "1.2.3.4:80",
        "+1.2.3.4",
        "\u0661.1.1.1"
      })
  void otherTextIsRefused(String text) {
    assertThatThrownBy(() -> IpAddress.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/08", "/8", "::/129", "::/ 8"})
  void badPrefixesAreRefused(String text) {
    assertThatThrownBy(() -> Cidr.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("is not a CIDR");
  }

  @Test
  void strictPrefixesHaveNoHostBits() {
    assertThatThrownBy(() -> Cidr.parseStrict("10.0.0.1/8"))
        .hasMessage("\"10.0.0.1/8\" has bits set behind its prefix, write 10.0.0.0/8");
    assertThat(Cidr.parse("10.0.0.1/8")).hasToString("10.0.0.0/8");
    assertThat(Cidr.parse("fd00::1")).hasToString("fd00::1/128");
  }

  @ParameterizedTest
  @CsvSource({"tcp,TCP", "6,TCP", "ICMPv6,ICMPv6", "58,ICMPv6", "udplite,UDPLite", "89,89"})
  void protocolsHaveNamesAndNumbers(String text, String name) {
    assertThat(Protocol.parse(text)).hasToString(name);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "0", "256", "-1", "http", "6.0"})
  void otherProtocolsAreRefused(String text) {
    assertThatThrownBy(() -> Protocol.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }
}
