package io.margay.store.apiserver;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.margay.model.manifest.KubeObject;
import io.margay.model.resource.Kind;
import io.margay.store.ResourceStore.ChangeType;
import io.margay.store.ResourceStore.Listing;
import io.margay.store.ResourceStore.Watch;
import io.margay.store.StoreException;
import io.margay.store.apiserver.http.JsonBody;
import io.margay.store.apiserver.http.QueryParameters;
import io.margay.store.apiserver.http.Reply;
import io.margay.store.apiserver.select.Selection;
import io.margay.store.local.Change;
import io.margay.store.local.ChangeWatcher;
import io.margay.store.local.LocalStore;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One watch over HTTP: a JSON frame for each change of what is selected, until the client goes, its
 * time is over, or it has fallen behind.
 *
 * <p>The request's own thread writes. The store's watch hands changes over through a small queue
 * and waits while that is full, so a slow client falls behind in the store's log, which ends its
 * watch.
 */
final class WatchStream implements Reply.Body {
  private static final int HANDOVER = 64;

  private static final byte NEWLINE = '\n';

  /** Kubernetes ends watches after a random time, so that not all clients come back at once. */
  private static final Duration SHORTEST = Duration.ofMinutes(30);

  private static final Duration LONGEST = Duration.ofMinutes(60);

  /** How often a thread that waits for room looks whether its client has gone, in ms. */
  private static final long RECHECK_MILLIS = 500;

  private final LocalStore store;
  private final Kind kind;
  private final Selection selection;
  private final Presentation presentation;
  private final QueryParameters query;
  private final BlockingQueue<Frame> frames = new ArrayBlockingQueue<>(HANDOVER);
  private volatile boolean over;

  /** What is to be written next. */
  private sealed interface Frame {
    record Changed(Change change) implements Frame {}

    record Bookmark(long resourceVersion) implements Frame {}

    record Ended(StoreException reason) implements Frame {}
  }

  private WatchStream(
      LocalStore store,
      Kind kind,
      Selection selection,
      Presentation presentation,
      QueryParameters query) {
    this.store = store;
    this.kind = kind;
    this.selection = selection;
    this.presentation = presentation;
    this.query = query;
  }

  static Reply reply(
      LocalStore store,
      Kind kind,
      Selection selection,
      Presentation presentation,
      QueryParameters query) {
    query.number("timeoutSeconds");
    query.number("resourceVersion");
    return new Reply.Stream(
        presentation.contentType(), new WatchStream(store, kind, selection, presentation, query));
  }

  @Override
  public void writeTo(OutputStream out) throws IOException, InterruptedException {
    long deadline = System.nanoTime() + lifetime().toNanos();
    long from = query.number("resourceVersion");
    boolean initial = query.flag("sendInitialEvents");
    if (from == 0 || initial) {
      from = writeWhatExists(out, initial);
    }
    // Sends the headers: the client is to know that it is watching before anything happens.
    out.flush();
    try (Watch watch = store.watchChanges(kind, from, new Handover())) {
      writeUntil(deadline, out, watch);
    } catch (StoreException e) {
      writeError(out, e);
    } finally {
      over = true;
    }
  }

  private Duration lifetime() {
    long asked = query.number("timeoutSeconds");
    return asked > 0
        ? Duration.ofSeconds(Math.min(asked, LONGEST.toSeconds()))
        : Duration.ofMillis(
            ThreadLocalRandom.current().nextLong(SHORTEST.toMillis(), LONGEST.toMillis()));
  }

  private long writeWhatExists(OutputStream out, boolean markTheEnd) throws IOException {
    Listing listing = store.list(kind, "");
    for (KubeObject object : listing.items()) {
      if (selection.matches(object)) {
        write(out, ChangeType.ADDED, object);
      }
    }
    if (markTheEnd) {
      ObjectNode bookmark = bookmark(listing.resourceVersion());
      ((ObjectNode) bookmark.get("metadata"))
          .putObject("annotations")
          .put("k8s.io/initial-events-end", "true");
      writeFrame(out, "BOOKMARK", presentation.one(bookmark));
    }
    return listing.resourceVersion();
  }

  private void writeUntil(long deadline, OutputStream out, Watch watch)
      throws IOException, InterruptedException {
    boolean bookmarks = query.flag("allowWatchBookmarks");
    while (true) {
      Frame frame = frames.poll();
      if (frame == null) {
        out.flush();
        frame = frames.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
      }
      switch (frame) {
        case null -> {
          watch.close();
          return; // Its time is over.
        }
        case Frame.Changed changed -> write(out, changed.change());
        case Frame.Bookmark bookmark -> {
          if (bookmarks) {
            writeFrame(out, "BOOKMARK", presentation.one(bookmark(bookmark.resourceVersion())));
          }
        }
        case Frame.Ended ended -> {
          writeError(out, ended.reason());
          return;
        }
      }
    }
  }

  /** To the client, an object that leaves its selection is deleted, and one that enters is new. */
  private void write(OutputStream out, Change change) throws IOException {
    boolean was = matches(change.previous());
    boolean is = change.type() != ChangeType.DELETED && matches(change.object());
    if (was && is) {
      write(out, ChangeType.MODIFIED, change.object());
    } else if (is) {
      write(out, ChangeType.ADDED, change.object());
    } else if (was) {
      write(out, ChangeType.DELETED, change.object());
    }
  }

  private boolean matches(@Nullable KubeObject object) {
    return object != null && selection.matches(object);
  }

  private void write(OutputStream out, ChangeType type, KubeObject object) throws IOException {
    writeFrame(out, type.name(), presentation.one(object.json()));
  }

  private void writeError(OutputStream out, StoreException reason) throws IOException {
    writeFrame(out, "ERROR", ApiException.of(reason, kind, "").status());
    out.flush();
  }

  private static void writeFrame(OutputStream out, String type, ObjectNode object)
      throws IOException {
    ObjectNode frame = JsonNodeFactory.instance.objectNode().put("type", type);
    frame.set("object", object);
    out.write(JsonBody.write(frame));
    out.write(NEWLINE);
  }

  private ObjectNode bookmark(long resourceVersion) {
    ObjectNode object = JsonNodeFactory.instance.objectNode();
    object.put("kind", kind.kind()).put("apiVersion", kind.apiVersion());
    object.putObject("metadata").put("resourceVersion", Long.toString(resourceVersion));
    return object;
  }

  /** Puts what the store tells into the queue, for as long as somebody reads it. */
  private final class Handover implements ChangeWatcher {
    @Override
    public void changed(Change change) {
      put(new Frame.Changed(change));
    }

    @Override
    public void bookmark(long resourceVersion) {
      put(new Frame.Bookmark(resourceVersion));
    }

    @Override
    public void ended(StoreException reason) {
      put(new Frame.Ended(reason));
    }

    private void put(Frame frame) {
      try {
        while (!over && !frames.offer(frame, RECHECK_MILLIS, TimeUnit.MILLISECONDS)) {
          // The client is slow: wait, and look again whether it is still there.
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
