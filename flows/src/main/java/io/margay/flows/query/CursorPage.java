package io.margay.flows.query;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A part of a list that grows at its beginning.
 *
 * @param next where the next page begins; null when there is nothing more
 */
public record CursorPage<T>(List<T> items, @Nullable FlowCursor next) {
  public CursorPage {
    items = List.copyOf(items);
  }
}
