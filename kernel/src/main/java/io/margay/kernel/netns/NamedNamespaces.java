package io.margay.kernel.netns;

import io.margay.kernel.Errno;
import io.margay.kernel.KernelException;
import io.margay.kernel.libc.Libc;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * The namespaces that {@code ip netns} lists: mounts of a namespace on a file in {@code
 * /run/netns}. They outlive the process that made them, so a new run finds what a killed one left.
 */
public final class NamedNamespaces {
  private static final Path DIRECTORY = Path.of("/run/netns");

  private NamedNamespaces() {}

  /** The names that begin with a prefix, sorted. */
  public static List<String> list(String prefix) {
    if (!Files.isDirectory(DIRECTORY)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(DIRECTORY)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.startsWith(prefix))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Takes a name away; the namespace ends when no process and no descriptor holds it any more. */
  public static void delete(String name) {
    Path file = file(name);
    try {
      Libc.detachMount(file.toString());
    } catch (KernelException e) {
      // EINVAL: a file without a mount, as a run leaves that was killed between the two steps.
      if (!e.is(Errno.EINVAL) && !e.is(Errno.ENOENT)) {
        throw e;
      }
    }
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The file of a name. */
  static Path file(String name) {
    if (name.isEmpty() || name.contains("/") || name.startsWith(".")) {
      throw new IllegalArgumentException("network namespace name \"" + name + "\"");
    }
    return DIRECTORY.resolve(name);
  }

  /**
   * Gives the calling thread's namespace a name.
   *
   * @return false where the machine does not permit it
   */
  static boolean tryPublish(String name) {
    Path file = file(name);
    try {
      Files.createDirectories(DIRECTORY);
      Files.createFile(file);
    } catch (FileAlreadyExistsException e) {
      throw new KernelException("create", file.toString(), Errno.EEXIST.number());
    } catch (IOException e) {
      return false;
    }
    try {
      Libc.bindMount("/proc/thread-self/ns/net", file.toString());
      return true;
    } catch (KernelException e) {
      delete(name);
      if (e.is(Errno.EPERM) || e.is(Errno.EACCES) || e.is(Errno.EINVAL)) {
        return false;
      }
      throw e;
    }
  }
}
