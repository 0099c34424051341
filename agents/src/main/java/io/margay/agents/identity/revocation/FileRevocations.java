package io.margay.agents.identity.revocation;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.margay.agents.identity.token.PrivateFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Revocations that survive a restart: one JSON object a line, appended and forced to disk before it
 * counts as applied. The last line may be half written by a crash; nobody was told that it counts.
 */
public final class FileRevocations implements Revocations, AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final MemoryRevocations memory;
  private final FileChannel file;

  private FileRevocations(MemoryRevocations memory, FileChannel file) {
    this.memory = memory;
    this.file = file;
  }

  /**
   * Opens the file, or makes it.
   *
   * @throws IOException also when a line other than the last cannot be read: what was revoked is
   *     not known then, and a process that does not know must not start
   */
  public static FileRevocations open(Path path, InstantSource clock) throws IOException {
    MemoryRevocations memory = new MemoryRevocations(clock);
    if (Files.exists(path)) {
      List<String> lines = completeLines(path);
      for (int i = 0; i < lines.size(); i++) {
        replay(memory, lines.get(i), path, i + 1);
      }
    }
    StringBuilder compact = new StringBuilder();
    for (Revocation revocation : memory.all()) {
      compact.append(line(entry(revocation)));
    }
    PrivateFile.write(path, compact.toString());
    FileChannel file = FileChannel.open(path, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
    return new FileRevocations(memory, file);
  }

  private static List<String> completeLines(Path path) throws IOException {
    String content = Files.readString(path);
    return content.substring(0, content.lastIndexOf('\n') + 1).lines().toList();
  }

  private static void replay(MemoryRevocations memory, String line, Path path, int number)
      throws IOException {
    try {
      JsonNode entry = JSON.readTree(line);
      Revocation.Kind kind = Revocation.Kind.valueOf(text(entry, "kind"));
      String name = text(entry, "name");
      if (entry.path("lifted").asBoolean()) {
        memory.lift(kind, name);
        return;
      }
      memory.put(
          new Revocation(
              kind,
              name,
              text(entry, "reason"),
              Instant.parse(text(entry, "at")),
              entry.has("until")
                  ? Optional.of(Instant.parse(text(entry, "until")))
                  : Optional.empty()));
    } catch (JsonProcessingException | IllegalArgumentException | DateTimeException e) {
      throw new IOException(
          path + ", line " + number + ": not a revocation; restore the file from a copy", e);
    }
  }

  private static String text(JsonNode entry, String field) {
    JsonNode value = entry.get(field);
    if (value == null || !value.isTextual()) {
      throw new IllegalArgumentException("no " + field);
    }
    return value.textValue();
  }

  /**
   * Counts in this process even when it could not be kept.
   *
   * @throws UncheckedIOException when it could not be kept
   */
  @Override
  public synchronized void apply(Revocation revocation) {
    try {
      append(entry(revocation));
    } finally {
      memory.apply(revocation);
    }
  }

  @Override
  public synchronized void lift(Revocation.Kind kind, String name) {
    ObjectNode entry = JSON.createObjectNode();
    entry.put("kind", kind.name());
    entry.put("name", name);
    entry.put("lifted", true);
    append(entry);
    memory.lift(kind, name);
  }

  private static ObjectNode entry(Revocation revocation) {
    ObjectNode entry = JSON.createObjectNode();
    entry.put("kind", revocation.kind().name());
    entry.put("name", revocation.name());
    entry.put("reason", revocation.reason());
    entry.put("at", revocation.at().toString());
    revocation.until().ifPresent(until -> entry.put("until", until.toString()));
    return entry;
  }

  private static String line(ObjectNode entry) {
    return entry.toString() + "\n";
  }

  private void append(ObjectNode entry) {
    try {
      long before = file.size();
      try {
        ByteBuffer line = ByteBuffer.wrap(line(entry).getBytes(StandardCharsets.UTF_8));
        while (line.hasRemaining()) {
          file.write(line);
        }
        file.force(false);
      } catch (IOException e) {
        // Half a line in the middle would make the whole file unreadable.
        file.truncate(before);
        throw e;
      }
    } catch (IOException e) {
      throw new UncheckedIOException("the revocation could not be kept", e);
    }
  }

  @Override
  public Optional<Revocation> find(Revocation.Kind kind, String name) {
    return memory.find(kind, name);
  }

  @Override
  public List<Revocation> all() {
    return memory.all();
  }

  @Override
  public AutoCloseable listen(Consumer<Revocation> listener) {
    return memory.listen(listener);
  }

  @Override
  public synchronized void close() throws IOException {
    file.close();
  }
}
