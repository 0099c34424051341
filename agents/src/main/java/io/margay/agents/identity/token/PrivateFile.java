package io.margay.agents.identity.token;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;

/** Writes files that only their owner may read, and that are either complete or not there. */
public final class PrivateFile {
  private PrivateFile() {}

  /** Writes beside the file, forces it to disk, and renames; makes the directory if need be. */
  public static void write(Path file, String text) throws IOException {
    Path directory = Objects.requireNonNull(file.toAbsolutePath().getParent());
    Files.createDirectories(
        directory,
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    Path draft =
        Files.createTempFile(
            directory,
            String.valueOf(file.getFileName()),
            ".new",
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    try {
      try (FileChannel channel = FileChannel.open(draft, StandardOpenOption.WRITE)) {
        ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
        while (bytes.hasRemaining()) {
          channel.write(bytes);
        }
        channel.force(true);
      }
      Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      try (FileChannel entries = FileChannel.open(directory, StandardOpenOption.READ)) {
        entries.force(true);
      }
    } finally {
      Files.deleteIfExists(draft);
    }
  }

  /**
   * Reads a file of secrets.
   *
   * @throws IOException also when others than its owner may read it
   */
  public static String read(Path file) throws IOException {
    String permissions = PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    if (!permissions.endsWith("------")) {
      throw new IOException(
          file + " has permissions " + permissions + "; keys are for their owner only: chmod 600");
    }
    return Files.readString(file);
  }
}
