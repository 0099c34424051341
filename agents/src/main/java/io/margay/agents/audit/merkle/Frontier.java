package io.margay.agents.audit.merkle;

import java.util.ArrayList;
import java.util.List;

/**
 * The right edge of a growing tree: the perfect subtrees that its leaves so far make up, the
 * largest first. All that is needed to add a leaf or to know the root, in at most 63 hashes. Of one
 * thread.
 */
public final class Frontier {
  private final List<Hash> subtrees = new ArrayList<>();
  private long size;

  /** An empty tree. */
  public Frontier() {}

  /**
   * A tree that has leaves already.
   *
   * @param subtrees one for each bit that is set in the size, the largest first
   */
  public Frontier(long size, List<Hash> subtrees) {
    if (size < 0 || subtrees.size() != Long.bitCount(size)) {
      throw new IllegalArgumentException(
          "a tree of " + size + " leaves does not have " + subtrees.size() + " perfect subtrees");
    }
    this.size = size;
    this.subtrees.addAll(subtrees);
  }

  /** The edge of a tree that is stored. */
  public static Frontier of(Nodes nodes, long size) {
    return new Frontier(size, Proofs.perfectSubtrees(nodes, 0, size));
  }

  public void add(Hash leaf) {
    Hash merged = leaf;
    // As in counting: each bit that is carried joins two subtrees of one size.
    for (long carry = size; (carry & 1) == 1; carry >>= 1) {
      merged = Hash.ofNode(subtrees.removeLast(), merged);
    }
    subtrees.add(merged);
    size++;
  }

  public long size() {
    return size;
  }

  public Hash root() {
    if (subtrees.isEmpty()) {
      return Hash.EMPTY;
    }
    Hash root = subtrees.getLast();
    for (int i = subtrees.size() - 2; i >= 0; i--) {
      root = Hash.ofNode(subtrees.get(i), root);
    }
    return root;
  }

  /** The perfect subtrees, the largest first. */
  public List<Hash> subtrees() {
    return List.copyOf(subtrees);
  }
}
