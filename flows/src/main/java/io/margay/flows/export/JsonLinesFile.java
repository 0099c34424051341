package io.margay.flows.export;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A file with one JSON object in each line. When it is large enough it becomes {@code file.1}, the
 * earlier ones {@code file.2} and so on, and the oldest goes.
 */
public final class JsonLinesFile implements ExportTarget {
  private final Path file;
  private final long mostBytes;
  private final int keep;
  private @Nullable OutputStream out;
  private long size;

  /**
   * @param mostBytes in a file; a single line may go beyond
   * @param keep how many earlier files
   */
  public JsonLinesFile(Path file, long mostBytes, int keep) {
    this.file = file;
    this.mostBytes = mostBytes;
    this.keep = keep;
  }

  @Override
  public String name() {
    return "file:" + file;
  }

  @Override
  public int send(List<ExportedFlow> flows) throws IOException {
    OutputStream writer = writer();
    long before = size;
    try {
      for (ExportedFlow flow : flows) {
        byte[] line = ExportJson.bytes(flow);
        if (size > 0 && size + line.length + 1 > mostBytes) {
          rotate();
          writer = writer();
          before = 0;
        }
        writer.write(line);
        writer.write('\n');
        size += line.length + 1;
      }
      writer.flush();
      return 0;
    } catch (IOException e) {
      forget(before);
      throw e;
    }
  }

  private OutputStream writer() throws IOException {
    OutputStream open = out;
    if (open == null) {
      Path folder = file.toAbsolutePath().getParent();
      if (folder != null) {
        Files.createDirectories(folder);
      }
      open =
          new BufferedOutputStream(
              Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND));
      size = Files.size(file);
      out = open;
    }
    return open;
  }

  private void rotate() throws IOException {
    closeWriter();
    for (int number = keep - 1; number >= 1; number--) {
      if (Files.exists(numbered(number))) {
        move(numbered(number), numbered(number + 1));
      }
    }
    if (keep > 0) {
      move(file, numbered(1));
    } else {
      Files.delete(file);
    }
    size = 0;
  }

  private Path numbered(int number) {
    return file.resolveSibling(file.getFileName() + "." + number);
  }

  private static void move(Path from, Path to) throws IOException {
    Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
  }

  /** What was written in part will be written again: no half line stays before it. */
  private void forget(long before) {
    try {
      closeWriter();
    } catch (IOException e) {
      // the disk is full or gone, which send() tells
    }
    try (var channel = Files.newByteChannel(file, StandardOpenOption.WRITE)) {
      channel.truncate(before);
    } catch (IOException e) {
      // as above
    }
  }

  private void closeWriter() throws IOException {
    OutputStream open = out;
    if (open != null) {
      out = null;
      open.close();
    }
  }

  @Override
  public void close() {
    try {
      closeWriter();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
