package io.margay.agents.audit.verify;

import io.margay.agents.audit.log.LogFiles;
import io.margay.agents.audit.log.SegmentReader;
import io.margay.agents.audit.log.SegmentReader.Batch;
import io.margay.agents.audit.log.SegmentReader.Stored;
import io.margay.agents.audit.log.StoredRecords;
import io.margay.agents.audit.log.StoredTiles;
import io.margay.agents.audit.merkle.Checkpoint;
import io.margay.agents.audit.merkle.Hash;
import io.margay.agents.audit.merkle.NoteKey;
import io.margay.agents.audit.merkle.Tile;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A log in C2SP's tlog-tiles layout: the checkpoint, all tiles of hashes, and the records as entry
 * bundles. A web server can serve it as it is, and tools for that format read it. Beside it lie
 * {@code verifier-key} and {@code checkpoints.notes}, the older checkpoints.
 */
public final class TileDirectory {
  private static final String CHECKPOINT = "checkpoint";
  private static final String OLDER = "checkpoints.notes";
  private static final String KEY = "verifier-key";

  private TileDirectory() {}

  /**
   * Writes a log up to its newest checkpoint.
   *
   * @param target a directory that is empty or not there
   */
  public static Checkpoint write(LogFiles log, Path target) throws IOException {
    Files.createDirectories(target);
    try (var present = Files.list(target)) {
      if (present.findAny().isPresent()) {
        throw new IOException(target + ": not empty; name another directory");
      }
    }
    NoteKey key = NoteKey.parse(Files.readString(log.verifierKey()));
    List<String> notes = log.notes();
    String newest = Newest.of(log, key);
    Checkpoint checkpoint = Checkpoint.open(newest, key);
    writeEntries(log, target, checkpoint.size());
    writeTiles(log, target, checkpoint.size());
    Files.writeString(target.resolve(OLDER), String.join("\n", notes) + "\n");
    Files.writeString(target.resolve(KEY), key + "\n");
    // Last: whoever sees the checkpoint finds everything below it.
    Files.writeString(target.resolve(CHECKPOINT), newest);
    return checkpoint;
  }

  private static void writeTiles(LogFiles log, Path target, long size) throws IOException {
    StoredTiles tiles = new StoredTiles(log, new StoredRecords(log)::leaves);
    long count = size;
    for (int level = 0; count > 0; level++, count /= Tile.FULL) {
      for (long index = 0; index * Tile.FULL < count; index++) {
        int width = (int) Math.min(Tile.FULL, count - index * Tile.FULL);
        Tile tile = new Tile(level, index, width);
        write(target, tile, StoredTiles.bytes(tiles.hashes(tile)));
      }
    }
  }

  private static void writeEntries(LogFiles log, Path target, long size) throws IOException {
    List<Stored> bundle = new ArrayList<>(Tile.FULL);
    for (long start : log.segmentStarts()) {
      try (SegmentReader reader = SegmentReader.open(log, start)) {
        while (reader.next() < size && reader.read() instanceof Batch batch) {
          for (Stored record : batch.records()) {
            if (record.sequence() < size) {
              bundle.add(record);
            }
            if (bundle.size() == Tile.FULL || record.sequence() == size - 1) {
              writeBundle(target, bundle);
              bundle.clear();
            }
          }
        }
      }
    }
  }

  private static void writeBundle(Path target, List<Stored> records) throws IOException {
    if (records.isEmpty()) {
      return;
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    for (Stored record : records) {
      out.writeShort(record.bytes().length);
      out.write(record.bytes());
    }
    long index = records.getFirst().sequence() / Tile.FULL;
    write(target, new Tile(Tile.ENTRIES, index, records.size()), bytes.toByteArray());
  }

  private static void write(Path target, Tile tile, byte[] content) throws IOException {
    Path file = target.resolve(tile.path());
    Files.createDirectories(file.getParent());
    Files.write(file, content);
  }

  static Report verify(Path directory, NoteKey key, List<String> more) throws IOException {
    String newest = Files.readString(directory.resolve(CHECKPOINT));
    List<String> notes = new ArrayList<>(more);
    notes.add(newest);
    if (Files.exists(directory.resolve(OLDER))) {
      notes.addAll(LogFiles.splitNotes(Files.readString(directory.resolve(OLDER))));
    }
    Verification verification = new Verification(new Checkpoints(key, notes));
    try {
      long size = Checkpoint.open(newest, key).size();
      for (long index = 0; index * Tile.FULL < size; index++) {
        int width = (int) Math.min(Tile.FULL, size - index * Tile.FULL);
        if (!take(directory, index, width, verification)) {
          break;
        }
      }
    } catch (IllegalArgumentException e) {
      verification.problem(String.valueOf(e.getMessage()));
    }
    return verification.finish();
  }

  /** Takes a bundle and compares it with its tile; where there is no bundle, the tile's hashes. */
  private static boolean take(Path directory, long index, int width, Verification verification)
      throws IOException {
    Tile tile = new Tile(0, index, width);
    Tile entries = new Tile(Tile.ENTRIES, index, width);
    Path tileFile = directory.resolve(tile.path());
    Path entriesFile = directory.resolve(entries.path());
    if (!Files.exists(tileFile)) {
      verification.problem(tile.path() + " is missing");
      return false;
    }
    byte[] hashes = Files.readAllBytes(tileFile);
    if (hashes.length != width * Hash.SIZE) {
      verification.problem(tile.path() + " has " + hashes.length + " bytes");
      return false;
    }
    if (!Files.exists(entriesFile)) {
      if (verification.hasRecords()) {
        verification.problem(entries.path() + " is missing");
        return false;
      }
      for (int i = 0; i < width; i++) {
        verification.removed(Hash.at(hashes, i * Hash.SIZE));
      }
      return true;
    }
    List<byte[]> records = records(Files.readAllBytes(entriesFile));
    if (records.size() != width) {
      verification.problem(
          "record "
              + (verification.next() + Math.min(width, records.size()))
              + ": "
              + entries.path()
              + " has "
              + records.size()
              + " whole records instead of "
              + width);
      return false;
    }
    for (int i = 0; i < width; i++) {
      if (!Hash.ofLeaf(records.get(i)).equals(Hash.at(hashes, i * Hash.SIZE))) {
        verification.problem(
            "record " + verification.next() + ": not the one whose hash is in " + tile.path());
      }
      verification.record(records.get(i));
    }
    return true;
  }

  /** The records of a bundle, up to the first that is not whole. */
  private static List<byte[]> records(byte[] bundle) {
    List<byte[]> records = new ArrayList<>();
    ByteBuffer rest = ByteBuffer.wrap(bundle);
    while (rest.remaining() >= Short.BYTES) {
      int length = Short.toUnsignedInt(rest.getShort());
      if (length > rest.remaining()) {
        return records;
      }
      byte[] record = new byte[length];
      rest.get(record);
      records.add(record);
    }
    return records;
  }
}
