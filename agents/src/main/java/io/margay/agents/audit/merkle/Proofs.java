package io.margay.agents.audit.merkle;

import java.util.ArrayList;
import java.util.List;

/** Makes and checks the proofs of RFC 6962 and RFC 9162. */
public final class Proofs {
  private Proofs() {}

  /** The root of the tree over leaves {@code from} to {@code to}, exclusive. */
  static Hash root(Nodes nodes, long from, long to) {
    List<Hash> parts = perfectSubtrees(nodes, from, to);
    Hash root = parts.getLast();
    for (int i = parts.size() - 2; i >= 0; i--) {
      root = Hash.ofNode(parts.get(i), root);
    }
    return root;
  }

  /** The root of a stored tree. */
  public static Hash root(Nodes nodes, long size) {
    return size == 0 ? Hash.EMPTY : root(nodes, 0, size);
  }

  /**
   * What a range of leaves is made of, from left to right. The range begins where the tree's own
   * division puts a border, so the subtrees become smaller to the right.
   */
  static List<Hash> perfectSubtrees(Nodes nodes, long from, long to) {
    List<Hash> parts = new ArrayList<>();
    long at = from;
    while (at < to) {
      long size = Long.highestOneBit(to - at);
      parts.add(nodes.node(Long.numberOfTrailingZeros(size), at / size));
      at += size;
    }
    return parts;
  }

  /** That a leaf is in a tree: the siblings from the leaf up. */
  public static List<Hash> inclusion(Nodes nodes, long index, long size) {
    if (index < 0 || index >= size) {
      throw new IllegalArgumentException("no leaf " + index + " in a tree of " + size);
    }
    List<Hash> proof = new ArrayList<>();
    inclusion(nodes, index, 0, size, proof);
    return proof;
  }

  private static void inclusion(Nodes nodes, long index, long from, long to, List<Hash> proof) {
    if (to - from == 1) {
      return;
    }
    long middle = from + largestPowerBelow(to - from);
    if (index < middle) {
      inclusion(nodes, index, from, middle, proof);
      proof.add(root(nodes, middle, to));
    } else {
      inclusion(nodes, index, middle, to, proof);
      proof.add(root(nodes, from, middle));
    }
  }

  /** That a tree of {@code size} leaves begins with the first {@code old} of them. */
  public static List<Hash> consistency(Nodes nodes, long old, long size) {
    if (old < 0 || old > size) {
      throw new IllegalArgumentException("a tree of " + size + " has no beginning of " + old);
    }
    List<Hash> proof = new ArrayList<>();
    if (old > 0 && old < size) {
      consistency(nodes, old, 0, size, true, proof);
    }
    return proof;
  }

  private static void consistency(
      Nodes nodes, long old, long from, long to, boolean isWholeOld, List<Hash> proof) {
    if (old == to - from) {
      // The old tree's root is known to whoever checks; a part of it is not.
      if (!isWholeOld) {
        proof.add(root(nodes, from, to));
      }
      return;
    }
    long left = largestPowerBelow(to - from);
    if (old <= left) {
      consistency(nodes, old, from, from + left, isWholeOld, proof);
      proof.add(root(nodes, from + left, to));
    } else {
      consistency(nodes, old - left, from + left, to, false, proof);
      proof.add(root(nodes, from, from + left));
    }
  }

  private static long largestPowerBelow(long size) {
    return Long.highestOneBit(size - 1);
  }

  /** Whether a proof shows that a leaf is in the tree with this root (RFC 9162, 2.1.3.2). */
  public static boolean isIncluded(
      Hash leaf, long index, long size, Hash expectedRoot, List<Hash> proof) {
    if (index < 0 || index >= size) {
      return false;
    }
    long node = index;
    long last = size - 1;
    Hash root = leaf;
    for (Hash sibling : proof) {
      if (last == 0) {
        return false;
      }
      if ((node & 1) == 1 || node == last) {
        root = Hash.ofNode(sibling, root);
        while ((node & 1) == 0 && node != 0) {
          node >>= 1;
          last >>= 1;
        }
      } else {
        root = Hash.ofNode(root, sibling);
      }
      node >>= 1;
      last >>= 1;
    }
    return last == 0 && root.equals(expectedRoot);
  }

  /** Whether a proof shows that one tree begins with the other (RFC 9162, 2.1.4.2). */
  public static boolean isConsistent(
      long old, Hash oldRoot, long size, Hash root, List<Hash> proof) {
    if (old < 0 || old > size) {
      return false;
    }
    if (old == size) {
      return proof.isEmpty() && oldRoot.equals(root);
    }
    if (old == 0) {
      return proof.isEmpty() && oldRoot.equals(Hash.EMPTY);
    }
    List<Hash> path = new ArrayList<>(proof);
    if (Long.bitCount(old) == 1) {
      path.addFirst(oldRoot);
    }
    if (path.isEmpty()) {
      return false;
    }
    long node = (old - 1) >> Long.numberOfTrailingZeros(old);
    long last = (size - 1) >> Long.numberOfTrailingZeros(old);
    Hash oldSoFar = path.getFirst();
    Hash newSoFar = path.getFirst();
    for (Hash sibling : path.subList(1, path.size())) {
      if (last == 0) {
        return false;
      }
      if ((node & 1) == 1 || node == last) {
        oldSoFar = Hash.ofNode(sibling, oldSoFar);
        newSoFar = Hash.ofNode(sibling, newSoFar);
        while ((node & 1) == 0 && node != 0) {
          node >>= 1;
          last >>= 1;
        }
      } else {
        newSoFar = Hash.ofNode(newSoFar, sibling);
      }
      node >>= 1;
      last >>= 1;
    }
    return last == 0 && oldSoFar.equals(oldRoot) && newSoFar.equals(root);
  }
}
