package io.margay.agents.audit.log;

import io.margay.agents.audit.merkle.Frontier;
import io.margay.agents.audit.merkle.Hash;
import io.margay.agents.audit.merkle.Nodes;
import io.margay.agents.audit.merkle.Tile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The hashes of a log's tree. Full tiles are files; what is not there is computed, in the last
 * place from the records. Of one thread.
 */
public final class StoredTiles implements Nodes {
  private static final int CACHED = 4_096;

  private final LogFiles files;
  private final LeafHashes leaves;

  /** What is known of each tile; a log only grows, so what is known stays true. */
  private final Map<Place, List<Hash>> cache =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Place, List<Hash>> eldest) {
          return size() > CACHED;
        }
      };

  /** Which tile, of whatever width. */
  private record Place(int level, long index) {}

  /** Where leaf hashes come from that no tile has. */
  @FunctionalInterface
  public interface LeafHashes {
    /** The hashes of some leaves, in their order. */
    List<Hash> read(long first, int count) throws IOException;
  }

  public StoredTiles(LogFiles files, LeafHashes leaves) {
    this.files = files;
    this.leaves = leaves;
  }

  @Override
  public Hash node(int height, long index) {
    int level = height / Tile.HEIGHT;
    int above = height % Tile.HEIGHT;
    // The node spans 2^above hashes of its level, all in one tile.
    long first = index << above;
    int offset = (int) (first % Tile.FULL);
    int count = 1 << above;
    List<Hash> hashes = hashes(new Tile(level, first / Tile.FULL, offset + count));
    return root(hashes.subList(offset, offset + count));
  }

  /** The hashes of a tile, as many as it is wide. */
  public List<Hash> hashes(Tile tile) {
    Place place = new Place(tile.level(), tile.index());
    List<Hash> known = cache.get(place);
    if (known == null || known.size() < tile.width()) {
      try {
        Optional<List<Hash>> stored = stored(new Tile(tile.level(), tile.index(), Tile.FULL));
        known = stored.isPresent() ? stored.get() : compute(tile);
        cache.put(place, known);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return known.subList(0, tile.width());
  }

  private List<Hash> compute(Tile tile) throws IOException {
    long first = tile.index() * Tile.FULL;
    if (tile.level() == 0) {
      return leaves.read(first, tile.width());
    }
    List<Hash> hashes = new ArrayList<>(tile.width());
    for (int i = 0; i < tile.width(); i++) {
      hashes.add(root(hashes(new Tile(tile.level() - 1, first + i, Tile.FULL))));
    }
    return hashes;
  }

  /** A full tile's file; empty if it is not there or was not written to its end. */
  public Optional<List<Hash>> stored(Tile tile) throws IOException {
    byte[] bytes;
    try {
      bytes = Files.readAllBytes(files.root().resolve(tile.path()));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
    if (bytes.length != Tile.FULL * Hash.SIZE) {
      return Optional.empty();
    }
    List<Hash> hashes = new ArrayList<>(Tile.FULL);
    for (int at = 0; at < bytes.length; at += Hash.SIZE) {
      hashes.add(Hash.at(bytes, at));
    }
    return Optional.of(List.copyOf(hashes));
  }

  /** Writes a tile's file. Not flushed: what a power failure takes is computed again. */
  static void write(Path root, Tile tile, List<Hash> hashes) throws IOException {
    Path file = root.resolve(tile.path());
    Files.createDirectories(file.getParent());
    Path draft = file.resolveSibling(file.getFileName() + ".new");
    Files.write(draft, bytes(hashes));
    Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
  }

  /** A tile's content. */
  public static byte[] bytes(List<Hash> hashes) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(hashes.size() * Hash.SIZE);
    hashes.forEach(hash -> bytes.writeBytes(hash.bytes()));
    return bytes.toByteArray();
  }

  static Hash root(List<Hash> hashes) {
    Frontier frontier = new Frontier();
    hashes.forEach(frontier::add);
    return frontier.root();
  }
}
