package io.margay.store.folder;

import io.margay.model.manifest.KubeObject;
import io.margay.model.manifest.Problem;
import io.margay.model.resource.Kind;
import io.margay.model.resource.ResourceKey;
import io.margay.store.ResourceStore;
import io.margay.store.StoreException;
import io.margay.store.StoreException.Reason;
import io.margay.store.local.MemoryStore;
import io.margay.store.local.Transaction;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The resources in the YAML and JSON files below a folder, read again when the files change. All
 * files together are one state: while anything in them is wrong, the last good state stays and
 * {@link #problems} says what to mend. To write, edit the files: the store itself refuses.
 *
 * <p>Changes are found by looking at names, sizes and times, not through inotify, which says
 * nothing about network file systems and about folders behind links, such as a ConfigMap's.
 */
public final class FolderStore implements ResourceStore {
  private static final Logger LOG = LoggerFactory.getLogger(FolderStore.class);

  private final Path folder;
  private final MemoryStore memory = new MemoryStore();
  private final ScheduledExecutorService poller;
  private FolderContents.Fingerprint seen;
  private volatile List<Problem> problems = List.of();

  /**
   * Reads the folder and keeps watching it.
   *
   * @param interval how often to look for changes
   * @throws StoreException if the folder cannot be read or anything in it is wrong at the start
   */
  public static FolderStore open(Path folder, Duration interval) {
    FolderStore store = new FolderStore(folder);
    if (!store.problems.isEmpty()) {
      store.close();
      throw new StoreException(
          Reason.INVALID,
          String.join("\n", store.problems.stream().map(Problem::toString).toList()));
    }
    store.poller.scheduleWithFixedDelay(
        store::poll, interval.toMillis(), interval.toMillis(), TimeUnit.MILLISECONDS);
    return store;
  }

  private FolderStore(Path folder) {
    this.folder = folder;
    this.poller =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("folder-store").factory());
    try {
      seen = FolderContents.fingerprint(folder);
      reload();
    } catch (IOException e) {
      throw new StoreException(
          Reason.UNAVAILABLE, folder + ": cannot be read: " + FolderContents.describe(e), e);
    }
  }

  /** What is wrong with the files now, so that an older state is in force; empty if nothing is. */
  public List<Problem> problems() {
    return problems;
  }

  /** Looks for changes. Runs on the poller's thread; tests call it instead of waiting. */
  void poll() {
    try {
      FolderContents.Fingerprint now = FolderContents.fingerprint(folder);
      if (!now.equals(seen)) {
        seen = now;
        reload();
      }
    } catch (IOException | UncheckedIOException e) {
      report(
          List.of(
              new Problem(
                  folder.toString(), "", "", "cannot be read: " + FolderContents.describe(e), "")));
    } catch (RuntimeException e) {
      LOG.error("Reading {} failed", folder, e);
    }
  }

  private void reload() throws IOException {
    FolderContents contents = FolderContents.read(folder);
    report(contents.problems());
    if (contents.problems().isEmpty()) {
      memory.write(transaction -> replace(transaction, contents.objects()));
    }
  }

  private void report(List<Problem> found) {
    if (!found.equals(problems)) {
      found.forEach(problem -> LOG.warn("{} The last good state stays in force.", problem));
      problems = List.copyOf(found);
    }
  }

  /** One transaction: whoever reads sees the old files or the new ones, never a mixture. */
  private static int replace(Transaction transaction, Map<ResourceKey, KubeObject> wanted) {
    Set<ResourceKey> existing = new HashSet<>();
    for (Kind kind : Kind.values()) {
      transaction.list(kind, "").forEach(object -> existing.add(object.key()));
    }
    for (KubeObject object : wanted.values()) {
      if (existing.remove(object.key())) {
        transaction.update(object);
      } else {
        transaction.create(object);
      }
    }
    existing.forEach(key -> transaction.delete(key, ""));
    return wanted.size();
  }

  @Override
  public Optional<KubeObject> get(ResourceKey key) {
    return memory.get(key);
  }

  @Override
  public Listing list(Kind kind, String namespace) {
    return memory.list(kind, namespace);
  }

  @Override
  public Watch watch(Kind kind, long afterVersion, Watcher watcher) {
    return memory.watch(kind, afterVersion, watcher);
  }

  @Override
  public KubeObject create(KubeObject object) {
    throw readOnly();
  }

  @Override
  public KubeObject update(KubeObject object) {
    throw readOnly();
  }

  @Override
  public KubeObject delete(ResourceKey key, String resourceVersion) {
    throw readOnly();
  }

  private StoreException readOnly() {
    return new StoreException(
        Reason.FORBIDDEN,
        "resources of the folder " + folder + " are changed by editing its files");
  }

  @Override
  public void close() {
    poller.shutdownNow();
    memory.close();
  }
}
