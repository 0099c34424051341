package io.margay.flows.query;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

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

    /** The part of unsorted items that is wanted, without sorting all if it is small. */
    <T> Page<T> of(Collection<T> unsorted, Comparator<T> order) {
      long end = (number + 1L) * size;
      if (size == 0 || end > unsorted.size() / 4) {
        List<T> all = new ArrayList<>(unsorted);
        all.sort(order);
        return of(all);
      }
      PriorityQueue<T> lastFirst = new PriorityQueue<>(order.reversed());
      for (T item : unsorted) {
        if (lastFirst.size() < end) {
          lastFirst.add(item);
        } else if (order.compare(item, lastFirst.element()) < 0) {
          lastFirst.remove();
          lastFirst.add(item);
        }
      }
      List<T> best = new ArrayList<>(lastFirst);
      best.sort(order);
      return new Page<>(
          best.subList((int) (end - size), (int) end),
          Math.ceilDiv(unsorted.size(), size),
          unsorted.size());
    }

    /** The part of all items that is wanted. */
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
