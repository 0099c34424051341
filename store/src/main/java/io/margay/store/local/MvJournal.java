package io.margay.store.local;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.margay.model.manifest.KubeObject;
import io.margay.model.resource.Kind;
import io.margay.model.resource.ResourceKey;
import io.margay.store.StoreException;
import io.margay.store.StoreException.Reason;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.h2.mvstore.DataUtils;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.MVStoreException;
import org.h2.mvstore.type.ByteArrayDataType;
import org.h2.mvstore.type.StringDataType;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Objects in an H2 MVStore file: one commit and one flush to disk for each batch.
 *
 * <p>All file access is on one thread of its own: a Java file channel closes when a thread that
 * uses it is interrupted, and the threads of writers may be.
 */
final class MvJournal implements Journal {
  private static final Logger LOG = LoggerFactory.getLogger(MvJournal.class);
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private static final String VERSION = "version";

  /** Every commit leaves old pages behind; their space is won back every so many commits. */
  private static final int COMMITS_BETWEEN_COMPACTIONS = 500;

  private static final int LEAST_FILL_PERCENT = 60;
  private static final int COMPACTION_BYTES = 8 << 20;

  /**
   * How long MVStore keeps the space of outdated chunks untouched, in ms. It protects against disks
   * that reorder writes between flushes; as every commit here is flushed, little is enough.
   */
  private static final int RETENTION_MILLIS = 200;

  /** A page is written whole when one object in it changes: small ones make small commits. */
  private static final int PAGE_BYTES = 4_096;

  private static final int CLOSING_MILLIS = 500;

  private final Path file;
  private final ExecutorService disk =
      Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().name("store-disk").factory());

  private @Nullable OpenFile open;
  private int commits;

  /**
   * The committed state of what failed commits wrote: nobody knows how much of a failed commit is
   * in the file, so the next one writes this too. Empty for objects that did not exist.
   */
  private final Map<ResourceKey, Optional<KubeObject>> uncertain = new HashMap<>();

  MvJournal(Path file) {
    this.file = file;
  }

  @Override
  public Contents load() {
    try {
      return onDisk(this::read);
    } catch (StoreException e) {
      disk.shutdown();
      throw e;
    }
  }

  private Contents read() throws IOException {
    OpenFile opened = open();
    List<KubeObject> loaded = new ArrayList<>();
    for (byte[] bytes : opened.objects.values()) {
      loaded.add(read(bytes));
    }
    byte[] version = opened.meta.get(VERSION);
    return new Contents(loaded, version == null ? 0 : MAPPER.readTree(version).asLong());
  }

  @Override
  public void commit(List<Change> changes, long version) {
    onDisk(() -> {
      for (Change change : changes) {
        uncertain.putIfAbsent(change.object().key(), Optional.ofNullable(change.previous()));
      }
      OpenFile opened = open();
      for (var entry : uncertain.entrySet()) {
        opened.write(entry.getKey(), entry.getValue().orElse(null));
      }
      for (Change change : changes) {
        switch (change.type()) {
          case ADDED, MODIFIED -> opened.write(change.object().key(), change.object());
          case DELETED -> opened.write(change.object().key(), null);
        }
      }
      opened.meta.put(VERSION, MAPPER.writeValueAsBytes(version));
      opened.store.commit();
      opened.store.sync();
      uncertain.clear();
      return version;
    });
    if (++commits % COMMITS_BETWEEN_COMPACTIONS == 0) {
      disk.execute(this::compact);
    }
  }

  private void compact() {
    try {
      if (open != null) {
        open.store.compact(LEAST_FILL_PERCENT, COMPACTION_BYTES);
        open.store.sync();
      }
    } catch (MVStoreException e) {
      LOG.warn("Could not compact {}: {}", file, e.getMessage());
      abandon();
    }
  }

  private OpenFile open() throws IOException {
    if (open == null) {
      makePrivate();
      open = new OpenFile(file);
    }
    return open;
  }

  /** Other users of the machine may not read the objects. */
  private void makePrivate() throws IOException {
    Path directory = file.toAbsolutePath().getParent();
    if (directory != null) {
      Files.createDirectories(directory);
    }
    if (!Files.exists(file)
        && FileSystems.getDefault().supportedFileAttributeViews().contains("posix")) {
      Files.createFile(
          file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    }
  }

  private <T> T onDisk(Callable<T> task) {
    Future<T> done =
        disk.submit(() -> {
          try {
            return task.call();
          } catch (IOException | RuntimeException e) {
            abandon();
            throw e;
          }
        });
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return done.get();
        } catch (InterruptedException e) {
          interrupted = true;
        } catch (ExecutionException e) {
          throw unavailable(e.getCause() == null ? e : e.getCause());
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private StoreException unavailable(Throwable cause) {
    if (cause instanceof StoreException refusal) {
      return refusal;
    }
    Throwable root = cause;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    boolean locked =
        cause instanceof MVStoreException e && e.getErrorCode() == DataUtils.ERROR_FILE_LOCKED;
    return new StoreException(
        Reason.UNAVAILABLE,
        locked
            ? file + " is in use by another process; stop that one first"
            : "cannot write " + file + ": " + root.getMessage(),
        cause);
  }

  /** After a failed write MVStore refuses to go on: the next commit opens the file anew. */
  private void abandon() {
    OpenFile broken = open;
    open = null;
    if (broken != null) {
      broken.store.closeImmediately();
    }
  }

  @Override
  public void close() {
    try {
      onDisk(() -> {
        if (open != null) {
          open.store.close(CLOSING_MILLIS);
          open = null;
        }
        return true;
      });
    } catch (StoreException e) {
      // Every commit is on disk already; only the tidy end of the file is missing.
      LOG.warn("Could not close {} tidily: {}", file, e.getMessage());
    } finally {
      disk.shutdown();
    }
  }

  private KubeObject read(byte[] bytes) throws IOException {
    if (!(MAPPER.readTree(bytes) instanceof ObjectNode json)) {
      throw new StoreException(Reason.UNAVAILABLE, file + " holds something that is no object");
    }
    String apiVersion = json.path("apiVersion").asText();
    String kind = json.path("kind").asText();
    return new KubeObject(
        Kind.of(apiVersion, kind)
            .orElseThrow(() ->
                new StoreException(
                    Reason.UNAVAILABLE,
                    file + " holds objects of an unknown kind: " + apiVersion + " " + kind)),
        json);
  }

  /** The file with its two maps. */
  private static final class OpenFile {
    final MVStore store;
    final MVMap<String, byte[]> objects;
    final MVMap<String, byte[]> meta;

    OpenFile(Path file) {
      store =
          new MVStore.Builder()
              .fileName(file.toString())
              .autoCommitDisabled()
              .pageSplitSize(PAGE_BYTES)
              .cacheSize(4)
              .open();
      store.setRetentionTime(RETENTION_MILLIS);
      store.setVersionsToKeep(0);
      var maps =
          new MVMap.Builder<String, byte[]>()
              .keyType(StringDataType.INSTANCE)
              .valueType(ByteArrayDataType.INSTANCE);
      objects = store.openMap("objects", maps);
      meta = store.openMap("meta", maps);
    }

    void write(ResourceKey key, @Nullable KubeObject object) throws IOException {
      String path =
          key.kind().plural() + "." + key.kind().group() + "/" + key.namespace() + "/" + key.name();
      if (object == null) {
        objects.remove(path);
      } else {
        objects.put(path, MAPPER.writeValueAsBytes(object.json()));
      }
    }
  }
}
