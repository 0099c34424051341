package io.margay.flows.shard;

import io.margay.flows.collect.FlowAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;

/**
 * The processes among which nodes are shared out. Each node belongs to the process for which the
 * hash of both is highest, so that a process that comes or goes moves only its own nodes, and
 * everybody who has the list agrees.
 */
public record ShardList(List<FlowAddress> shards) {
  public ShardList {
    shards = List.copyOf(shards);
    if (shards.isEmpty() || new HashSet<>(shards).size() != shards.size()) {
      throw new IllegalArgumentException("the list of shards is empty or names one twice");
    }
  }

  /**
   * Reads addresses with commas between.
   *
   * @throws IllegalArgumentException with a message for the user
   */
  public static ShardList parse(String text) {
    List<FlowAddress> shards = new ArrayList<>();
    for (String address : text.split(",", -1)) {
      shards.add(FlowAddress.parse(address.strip()));
    }
    return new ShardList(shards);
  }

  /** Who takes a node's flows. */
  public FlowAddress owner(String node) {
    return shards.stream()
        .max(
            Comparator.comparingLong((FlowAddress shard) -> weight(shard, node))
                .thenComparing(FlowAddress::toString))
        .orElseThrow();
  }

  private static long weight(FlowAddress shard, String node) {
    return StableHash.of(shard + " " + node);
  }

  /**
   * All but one.
   *
   * @throws IllegalArgumentException if that one is not in the list
   */
  public List<FlowAddress> without(FlowAddress self) {
    if (!shards.contains(self)) {
      throw new IllegalArgumentException(
          self + " is not in the list of shards, write it as the list does");
    }
    return shards.stream().filter(shard -> !shard.equals(self)).toList();
  }

  /** The same on every machine and in every version. */
  static final class StableHash {
    private StableHash() {}

    /** A number that is not negative. */
    static long of(String text) {
      try {
        byte[] digest =
            MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        long number = 0;
        for (int i = 0; i < Long.BYTES; i++) {
          number = number << 8 | Byte.toUnsignedLong(digest[i]);
        }
        return number & Long.MAX_VALUE;
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException("every JDK has SHA-256", e);
      }
    }
  }
}
