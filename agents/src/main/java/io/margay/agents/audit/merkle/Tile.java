package io.margay.agents.audit.merkle;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A piece of a tree in C2SP's tlog-tiles layout: up to 256 hashes of one level side by side, or the
 * entries below such a tile of level 0.
 *
 * @param level 0 for leaf hashes; each further level is eight levels of the tree higher; {@link
 *     #ENTRIES} for the entries themselves
 * @param index among the tiles of the level
 * @param width 1 to 256 hashes or entries; fewer than 256 make a partial tile
 */
public record Tile(int level, long index, int width) {
  /** Hashes of a full tile. */
  public static final int FULL = 256;

  /** Levels of the tree that a tile spans. */
  public static final int HEIGHT = 8;

  /** The level that stands for an entry bundle. */
  public static final int ENTRIES = -1;

  private static final int MAX_LEVEL = 5;
  private static final Pattern PATH =
      Pattern.compile("tile/([0-5]|entries)/((?:x\\d{3}/){0,6}\\d{3})(?:\\.p/([1-9]\\d{0,2}))?");

  public Tile {
    if (level < ENTRIES || level > MAX_LEVEL || index < 0 || width < 1 || width > FULL) {
      throw new IllegalArgumentException(
          "no tile of level " + level + ", index " + index + ", width " + width);
    }
  }

  public boolean isPartial() {
    return width < FULL;
  }

  /**
   * Where it is below the log's prefix, such as {@code tile/0/x001/234} or {@code tile/1/000.p/8}.
   */
  public String path() {
    StringBuilder number = new StringBuilder(digits(index % 1000));
    for (long rest = index / 1000; rest > 0; rest /= 1000) {
      number.insert(0, "x" + digits(rest % 1000) + "/");
    }
    String name = level == ENTRIES ? "entries" : Integer.toString(level);
    return "tile/" + name + "/" + number + (isPartial() ? ".p/" + width : "");
  }

  private static String digits(long number) {
    return Long.toString(1000 + number).substring(1);
  }

  /** The tile at a path; empty if the path is none that {@link #path} gives. */
  public static Optional<Tile> parse(String path) {
    Matcher matcher = PATH.matcher(path);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    String width = matcher.group(3);
    int hashes = width == null ? FULL : Integer.parseInt(width);
    if (hashes > FULL || (width != null && hashes == FULL)) {
      return Optional.empty();
    }
    String level = matcher.group(1);
    long index = Long.parseLong(matcher.group(2).replace("x", "").replace("/", ""));
    Tile tile =
        new Tile(level.equals("entries") ? ENTRIES : Integer.parseInt(level), index, hashes);
    // One tile has one path: leading zeros beyond three digits are another.
    return tile.path().equals(path) ? Optional.of(tile) : Optional.empty();
  }
}
