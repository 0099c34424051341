package io.margay.agents.audit.merkle;

/** The hashes of a stored tree. */
@FunctionalInterface
public interface Nodes {

  /**
   * The root of a perfect subtree.
   *
   * @param height 0 for a leaf
   * @param index of the subtree among those of its height: it holds the leaves from {@code index <<
   *     height} on
   * @throws java.io.UncheckedIOException if it cannot be read
   */
  Hash node(int height, long index);
}
