package io.margay.agents.audit.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Where the parts of a log are.
 *
 * <pre>
 * segments/00000000000000065536.log    records from sequence 65536 on
 * segments/00000000000000065536.idx    what a query needs of them; made again when missing
 * checkpoints/00000000000000065536.notes  the checkpoints signed while that segment was written
 * checkpoint                           the newest one
 * tile/0/000 …                         full tiles of hashes
 * verifier-key                         checks the checkpoints
 * pruned                               how far old segments were removed
 * </pre>
 */
public record LogFiles(Path root) {
  private static final Pattern SEGMENT = Pattern.compile("(\\d{20})\\.log");

  public Path segments() {
    return root.resolve("segments");
  }

  public Path segment(long first) {
    return segments().resolve(name(first) + ".log");
  }

  public Path index(long first) {
    return segments().resolve(name(first) + ".idx");
  }

  Path checkpoints() {
    return root.resolve("checkpoints");
  }

  Path notes(long first) {
    return checkpoints().resolve(name(first) + ".notes");
  }

  Path checkpoint() {
    return root.resolve("checkpoint");
  }

  Path pruned() {
    return root.resolve("pruned");
  }

  public Path verifierKey() {
    return root.resolve("verifier-key");
  }

  private static String name(long first) {
    return String.format("%020d", first);
  }

  /** First sequences of the segments, ascending. */
  public List<Long> segmentStarts() throws IOException {
    try (Stream<Path> files = Files.list(segments())) {
      return files
          .map(file -> SEGMENT.matcher(file.getFileName().toString()))
          .filter(Matcher::matches)
          .map(matcher -> Long.valueOf(matcher.group(1)))
          .sorted()
          .toList();
    } catch (NoSuchFileException e) {
      return List.of();
    }
  }

  /** All checkpoints' notes that are kept, oldest first; the newest may be there twice. */
  public List<String> notes() throws IOException {
    List<String> notes = new ArrayList<>();
    if (Files.isDirectory(checkpoints())) {
      List<Path> files;
      try (Stream<Path> list = Files.list(checkpoints())) {
        files = list.filter(file -> file.toString().endsWith(".notes")).sorted().toList();
      }
      for (Path file : files) {
        notes.addAll(NotesFile.read(file));
      }
    }
    text(checkpoint()).ifPresent(notes::add);
    return notes;
  }

  /** Takes a file of notes apart; one that is not complete, at the end, is left out. */
  public static List<String> splitNotes(String text) {
    return NotesFile.split(text);
  }

  /** A small file's text; empty if there is none. */
  static Optional<String> text(Path file) throws IOException {
    try {
      return Optional.of(Files.readString(file));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  /**
   * Replaces a small file so that a reader, or a power failure, meets the old one or the new one.
   */
  static void replace(Path file, String text) throws IOException {
    Path draft = file.resolveSibling(file.getFileName() + ".new");
    try (FileChannel channel =
        FileChannel.open(
            draft,
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            StandardOpenOption.TRUNCATE_EXISTING)) {
      channel.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
      channel.force(true);
    }
    Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
  }

  /** Makes a new file's name durable: without it, the file is lost. */
  static void forceDirectoryOf(Path file) throws IOException {
    Path directory = Objects.requireNonNull(file.toAbsolutePath().getParent());
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }
}
