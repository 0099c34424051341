package io.margay.flows.archive;

import java.time.Instant;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * Which tables there are. Flows first go to tables of their hour, in the order in which they come;
 * when the hour is over they are sorted into the tables of their day.
 *
 * @param recentHours epoch seconds of the hours that have tables of their own
 * @param days epoch days with how fine their flows are, in seconds
 * @param summedDays those of them that are over and have a table with the sums of the whole day
 * @param indexedDays those that have a {@link BucketIndex}: days of 15-second flows, unless they
 *     are from a version that made none
 */
record Layout(
    NavigableSet<Long> recentHours,
    NavigableMap<Long, Integer> days,
    NavigableSet<Long> summedDays,
    NavigableSet<Long> indexedDays) {
  static final int HOUR = 3600;
  static final int FINE = Buckets.SECONDS;
  static final int ROLLED_UP = 300;

  /** How the names of tables with the sums of a day begin. */
  static final String TOTALS = "flow_days_";

  /** Likewise of a {@link BucketIndex}. */
  static final String INDEX = "flow_index_";

  static final Layout EMPTY =
      new Layout(new TreeSet<>(), new TreeMap<>(), new TreeSet<>(), new TreeSet<>());

  static long hourOf(long second) {
    return Math.floorDiv(second, HOUR) * HOUR;
  }

  static long dayOf(long second) {
    return Math.floorDiv(second, 24 * HOUR);
  }

  static long startOfDay(long day) {
    return day * 24 * HOUR;
  }

  static String recent(long hour) {
    return "recent_" + hour;
  }

  static String recentStatistics(long hour) {
    return "recent_statistics_" + hour;
  }

  static String facts(long day, int resolution) {
    return "flows_" + date(day) + "_" + resolution;
  }

  static String hours(long day) {
    return "flow_hours_" + date(day);
  }

  static String totals(long day) {
    return TOTALS + date(day);
  }

  static String index(long hour) {
    return INDEX + hour;
  }

  /** The starts of a day's hours, in epoch seconds. */
  static LongStream hoursOf(long day) {
    return LongStream.range(0, 24).map(hour -> startOfDay(day) + hour * HOUR);
  }

  static String statistics(long day, int resolution) {
    return "statistics_" + date(day) + "_" + statisticsResolution(resolution);
  }

  /** Statistics are never finer than five minutes. */
  static int statisticsResolution(int resolution) {
    return Math.max(resolution, ROLLED_UP);
  }

  private static String date(long day) {
    return LocalDate.ofEpochDay(day).format(DateTimeFormatter.BASIC_ISO_DATE);
  }

  Layout withRecent(long hour) {
    TreeSet<Long> hours = new TreeSet<>(recentHours);
    hours.add(hour);
    return new Layout(hours, days, summedDays, indexedDays);
  }

  Layout withoutRecent(long hour) {
    TreeSet<Long> hours = new TreeSet<>(recentHours);
    hours.remove(hour);
    return new Layout(hours, days, summedDays, indexedDays);
  }

  Layout withDay(long day, int resolution) {
    TreeMap<Long, Integer> all = new TreeMap<>(days);
    all.put(day, resolution);
    return new Layout(recentHours, all, summedDays, indexedDays);
  }

  Layout withoutDay(long day) {
    TreeMap<Long, Integer> all = new TreeMap<>(days);
    all.remove(day);
    return new Layout(recentHours, all, without(summedDays, day), without(indexedDays, day));
  }

  Layout withSums(long day) {
    TreeSet<Long> summed = new TreeSet<>(summedDays);
    summed.add(day);
    return new Layout(recentHours, days, summed, indexedDays);
  }

  Layout withIndex(long day) {
    TreeSet<Long> indexed = new TreeSet<>(indexedDays);
    indexed.add(day);
    return new Layout(recentHours, days, summedDays, indexed);
  }

  Layout withoutIndex(long day) {
    return new Layout(recentHours, days, summedDays, without(indexedDays, day));
  }

  private static NavigableSet<Long> without(NavigableSet<Long> days, long day) {
    TreeSet<Long> rest = new TreeSet<>(days);
    rest.remove(day);
    return rest;
  }

  boolean isEmpty() {
    return recentHours.isEmpty() && days.isEmpty();
  }

  /** The start of the oldest hour or day; null if there is none. */
  @Nullable Instant oldest() {
    if (isEmpty()) {
      return null;
    }
    long recent = recentHours.isEmpty() ? Long.MAX_VALUE : recentHours.first();
    long day = days.isEmpty() ? Long.MAX_VALUE : startOfDay(days.firstKey());
    return Instant.ofEpochSecond(Math.min(recent, day));
  }
}
