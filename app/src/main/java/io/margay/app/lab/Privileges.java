package io.margay.app.lab;

import io.margay.kernel.KernelException;
import io.margay.kernel.netns.NetworkNamespace;
import io.margay.kernel.nft.NftException;
import io.margay.kernel.nft.Nftables;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Whether this process may make network namespaces with nftables in them, and the way there for a
 * user who is not root: the same command again, as root of a user namespace of its own.
 */
public final class Privileges {
  /** Set for the process in the user namespace, so that it never tries to go deeper. */
  private static final String MARK = "MARGAY_IN_USER_NAMESPACE";

  private static final List<String> ENTER =
      List.of("unshare", "--user", "--map-root-user", "--mount");
  private static final int PROBE_SECONDS = 10;

  private Privileges() {}

  /** Why namespaces with nftables cannot be had; empty when they can. */
  public static Optional<String> lacking() {
    try (NetworkNamespace namespace = NetworkNamespace.create();
        Nftables nftables = Nftables.open(namespace)) {
      nftables.check("add table inet margay-probe");
      return Optional.empty();
    } catch (KernelException | NftException e) {
      return Optional.of(String.valueOf(e.getMessage()).strip());
    }
  }

  /** Whether this process runs in a user namespace that {@link #runAgain} made. */
  static boolean inUserNamespace() {
    return System.getenv(MARK) != null;
  }

  /** Whether {@link #runAgain} would work. */
  static boolean userNamespacesPermitted() {
    List<String> probe = new ArrayList<>(ENTER);
    probe.add("true");
    try {
      Process process =
          new ProcessBuilder(probe)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      return process.waitFor(PROBE_SECONDS, TimeUnit.SECONDS) && process.exitValue() == 0;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Runs this very command as root of a new user namespace, and gives its exit code. */
  static int runAgain() throws IOException, InterruptedException {
    ProcessHandle.Info self = ProcessHandle.current().info();
    List<String> command = new ArrayList<>(ENTER);
    command.add(
        self.command().orElseThrow(() -> new IOException("/proc does not tell my command")));
    command.addAll(List.of(self.arguments().orElse(new String[0])));
    ProcessBuilder builder = new ProcessBuilder(command).inheritIO();
    builder.environment().put(MARK, "1");
    Process child = builder.start();
    // A signal to this process is for the one that does the work, which cleans up and ends.
    Thread passOn = new Thread(() -> endChild(child));
    Runtime.getRuntime().addShutdownHook(passOn);
    return child.waitFor();
  }

  private static void endChild(Process child) {
    child.destroy();
    try {
      child.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
