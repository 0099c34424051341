package io.margay.flows.query;

import java.util.List;

/** A part of an answer. */
public record Page<T>(List<T> items, int totalPages, int totalResults) {
  public Page {
    items = List.copyOf(items);
  }

  /**
   * Which part is wanted.
   *
   * @param number from 0
   * @param size 0 for everything
   */
  public record Request(int number, int size) {
    public static final Request EVERYTHING = new Request(0, 0);

    public Request {
      if (number < 0 || size < 0) {
        throw new IllegalArgumentException(
            "page and page size count from 0, they cannot be negative");
      }
    }

    /** The part of a whole list. */
    public <T> Page<T> of(List<T> all) {
      if (size == 0) {
        return new Page<>(number == 0 ? all : List.of(), all.isEmpty() ? 0 : 1, all.size());
      }
      int pages = Math.ceilDiv(all.size(), size);
      long from = Math.min((long) number * size, all.size());
      long to = Math.min(from + size, all.size());
      return new Page<>(all.subList((int) from, (int) to), pages, all.size());
    }
  }
}
