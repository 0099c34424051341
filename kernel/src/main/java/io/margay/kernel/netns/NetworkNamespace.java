package io.margay.kernel.netns;

import io.margay.kernel.KernelException;
import io.margay.kernel.libc.Fd;
import io.margay.kernel.libc.Libc;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A network namespace, held by a descriptor. Whatever is opened inside it (sockets, channels,
 * netlink) works from any thread afterwards, virtual ones included; only the opening must happen on
 * a platform thread inside, which {@link #run} and {@link #newThread} see to.
 *
 * <p>Java's own {@code NetworkInterface} shows the process's namespace wherever it is called: use
 * the classes of {@code io.margay.kernel.route} instead.
 */
public final class NetworkNamespace implements AutoCloseable {
  private final Fd fd;

  /** The name under {@code /run/netns} that this object made and takes away again. */
  private final @Nullable String ownedName;

  private NetworkNamespace(Fd fd, @Nullable String ownedName) {
    this.fd = fd;
    this.ownedName = ownedName;
  }

  /**
   * Makes a namespace without a name. The kernel removes it when it is closed and nothing inside it
   * is open any more.
   *
   * @throws KernelException EPERM without CAP_SYS_ADMIN in the user namespace
   */
  public static NetworkNamespace create() {
    return NamespaceThreads.callInNew(() -> new NetworkNamespace(ofThread(), null));
  }

  /**
   * Makes a namespace with a name that {@code ip netns} knows, or one without a name where the
   * machine permits no mount under {@code /run/netns} (rootless). {@link #name} tells which.
   *
   * @throws KernelException EEXIST when the name is taken
   */
  public static NetworkNamespace create(String name) {
    return NamespaceThreads.callInNew(() -> {
      Fd fd = ofThread();
      try {
        return new NetworkNamespace(fd, NamedNamespaces.tryPublish(name) ? name : null);
      } catch (RuntimeException e) {
        fd.close();
        throw e;
      }
    });
  }

  /**
   * Opens a namespace by its file, such as {@code /run/netns/NAME} or {@code /proc/PID/ns/net}.
   *
   * @throws KernelException ENOENT when there is none
   */
  public static NetworkNamespace open(Path file) {
    return new NetworkNamespace(Libc.open(file.toString(), Libc.O_RDONLY), null);
  }

  /** The namespace in which the process was started. */
  public static NetworkNamespace ofProcess() {
    return open(Path.of("/proc/self/ns/net"));
  }

  /**
   * Why this process cannot make namespaces, in words for a user; empty when it can.
   *
   * @return the reason and what to do about it
   */
  public static Optional<String> whyUnavailable() {
    try {
      create().close();
      return Optional.empty();
    } catch (KernelException e) {
      return Optional.of(
          "this process may not make network namespaces ("
              + e.getMessage()
              + "): run it as root, or inside unshare --user --map-root-user --net --mount");
    } catch (LinkageError | UnsupportedOperationException | IllegalCallerException e) {
      return Optional.of("this machine offers no native Linux calls to Java: " + e);
    }
  }

  private static Fd ofThread() {
    return Libc.open("/proc/thread-self/ns/net", Libc.O_RDONLY);
  }

  /**
   * Does a short task inside the namespace, on a thread of a shared pool, and waits for it.
   *
   * @throws E what the task throws
   * @throws KernelException when the namespace cannot be entered
   */
  public <T extends @Nullable Object, E extends Exception> T run(NamespaceTask<T, E> task)
      throws E {
    return NamespaceThreads.callIn(fd, task);
  }

  /** The same for a task that gives nothing. */
  public <E extends Exception> void execute(NamespaceTask.Action<E> action) throws E {
    NamespaceThreads.<@Nullable Void, E>callIn(
        fd,
        () -> {
          action.run();
          return null;
        });
  }

  /** A daemon thread, not started yet, that enters the namespace and then runs the task. */
  public Thread newThread(String threadName, Runnable task) {
    return Thread.ofPlatform()
        .daemon()
        .name(threadName)
        .unstarted(() -> {
          Libc.setNetworkNamespace(fd);
          task.run();
        });
  }

  /** A thread that stays inside and takes one task after the other. */
  public NamespaceExecutor newExecutor(String threadName) {
    return new NamespaceExecutor(this, threadName);
  }

  /**
   * Writes a kernel setting of this namespace.
   *
   * @param key below {@code /proc/sys}, with slashes, such as {@code net/ipv4/ip_forward}, because
   *     interface names may have dots
   * @throws KernelException naming key and value
   */
  public void setSysctl(String key, String value) {
    execute(() -> Sysctl.write(key, value));
  }

  /**
   * Reads a kernel setting of this namespace.
   *
   * @param key as for {@link #setSysctl}
   */
  public String sysctl(String key) {
    return run(() -> Sysctl.read(key));
  }

  /** The descriptor; it stays this object's. */
  public Fd fd() {
    return fd;
  }

  /** The name for {@code ip netns exec}, or null when it has none of its own. */
  public @Nullable String name() {
    return ownedName;
  }

  /** A path by which other processes of this user reach it while this process lives. */
  public Path path() {
    return ownedName == null
        ? Path.of("/proc/" + ProcessHandle.current().pid() + "/fd/" + fd.number())
        : NamedNamespaces.file(ownedName);
  }

  /** Gives up the descriptor and the name that this object made. */
  @Override
  public void close() {
    if (!fd.isOpen()) {
      return;
    }
    fd.close();
    if (ownedName != null) {
      NamedNamespaces.delete(ownedName);
    }
  }

  @Override
  public String toString() {
    return ownedName == null ? "netns#" + fd : "netns " + ownedName;
  }
}
