package io.margay.agents.audit.log;

import io.margay.agents.audit.merkle.Frontier;
import io.margay.agents.audit.merkle.Hash;
import io.margay.agents.audit.merkle.Tile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Grows the tree by leaves, and writes each tile when it is full. Of one thread. */
final class TileWriter {
  private final Path root;
  private final Frontier frontier;

  /** For each level, the hashes of the tile that is not full yet. */
  private final List<List<Hash>> open = new ArrayList<>();

  /**
   * Continues a tree.
   *
   * @param size leaves that it has
   */
  TileWriter(Path root, StoredTiles stored, long size) {
    this.root = root;
    this.frontier = Frontier.of(stored, size);
    long index = size;
    for (int level = 0; index > 0; level++, index /= Tile.FULL) {
      int width = (int) (index % Tile.FULL);
      open.add(
          width == 0
              ? new ArrayList<>()
              : new ArrayList<>(stored.hashes(new Tile(level, index / Tile.FULL, width))));
    }
  }

  void add(Hash leaf) throws IOException {
    // Files first: if one cannot be written, nothing has changed and the leaf can be tried again.
    List<Hash> carried = new ArrayList<>();
    Hash hash = leaf;
    long index = frontier.size();
    for (int level = 0; ; level++, index /= Tile.FULL) {
      carried.add(hash);
      if (level == open.size()) {
        open.add(new ArrayList<>());
      }
      if (open.get(level).size() < Tile.FULL - 1) {
        break;
      }
      List<Hash> full = new ArrayList<>(open.get(level));
      full.add(hash);
      StoredTiles.write(root, new Tile(level, index / Tile.FULL, Tile.FULL), full);
      hash = StoredTiles.root(full);
    }
    for (int level = 0; level < carried.size() - 1; level++) {
      open.get(level).clear();
    }
    open.get(carried.size() - 1).add(carried.getLast());
    frontier.add(leaf);
  }

  long size() {
    return frontier.size();
  }

  Hash root() {
    return frontier.root();
  }

  List<Hash> subtrees() {
    return frontier.subtrees();
  }
}
