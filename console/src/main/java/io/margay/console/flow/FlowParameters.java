package io.margay.console.flow;

import io.margay.console.http.Exchange;
import io.margay.console.http.HttpFailure;
import io.margay.flows.query.FlowCursor;
import io.margay.flows.query.FlowFilter;
import io.margay.flows.query.FlowOrder;
import io.margay.flows.query.Page;
import io.margay.flows.query.TimeRange;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Reads what queries about flows have in common. */
public final class FlowParameters {
  /** "Everything" must fit into an answer; whoever wants more asks for pages. */
  static final int MOST_FLOWS = 20_000;

  private static final int MOST_BY_CURSOR = 10_000;

  private FlowParameters() {}

  static FlowFilter filter(Exchange exchange) {
    return exchange.query("filters").map(FilterReader::read).orElse(FlowFilter.ALL);
  }

  /** {@code startTimeGte} and {@code startTimeLt}. */
  public static TimeRange range(Exchange exchange, Instant now) {
    return range(exchange, now, 0);
  }

  /** The same with another start for those who name none. */
  public static TimeRange range(Exchange exchange, Instant now, long start) {
    return range(
        exchange.queryNumber("startTimeGte", start), exchange.queryNumber("startTimeLt", 0), now);
  }

  /** A range from numbers as queries have them. */
  public static TimeRange range(long startGte, long startLt, Instant now) {
    try {
      return TimeRange.of(startGte, startLt, now);
    } catch (IllegalArgumentException e) {
      throw HttpFailure.badRequest("startTimeGte, startTimeLt: " + e.getMessage());
    }
  }

  static FlowOrder order(Exchange exchange) {
    List<String> asked = exchange.queryValues("sortBy");
    if (asked.size() > 1) {
      throw HttpFailure.badRequest("sortBy is given more than once, flows are sorted by one field");
    }
    return asked.isEmpty() || asked.getFirst().isEmpty()
        ? FlowOrder.TIME
        : named("sortBy", asked.getFirst(), List.of(FlowOrder.values()), FlowOrder::goldmaneName);
  }

  static Page.Request page(Exchange exchange) {
    int size = exchange.queryNumber("pageSize", 0, 0, Integer.MAX_VALUE);
    return new Page.Request(
        exchange.queryNumber("page", 0, 0, Integer.MAX_VALUE),
        size == 0 ? MOST_FLOWS : Math.min(size, MOST_FLOWS));
  }

  /** Whether pages by cursor are asked for. */
  static boolean byCursor(Exchange exchange) {
    boolean cursor = exchange.query("limit").isPresent() || exchange.query("cursor").isPresent();
    boolean number = exchange.query("page").isPresent() || exchange.query("pageSize").isPresent();
    if (cursor && number) {
      throw HttpFailure.badRequest("page and pageSize do not go with limit and cursor");
    }
    if (cursor && order(exchange) != FlowOrder.TIME) {
      throw HttpFailure.badRequest("pages by cursor are sorted by Time");
    }
    return cursor;
  }

  static int limit(Exchange exchange) {
    return exchange.queryNumber("limit", 100, 1, MOST_BY_CURSOR);
  }

  static FlowCursor cursor(Exchange exchange) {
    try {
      return FlowCursor.parse(exchange.query("cursor").orElse(""));
    } catch (IllegalArgumentException e) {
      throw HttpFailure.badRequest(String.valueOf(e.getMessage()));
    }
  }

  /** One of several values, by its name; the first if the parameter is missing. */
  static <T> T oneOf(
      Exchange exchange, String parameter, List<T> values, Function<T, String> name) {
    return exchange
        .query(parameter)
        .map(asked -> named(parameter, asked, values, name))
        .orElse(values.getFirst());
  }

  static <T> T named(String parameter, String asked, List<T> values, Function<T, String> name) {
    return values.stream()
        .filter(value -> name.apply(value).equals(asked))
        .findFirst()
        .orElseThrow(() ->
            HttpFailure.badRequest(
                values.stream()
                    .map(name)
                    .collect(
                        Collectors.joining(
                            ", ", parameter + " \"" + asked + "\" is not one of ", ""))));
  }
}
