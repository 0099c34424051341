package io.margay.flows.collect;

import com.google.protobuf.InvalidProtocolBufferException;
import io.margay.flows.FlowUpdate;
import io.margay.flows.goldmane.FlowToWire;
import io.margay.flows.goldmane.UnreadableMessage;
import io.margay.flows.goldmane.WireToFlow;
import io.margay.flows.goldmane.proto.Wire;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A queue of updates in files, each a row of messages with their lengths before them. What a killed
 * process left is read by the next one up to the first message that is not whole. Not thread-safe.
 */
final class SpoolFiles {
  private static final Logger log = LoggerFactory.getLogger(SpoolFiles.class);
  private static final String SUFFIX = ".updates";

  private final Path folder;
  private final String node;
  private final long bytesInFile;
  private final Deque<Segment> segments = new ArrayDeque<>();

  /** Files are named by numbers, in their order. There is room before the first one. */
  private long nextNumber = 1_000_000_000;

  private @Nullable Writer writer;

  private record Segment(Path file, long bytes) {}

  /** The file that grows. */
  private record Writer(Path file, OutputStream out) {}

  SpoolFiles(Path folder, String node, long bytesInFile) throws IOException {
    this.folder = Files.createDirectories(folder);
    this.node = node;
    this.bytesInFile = bytesInFile;
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.filter(f -> f.toString().endsWith(SUFFIX)).sorted().toList()) {
        segments.add(new Segment(file, Files.size(file)));
        nextNumber = Math.max(nextNumber, number(file) + 1);
      }
    }
  }

  private static long number(Path file) {
    String name = file.getFileName().toString();
    try {
      return Long.parseLong(name.substring(0, name.length() - SUFFIX.length()));
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  boolean isEmpty() {
    return segments.isEmpty() && writer == null;
  }

  long bytes() {
    long sum = segments.stream().mapToLong(Segment::bytes).sum();
    Writer open = writer;
    return open == null ? sum : sum + open.file().toFile().length();
  }

  /** Appends updates at the end of the queue. */
  void append(List<FlowUpdate> updates) throws IOException {
    Writer open = writer;
    if (open == null) {
      Path file = file(nextNumber++);
      open = new Writer(file, new BufferedOutputStream(Files.newOutputStream(file)));
      writer = open;
    }
    write(updates, open.out());
    if (Files.size(open.file()) >= bytesInFile) {
      finish();
    }
  }

  private Path file(long number) {
    return folder.resolve(String.format(Locale.ROOT, "%012d%s", number, SUFFIX));
  }

  private void write(List<FlowUpdate> updates, OutputStream out) throws IOException {
    for (FlowUpdate update : updates) {
      FlowToWire.update(update, node, Map.of()).writeDelimitedTo(out);
    }
    out.flush();
  }

  private void finish() throws IOException {
    Writer open = writer;
    if (open != null) {
      writer = null;
      open.out().close();
      segments.add(new Segment(open.file(), Files.size(open.file())));
    }
  }

  /** Takes the oldest file's updates out of the queue. */
  List<FlowUpdate> takeOldest() throws IOException {
    if (segments.isEmpty()) {
      finish();
    }
    Segment oldest = segments.poll();
    if (oldest == null) {
      return List.of();
    }
    try {
      return read(oldest.file());
    } finally {
      Files.deleteIfExists(oldest.file());
    }
  }

  /** Puts updates before all others, such as those that were taken and never acknowledged. */
  void prepend(List<FlowUpdate> updates) throws IOException {
    if (updates.isEmpty()) {
      return;
    }
    finish();
    Segment oldest = segments.peek();
    Path file = file(oldest == null ? nextNumber++ : number(oldest.file()) - 1);
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
      write(updates, out);
    }
    segments.addFirst(new Segment(file, Files.size(file)));
  }

  private static List<FlowUpdate> read(Path file) throws IOException {
    List<FlowUpdate> updates = new ArrayList<>();
    WireToFlow reader = new WireToFlow();
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
      Wire.FlowUpdate message = Wire.FlowUpdate.parseDelimitedFrom(in);
      while (message != null) {
        Wire.Sender sender = message.getSender();
        updates.add(
            reader
                .flow(message.getFlow())
                .update(new FlowUpdate.Origin(sender.getLife(), sender.getSequence())));
        message = Wire.FlowUpdate.parseDelimitedFrom(in);
      }
    } catch (InvalidProtocolBufferException | UnreadableMessage e) {
      log.warn("{} breaks off after {} updates: {}", file, updates.size(), e.getMessage());
    }
    return updates;
  }

  /** Closes the file that grows; what is in the files stays for the next process. */
  void close() throws IOException {
    finish();
  }
}
