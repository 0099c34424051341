package io.margay.kernel.nft;

import io.margay.kernel.netns.NamespaceExecutor;
import io.margay.kernel.netns.NetworkNamespace;
import java.lang.foreign.MemorySegment;

/**
 * nftables through libnftables in process. Each run has a context of its own, since one keeps all
 * that it read of the ruleset: a kilobyte or so for each element. Runs are on one thread inside the
 * namespace, because the library looks names up in the namespace of the thread that runs it.
 */
final class LibNftables implements Nftables {
  /** The library keeps interface names in a list that all contexts share without a lock. */
  private static final Object LIBRARY_LOCK = new Object();

  private final NftLibrary library;
  private final NamespaceExecutor thread;

  LibNftables(NftLibrary library, NetworkNamespace namespace) {
    this.library = library;
    this.thread = namespace.newExecutor("nftables");
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
        MemorySegment context = library.open();
        try {
          return library.run(context, commands, dryRun, format);
        } finally {
          library.free(context);
        }
      }
    });
  }

  /** The library reads JSON only when it is asked to write it too. */
  private static boolean looksLikeJson(String commands) {
    return commands.stripLeading().startsWith("{");
  }

  @Override
  public void close() {
    thread.close();
  }
}
