package io.margay.store.apiserver;

import io.margay.model.manifest.KubeObject;
import io.margay.model.resource.Kind;
import io.margay.store.apiserver.ApiException.Reason;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Lists that clients fetch page by page, kept as they were at the first page, so that all pages
 * together are the objects of one moment. A list that is too old or too many lists ago is
 * forgotten; its client is told to start again.
 */
final class ListSnapshots {
  private static final int KEPT = 32;
  private static final Duration LIFETIME = Duration.ofMinutes(5);

  /**
   * What is left of a list.
   *
   * @param items all selected objects, those of earlier pages included
   * @param offset where the next page begins
   */
  record Rest(Kind kind, List<KubeObject> items, int offset, long resourceVersion) {}

  private record Snapshot(
      Kind kind, List<KubeObject> items, long resourceVersion, Instant takenAt) {}

  private final InstantSource clock;
  private final Map<Long, Snapshot> snapshots = new LinkedHashMap<>();
  private long nextId;

  ListSnapshots(InstantSource clock) {
    this.clock = clock;
    // Tokens of an earlier process must not name a list of this one.
    this.nextId = clock.millis() << 10;
  }

  /** Keeps a list whose first page is given out; returns the token for the next page. */
  synchronized String keep(Kind kind, List<KubeObject> items, long resourceVersion, int offset) {
    Instant oldest = clock.instant().minus(LIFETIME);
    snapshots.values().removeIf(snapshot -> snapshot.takenAt.isBefore(oldest));
    if (snapshots.size() == KEPT) {
      snapshots.remove(snapshots.keySet().iterator().next());
    }
    long id = nextId++;
    snapshots.put(id, new Snapshot(kind, items, resourceVersion, clock.instant()));
    return token(id, offset);
  }

  /** The token for the page after the one that a token stood for. */
  String advance(String token, int offset) {
    return token(parse(token)[0], offset);
  }

  /**
   * The list that a token stands for.
   *
   * @throws ApiException EXPIRED if it is forgotten, BAD_REQUEST if it is no token
   */
  synchronized Rest resume(Kind kind, String token) {
    long[] parts = parse(token);
    @Nullable Snapshot snapshot = snapshots.get(parts[0]);
    if (snapshot == null) {
      throw new ApiException(
          Reason.EXPIRED,
          "The provided continue parameter is too old to display a consistent list result."
              + " Start a new list without the continue parameter.");
    }
    if (snapshot.kind != kind || parts[1] > snapshot.items.size()) {
      throw notAToken();
    }
    return new Rest(kind, snapshot.items, (int) parts[1], snapshot.resourceVersion);
  }

  private static String token(long id, int offset) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString((id + ":" + offset).getBytes(StandardCharsets.UTF_8));
  }

  private static long[] parse(String token) {
    try {
      String text = new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8);
      int colon = text.indexOf(':');
      if (colon > 0) {
        long offset = Integer.parseInt(text.substring(colon + 1));
        if (offset >= 0) {
          return new long[] {Long.parseLong(text.substring(0, colon)), offset};
        }
      }
    } catch (IllegalArgumentException e) {
      // Told below.
    }
    throw notAToken();
  }

  private static ApiException notAToken() {
    return new ApiException(Reason.BAD_REQUEST, "continue key is not valid: list from the start");
  }
}
