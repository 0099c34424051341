package io.margay.network.ipam;

import io.margay.model.net.Cidr;
import io.margay.model.net.IpAddress;
import java.math.BigInteger;
import java.util.Arrays;

/** The blocks into which a pool is cut, numbered from 0. */
public record BlockRange(Cidr pool, int blockSize) {
  /** Of a larger pool only the first blocks are used: more than any cluster needs. */
  private static final int MOST_BITS = 60;

  long count() {
    return 1L << Math.min(MOST_BITS, Math.max(0, blockSize - pool.prefixLength()));
  }

  Cidr block(long index) {
    int hostBits = pool.family().bits() - blockSize;
    BigInteger offset = BigInteger.valueOf(index).shiftLeft(hostBits);
    return new Cidr(plus(pool.address(), offset), blockSize);
  }

  /** The address with this number in a block. */
  public static IpAddress address(Cidr block, int number) {
    return plus(block.address(), BigInteger.valueOf(number));
  }

  /** The number of an address in its block. */
  public static int number(Cidr block, IpAddress address) {
    return value(address).subtract(value(block.address())).intValueExact();
  }

  /** How many addresses a block has. */
  public static int size(Cidr block) {
    return 1 << (block.family().bits() - block.prefixLength());
  }

  private static BigInteger value(IpAddress address) {
    return new BigInteger(1, address.toBytes());
  }

  private static IpAddress plus(IpAddress address, BigInteger offset) {
    byte[] sum = value(address).add(offset).toByteArray();
    byte[] bytes = new byte[address.family().bits() / 8];
    int length = Math.min(sum.length, bytes.length);
    byte[] low = Arrays.copyOfRange(sum, sum.length - length, sum.length);
    System.arraycopy(low, 0, bytes, bytes.length - length, length);
    return IpAddress.ofBytes(bytes);
  }
}
