package io.margay.kernel.nft;

import io.margay.kernel.netns.NamespaceExecutor;
import io.margay.kernel.netns.NetworkNamespace;
import java.lang.foreign.MemorySegment;

/**
 * nftables through libnftables in process. The context belongs to one thread inside the namespace,
 * because the library looks names up in the namespace of the thread that runs it.
 */
final class LibNftables implements Nftables {
  /** The library keeps interface names in a list that all contexts share without a lock. */
  private static final Object LIBRARY_LOCK = new Object();

  private final NftLibrary library;
  private final NamespaceExecutor thread;
  private final MemorySegment context;
  private boolean closed;

  LibNftables(NftLibrary library, NetworkNamespace namespace) {
    this.library = library;
    this.thread = namespace.newExecutor("nftables");
    try {
      this.context = thread.call(library::open);
    } catch (RuntimeException e) {
      thread.close();
      throw e;
    }
  }

  @Override
  public void apply(String commands) {
    run(commands, false, looksLikeJson(commands) ? Format.JSON : Format.TEXT);
  }

  @Override
  public void check(String commands) {
    run(commands, true, looksLikeJson(commands) ? Format.JSON : Format.TEXT);
  }

  @Override
  public String list(String command, Format format) {
    return run(command, false, format);
  }

  @Override
  public String engine() {
    return "libnftables";
  }

  private String run(String commands, boolean dryRun, Format format) {
    return thread.call(() -> {
      synchronized (LIBRARY_LOCK) {
        return library.run(context, commands, dryRun, format);
      }
    });
  }

  /** The library reads JSON only when it is asked to write it too. */
  private static boolean looksLikeJson(String commands) {
    return commands.stripLeading().startsWith("{");
  }

  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    thread.execute(() -> {
      synchronized (LIBRARY_LOCK) {
        library.free(context);
      }
    });
    thread.close();
  }
}
