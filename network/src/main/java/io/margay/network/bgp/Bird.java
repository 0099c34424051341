package io.margay.network.bgp;

import io.margay.kernel.netns.NetworkNamespace;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * BIRD as a process of ours in a namespace. A configuration that it refuses never replaces the one
 * in force. Not thread-safe.
 */
final class Bird implements AutoCloseable {
  private static final int PATIENCE_SECONDS = 20;
  private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  private final NetworkNamespace namespace;
  private final Path program;
  private final Path folder;
  private @Nullable Process process;

  Bird(NetworkNamespace namespace, Path program, Path folder) {
    this.namespace = namespace;
    this.program = program;
    this.folder = folder;
  }

  /** Where BIRD is installed. */
  static Optional<Path> find() {
    String path = System.getenv().getOrDefault("PATH", "") + ":/usr/sbin:/sbin";
    return Stream.of(path.split(File.pathSeparator))
        .filter(directory -> !directory.isEmpty())
        .map(directory -> Path.of(directory, "bird"))
        .filter(Files::isExecutable)
        .findFirst();
  }

  static Path socket(Path folder) {
    return folder.resolve("bird.ctl");
  }

  boolean isRunning() {
    return process != null && process.isAlive();
  }

  /**
   * Lets BIRD run with a configuration, if it accepts it.
   *
   * @throws BirdException with BIRD's words if it does not; then nothing has changed
   */
  void apply(String configuration) {
    Path current = folder.resolve("bird.conf");
    Path candidate = folder.resolve("bird.conf.new");
    try {
      Files.createDirectories(folder);
      Files.deleteIfExists(candidate);
      // It may have passwords.
      Files.createFile(candidate, OWNER_ONLY);
      Files.writeString(candidate, configuration);
      check(candidate);
      Files.move(candidate, current, StandardCopyOption.ATOMIC_MOVE);
      if (isRunning()) {
        new BirdControl(socket(folder)).configure();
      } else {
        process = start(current);
      }
    } catch (IOException e) {
      throw new BirdException("BIRD's folder " + folder + " cannot be used: " + e.getMessage(), e);
    }
  }

  private void check(Path candidate) throws IOException {
    Process check =
        new ProcessBuilder(program.toString(), "-p", "-c", candidate.toString())
            .redirectErrorStream(true)
            .start();
    String output = new String(check.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (!ended(check) || check.exitValue() != 0) {
      throw new BirdException("BIRD refuses its configuration: " + output.strip());
    }
  }

  /** A process is in the namespace of the thread that starts it. */
  private Process start(Path configuration) throws IOException {
    Files.deleteIfExists(socket(folder));
    ProcessBuilder builder =
        new ProcessBuilder(
                program.toString(),
                "-f",
                "-c",
                configuration.toString(),
                "-s",
                socket(folder).toString())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("bird.log").toFile());
    return namespace.<Process, IOException>run(builder::start);
  }

  private static boolean ended(Process process) {
    try {
      return process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Ends BIRD; its routes stay, and neighbours keep theirs for the time of a restart. */
  @Override
  public void close() {
    if (process != null) {
      // Killed, not asked: asked to end it would take its routes away and say goodbye.
      process.destroyForcibly();
      ended(process);
    }
  }
}
