package io.margay.flows.archive;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Numbers values in the order in which they come, from 0. Values are never forgotten. Any thread
 * may ask and add.
 */
final class Dictionary<T> {
  private final Map<T, Integer> numbers = new ConcurrentHashMap<>();
  private volatile @Nullable Object[] values = new @Nullable Object[64];
  private volatile int size;

  int numberOf(T value) {
    Integer known = numbers.get(value);
    return known == null ? add(value) : known;
  }

  private synchronized int add(T value) {
    Integer known = numbers.get(value);
    if (known != null) {
      return known;
    }
    int number = size;
    put(number, value);
    return number;
  }

  /** Puts back a value that was numbered by an earlier process; gaps stay empty. */
  synchronized void put(int number, T value) {
    if (number >= values.length) {
      values = Arrays.copyOf(values, Math.max(number + 1, values.length * 2));
    }
    values[number] = value;
    numbers.put(value, number);
    size = Math.max(size, number + 1);
  }

  int size() {
    return size;
  }

  @SuppressWarnings({
    "unchecked",
    "NullAway"
  }) // Only values of T are put in, and numbers come from here.
  T get(int number) {
    return (T) values[number];
  }

  /** The values from a number on, up to another. */
  List<Numbered<T>> from(int first, int end) {
    List<Numbered<T>> result = new ArrayList<>();
    for (int number = first; number < end; number++) {
      result.add(new Numbered<>(number, get(number)));
    }
    return result;
  }

  record Numbered<T>(int number, T value) {}
}
