package io.margay.app.state;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.stream.Stream;

/**
 * Where this program keeps what must outlive a process. Nobody else may look into it: it holds
 * credentials.
 */
public record StateFolder(Path root) {
  private static final String OWNER_ONLY = "rwx------";

  /**
   * The folder of this user: {@code MARGAY_STATE} where it is set, else {@code .margay} in the
   * clone that ./margay runs from, else {@code .margay} in the home directory.
   */
  public static StateFolder ofUser() {
    String chosen = System.getenv("MARGAY_STATE");
    if (chosen != null && !chosen.isEmpty()) {
      return new StateFolder(Path.of(chosen).toAbsolutePath());
    }
    String clone = System.getProperty("margay.home");
    if (clone != null && Files.isWritable(Path.of(clone))) {
      return new StateFolder(Path.of(clone, ".margay"));
    }
    return new StateFolder(Path.of(System.getProperty("user.home"), ".margay"));
  }

  /** The part of the demo. */
  public Path demo() {
    return root.resolve("demo");
  }

  /** The part of the API server that {@code up} and {@code apiserver} run. */
  public Path apiServer() {
    return root.resolve("apiserver");
  }

  /** Where {@code up} takes the flow records of nodes that run as processes of their own. */
  public Path flowSocket() {
    return root.resolve("flows.sock");
  }

  /** Where {@code up} and {@code flows serve} keep the history of flows. */
  public Path flowHistory() {
    return root.resolve("history");
  }

  /** Where a node keeps flow records that nobody takes. */
  public Path flowSpool(String node) {
    return root.resolve("spool").resolve(node);
  }

  /** Where a node's BIRD has its configuration, its log and its control socket. */
  public Path bgp(String node) {
    return root.resolve("bgp").resolve(node);
  }

  /** Where ./margay unpacks a kernel for virtual machines, as its package has it. */
  public Path guestKernel() {
    return root.resolve("guest-kernel");
  }

  /** Removes a folder with all that is in it, if it is there. */
  public static void remove(Path folder) {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Makes a folder below the root, if it is not there, for the owner only. */
  public static Path create(Path folder) {
    try {
      Files.createDirectories(folder);
      Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString(OWNER_ONLY));
      return folder;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
