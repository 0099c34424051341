package io.margay.flows.archive;

import io.margay.flows.Flow;
import io.margay.flows.FlowCounters;
import io.margay.flows.FlowKey;
import io.margay.flows.archive.KeyQueries.Active;
import io.margay.flows.history.FlowHistory;
import io.margay.flows.query.ActivityAnswer;
import io.margay.flows.query.CursorPage;
import io.margay.flows.query.DensityAnswer;
import io.margay.flows.query.DensityStep;
import io.margay.flows.query.FlowCursor;
import io.margay.flows.query.FlowFilter;
import io.margay.flows.query.FlowGraph;
import io.margay.flows.query.FlowOrder;
import io.margay.flows.query.FlowReader;
import io.margay.flows.query.GraphAnswer;
import io.margay.flows.query.GraphLevel;
import io.margay.flows.query.HintType;
import io.margay.flows.query.MemoryFlowReader;
import io.margay.flows.query.Page;
import io.margay.flows.query.PolicyActivity;
import io.margay.flows.query.PolicyStatistic;
import io.margay.flows.query.StatisticType;
import io.margay.flows.query.StatisticsAnswer;
import io.margay.flows.query.StatisticsQuery;
import io.margay.flows.query.TimeRange;
import io.margay.flows.query.Volume;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.duckdb.DuckDBConnection;

/**
 * Answers from the live buckets and the history on disk together. The seam between them is the
 * start of the oldest bucket that memory holds wholly: what is later comes from memory, what is
 * earlier from disk, and nothing from both.
 */
public final class HistoryReader implements FlowReader {
  private final Archive archive;
  private final KeyDictionary dictionary;
  private final Supplier<FlowHistory> live;
  private final KeyQueries keys;

  /**
   * @param live the latest view of the live buckets; their flows have the archive's key numbers
   */
  public HistoryReader(Archive archive, Supplier<FlowHistory> live) {
    this.archive = archive;
    this.dictionary = archive.dictionary();
    this.live = live;
    this.keys = new KeyQueries(dictionary);
  }

  private LivePart livePart() {
    return LivePart.of(live.get(), archive.completeFrom());
  }

  @Override
  public Page<Flow> list(TimeRange range, FlowFilter filter, FlowOrder order, Page.Request page) {
    LivePart memory = livePart();
    Active active = keys.active(archive, memory, range, new KeyFilter(dictionary, filter));
    long first = (long) page.number() * page.size();
    boolean all = page.size() == 0;
    int[] wanted =
        new TopKeys(dictionary, active, order)
            .page(
                all && page.number() > 0 ? active.size() : first,
                all ? active.size() : first + page.size());
    Map<Integer, Flow> sums = sums(memory, range, wanted);
    List<Flow> items = new ArrayList<>(wanted.length);
    for (int key : wanted) {
      Flow flow = sums.get(key);
      if (flow != null) { // A late update waits to be written: its key is known before its flow.
        items.add(flow);
      }
    }
    int pages = all ? Math.min(1, active.size()) : Math.ceilDiv(active.size(), page.size());
    return new Page<>(items, pages, active.size());
  }

  private Map<Integer, Flow> sums(LivePart memory, TimeRange range, int[] wanted) {
    Map<Integer, Flow> sums = new HashMap<>();
    long from = LivePart.archivedAfter(range);
    long to = memory.archivedBefore(range);
    if (from < to) {
      sums.putAll(
          archive.read((connection, layout) ->
              keys.sums(connection, layout, from, to, wanted, wanted.length)));
    }
    BitSet asked = new BitSet();
    for (int key : wanted) {
      asked.set(key);
    }
    for (Flow flow : memory.flows(range)) {
      if (KeyQueries.isKept(flow) && asked.get((int) flow.keyNumber())) {
        sums.merge((int) flow.keyNumber(), flow, Flow::plusLater);
      }
    }
    return sums;
  }

  @Override
  public CursorPage<Flow> records(TimeRange range, FlowFilter filter, FlowCursor cursor, int size) {
    LivePart memory = livePart();
    MemoryFlowReader newest =
        new MemoryFlowReader(() -> new FlowHistory(0, memory.buckets(), Instant.MIN));
    List<Flow> records = new ArrayList<>(newest.records(range, filter, cursor, size + 1).items());
    int missing = size + 1 - records.size();
    long from = LivePart.archivedAfter(range);
    long to = memory.archivedBefore(range);
    if (missing > 0 && from < to) {
      KeyFilter test = new KeyFilter(dictionary, filter);
      Active active = keys.active(archive, memory, new TimeRange(range.from(), Instant.MAX), test);
      if (active.size() > 0) {
        records.addAll(
            archive.read((connection, layout) ->
                new RecordQuery(
                        dictionary,
                        connection,
                        layout,
                        from,
                        to,
                        test,
                        few(connection, active),
                        active.size(),
                        cursor,
                        missing)
                    .find()));
      }
    }
    return new CursorPage<>(
        records.subList(0, Math.min(size, records.size())), RecordQuery.next(records, size));
  }

  private static String few(DuckDBConnection connection, Active active) throws SQLException {
    return active.size() > KeyQueries.FEW
        ? ""
        : KeyQueries.want(connection, active.keys(), active.size());
  }

  @Override
  public Page<String> hints(HintType type, TimeRange range, FlowFilter filter, Page.Request page) {
    Active active = keys.active(archive, livePart(), range, new KeyFilter(dictionary, filter));
    KeyDictionary.Columns columns = dictionary.columns();
    int[] part =
        switch (type) {
          case SOURCE_NAME, SOURCE_NAMESPACE -> columns.source;
          case DEST_NAME, DEST_NAMESPACE -> columns.dest;
          case POLICY_TIER, POLICY_NAME, POLICY_KIND, POLICY_NAMESPACE -> columns.trace;
        };
    BitSet seen = new BitSet();
    TreeSet<String> values = new TreeSet<>();
    for (int i = 0; i < active.size(); i++) {
      int key = active.keys()[i];
      if (!seen.get(part[key])) {
        seen.set(part[key]);
        type.values(dictionary.key(key)).forEach(values::add);
      }
    }
    return page.of(List.copyOf(values));
  }

  @Override
  public List<PolicyStatistic> statistics(StatisticsQuery query) {
    return query.type() == StatisticType.LIVE_CONNECTIONS
        ? new LevelQuery(archive, livePart()).answer(query)
        : sumsOfTraces(query);
  }

  private List<PolicyStatistic> sumsOfTraces(StatisticsQuery query) {
    LivePart memory = livePart();
    StatisticsAnswer answer = new StatisticsAnswer(query);
    for (TraceQuery.Sum sum : traces(memory, query.range(), query.step().toSeconds(), 0)) {
      answer.add(
          sum.trace(),
          sum.reporter(),
          query.isSeries() ? sum.at() : sum.firstBucket(),
          sum.counters());
    }
    for (Flow flow : memory.flows(query.range())) {
      answer.add(
          flow.key().trace(),
          flow.key().reporter(),
          flow.start().getEpochSecond(),
          flow.counters());
    }
    return answer.result();
  }

  private List<TraceQuery.Sum> traces(LivePart memory, TimeRange range, long step, long origin) {
    long from = LivePart.archivedAfter(range);
    long to = memory.archivedBefore(range);
    return from >= to
        ? List.of()
        : archive.read((connection, layout) ->
            new TraceQuery(from, to, step, origin).sums(connection, layout, dictionary));
  }

  @Override
  public List<DensityStep> density(TimeRange range, FlowFilter filter, int steps) {
    LivePart memory = livePart();
    Active known = keys.active(archive, memory, TimeRange.ALWAYS, key -> true);
    long first = Long.MAX_VALUE;
    long end = 0;
    int[] firstBuckets = dictionary.columns().first;
    for (int i = 0; i < known.size(); i++) {
      first = Math.min(first, Buckets.second(firstBuckets[known.keys()[i]]));
      end = Math.max(end, known.last()[i] + Buckets.SECONDS);
    }
    DensityAnswer answer =
        new DensityAnswer(
            range.fromSecondOr(known.size() == 0 ? 0 : first), range.toSecondOr(end), steps);
    if (KeyFilter.isOfTraces(filter)) {
      for (TraceQuery.Sum sum : traces(memory, range, answer.stepSeconds(), answer.start())) {
        if (filter.accepts(sum.trace())
            && (filter.reporter() == null || filter.reporter() == sum.reporter())) {
          answer.add(sum.trace(), sum.at(), Volume.of(sum.counters()));
        }
      }
    } else {
      filteredDensity(memory, range, new KeyFilter(dictionary, filter), answer);
    }
    for (Flow flow : memory.flows(range)) {
      if (filter.test(flow)) {
        answer.add(flow.key().trace(), flow.start().getEpochSecond(), Volume.of(flow.counters()));
      }
    }
    return answer.result();
  }

  private void filteredDensity(
      LivePart memory, TimeRange range, KeyFilter filter, DensityAnswer answer) {
    long from = LivePart.archivedAfter(range);
    long to = memory.archivedBefore(range);
    Active active = keys.active(archive, memory, new TimeRange(range.from(), Instant.MAX), filter);
    if (from >= to || active.size() == 0) {
      return;
    }
    long step = answer.stepSeconds();
    String at = "(row_start - " + answer.start() + ") // " + step;
    eachGroup(
        from,
        to,
        active,
        step % Layout.HOUR == 0 ? RowSql.Longest.HOUR : RowSql.Longest.FLOW,
        at,
        "k.trace_id",
        (row, trace) ->
            answer.add(
                dictionary.traces.get(trace),
                answer.start() + row.getLong(2) * step,
                Volume.of(KeyQueries.counters(row, 3))));
  }

  /** What to do with a group: its number, then its time in column 2, then its sums. */
  @FunctionalInterface
  private interface Group {
    void take(ResultSet row, int number) throws SQLException;
  }

  private void eachGroup(
      long from,
      long to,
      Active active,
      RowSql.Longest longest,
      String time,
      String number,
      Group group) {
    archive.read((connection, layout) -> {
      boolean all = active.size() >= dictionary.size();
      String condition = all ? "" : KeyQueries.want(connection, active.keys(), active.size());
      String select = new RowSql(layout, from, to, condition).select(longest);
      if (select.isEmpty()) {
        return active;
      }
      String join = number.startsWith("k.") ? " JOIN flow_key AS k ON k.id = rows.key_id" : "";
      try (Statement statement = connection.createStatement();
          ResultSet row =
              statement.executeQuery(
                  "SELECT "
                      + number
                      + " AS number, "
                      + time
                      + " AS time, "
                      + Schema.sums()
                      + ", 0 AS live FROM ("
                      + select
                      + ") AS rows"
                      + join
                      + " GROUP BY number, time")) {
        while (row.next()) {
          group.take(row, row.getInt(1));
        }
      }
      return active;
    });
  }

  @Override
  public FlowGraph graph(TimeRange range, FlowFilter filter, GraphLevel level) {
    LivePart memory = livePart();
    GraphAnswer answer = new GraphAnswer(level);
    long from = LivePart.archivedAfter(range);
    long to = memory.archivedBefore(range);
    Active active =
        keys.active(
            archive,
            memory,
            new TimeRange(range.from(), Instant.MAX),
            new KeyFilter(dictionary, filter));
    if (from < to && active.size() > 0) {
      eachGroup(
          from,
          to,
          active,
          RowSql.Longest.DAY,
          "0",
          "key_id",
          (row, key) -> {
            FlowKey known = dictionary.key(key);
            answer.add(known, Volume.of(KeyQueries.counters(row, 3)));
          });
    }
    for (Flow flow : memory.flows(range)) {
      if (filter.test(flow)) {
        answer.add(flow.key(), Volume.of(flow.counters()));
      }
    }
    return answer.result();
  }

  @Override
  public List<PolicyActivity> policyActivity(TimeRange range) {
    LivePart memory = livePart();
    ActivityAnswer answer = new ActivityAnswer();
    for (TraceQuery.Sum sum : traces(memory, range, 0, 0)) {
      FlowCounters counters = sum.counters();
      answer.add(
          sum.trace(),
          sum.reporter(),
          counters.started(),
          Instant.ofEpochSecond(sum.lastBucket() + Buckets.SECONDS));
    }
    for (TraceQuery.LastUse use : lastUses(memory, range)) {
      answer.add(
          use.trace(), use.reporter(), 0, Instant.ofEpochSecond(use.bucket() + Buckets.SECONDS));
    }
    for (Flow flow : memory.flows(range)) {
      answer.add(flow.key().trace(), flow.key().reporter(), flow.counters().started(), flow.end());
    }
    return answer.result();
  }

  /** To be asked after {@link #traces}: a day that goes between the two is in both. */
  private List<TraceQuery.LastUse> lastUses(LivePart memory, TimeRange range) {
    TraceQuery query =
        new TraceQuery(LivePart.archivedAfter(range), memory.archivedBefore(range), 0, 0);
    return archive.read((connection, layout) -> query.lastUses(connection, dictionary));
  }
}
