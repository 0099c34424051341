package io.margay.store.apiserver;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.margay.model.manifest.KubeObject;
import io.margay.model.resource.Kind;
import io.margay.store.ResourceStore.Listing;
import io.margay.store.apiserver.ApiException.Reason;
import io.margay.store.apiserver.http.ApiRequest;
import io.margay.store.apiserver.http.QueryParameters;
import io.margay.store.apiserver.http.Reply;
import io.margay.store.apiserver.select.Selection;
import io.margay.store.local.LocalStore;
import java.time.InstantSource;
import java.util.List;

/** Lists and watches of a kind. */
final class CollectionReads {
  private final LocalStore store;
  private final InstantSource clock;
  private final ListSnapshots snapshots;

  CollectionReads(LocalStore store, InstantSource clock) {
    this.store = store;
    this.clock = clock;
    this.snapshots = new ListSnapshots(clock);
  }

  /**
   * Lists, or watches if the query says so.
   *
   * @param namespace empty for all
   */
  Reply read(ApiRequest request, Kind kind, String namespace) {
    QueryParameters query = request.query();
    Selection selection =
        Selection.parse(kind, namespace, query.text("labelSelector"), query.text("fieldSelector"));
    Presentation presentation = Presentation.of(kind, request, clock);
    return query.flag("watch")
        ? WatchStream.reply(store, kind, selection, presentation, query)
        : list(kind, selection, presentation, query);
  }

  private Reply list(
      Kind kind, Selection selection, Presentation presentation, QueryParameters query) {
    int limit = (int) Math.min(query.number("limit"), Integer.MAX_VALUE);
    String token = query.text("continue");
    ListSnapshots.Rest rest;
    if (token.isEmpty()) {
      Listing listing = store.list(kind, "");
      requireVersion(query, listing.resourceVersion());
      List<KubeObject> items = listing.items().stream().filter(selection::matches).toList();
      rest = new ListSnapshots.Rest(kind, items, 0, listing.resourceVersion());
    } else {
      rest = snapshots.resume(kind, token);
    }
    int size = rest.items().size();
    int end = limit == 0 ? size : (int) Math.min(size, (long) rest.offset() + limit);
    ObjectNode metadata = JsonNodeFactory.instance.objectNode();
    metadata.put("resourceVersion", Long.toString(rest.resourceVersion()));
    if (end < size) {
      metadata.put(
          "continue",
          token.isEmpty()
              ? snapshots.keep(kind, rest.items(), rest.resourceVersion(), end)
              : snapshots.advance(token, end));
      if (!selection.isFiltered()) {
        metadata.put("remainingItemCount", size - end);
      }
    }
    List<KubeObject> page = rest.items().subList(rest.offset(), end);
    return new Reply.Json(
        200, presentation.list(page, metadata), presentation.contentType(), List.of());
  }

  /** Lists always show the present; a client that insists on another moment is told so. */
  private static void requireVersion(QueryParameters query, long current) {
    long asked = query.number("resourceVersion");
    boolean exact = query.text("resourceVersionMatch").equals("Exact");
    if (asked > current) {
      throw new ApiException(
          Reason.EXPIRED,
          "resource version "
              + asked
              + " is not of this server, which is at "
              + current
              + "; list without one");
    }
    if (exact && asked != current) {
      throw new ApiException(
          Reason.EXPIRED,
          "resource version " + asked + " is no longer kept; list without resourceVersionMatch");
    }
  }
}
