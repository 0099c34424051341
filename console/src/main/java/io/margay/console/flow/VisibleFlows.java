package io.margay.console.flow;

import io.margay.console.access.Permissions;
import io.margay.flows.Flow;
import io.margay.flows.FlowPeer;
import io.margay.flows.Reporter;
import io.margay.flows.query.CursorPage;
import io.margay.flows.query.DensityStep;
import io.margay.flows.query.FlowCursor;
import io.margay.flows.query.FlowFilter;
import io.margay.flows.query.FlowGraph;
import io.margay.flows.query.FlowOrder;
import io.margay.flows.query.FlowReader;
import io.margay.flows.query.GraphLevel;
import io.margay.flows.query.HintType;
import io.margay.flows.query.Page;
import io.margay.flows.query.PolicyActivity;
import io.margay.flows.query.PolicyStatistic;
import io.margay.flows.query.StatisticsQuery;
import io.margay.flows.query.StringMatch;
import io.margay.flows.query.TimeRange;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * What a user may see of the flows: those that an endpoint of a visible namespace reports, since it
 * is that endpoint's policies that the flow tells about. Each question is asked for both reporters,
 * with the namespaces of their end, and the answers are joined.
 *
 * <p>Figures of cluster-wide policies add up all namespaces, so they are told to nobody who does
 * not see all.
 */
public final class VisibleFlows implements FlowReader {
  private final FlowReader all;
  private final Permissions permissions;

  private VisibleFlows(FlowReader all, Permissions permissions) {
    this.all = all;
    this.permissions = permissions;
  }

  /** The reader for a user. */
  public static FlowReader of(FlowReader all, Permissions permissions) {
    return permissions.seesAll() ? all : new VisibleFlows(all, permissions);
  }

  /** Whether a user may see one flow. */
  static Predicate<Flow> test(Permissions permissions) {
    return flow -> {
      FlowPeer judged =
          switch (flow.key().reporter()) {
            case SOURCE -> flow.key().source();
            case DESTINATION -> flow.key().dest();
          };
      return permissions.sees(
          judged.namespace().equals(FlowPeer.NO_NAMESPACE) ? "" : judged.namespace());
    };
  }

  /** A filter for each reporter that may see something; no flow passes more than one of them. */
  private List<FlowFilter> split(FlowFilter asked) {
    List<FlowFilter> filters = new ArrayList<>();
    for (Reporter reporter : Reporter.values()) {
      boolean source = reporter == Reporter.SOURCE;
      List<StringMatch> visible =
          visible(source ? asked.sourceNamespaces() : asked.destNamespaces());
      if (visible.isEmpty() || (asked.reporter() != null && asked.reporter() != reporter)) {
        continue;
      }
      filters.add(
          new FlowFilter(
              asked.sourceNames(),
              source ? visible : asked.sourceNamespaces(),
              asked.destNames(),
              source ? asked.destNamespaces() : visible,
              asked.namespaces(),
              asked.protocols(),
              asked.destPorts(),
              asked.actions(),
              asked.pendingActions(),
              asked.policies(),
              reporter,
              asked.pendingDiffers()));
    }
    return filters;
  }

  private List<StringMatch> visible(List<StringMatch> asked) {
    return permissions.namespaces().stream()
        .filter(name -> asked.isEmpty() || asked.stream().anyMatch(match -> match.matches(name)))
        .sorted()
        .map(StringMatch::exact)
        .toList();
  }

  @Override
  public Page<Flow> list(TimeRange range, FlowFilter filter, FlowOrder order, Page.Request page) {
    // All pages up to the one that is asked for: any of their flows may come from either side.
    int needed =
        page.size() == 0
            ? 0
            : (int) Math.min(Integer.MAX_VALUE, (page.number() + 1L) * page.size());
    List<Flow> flows = new ArrayList<>();
    int total = 0;
    for (FlowFilter part : split(filter)) {
      Page<Flow> found = all.list(range, part, order, new Page.Request(0, needed));
      flows.addAll(found.items());
      total += found.totalResults();
    }
    flows.sort(order.comparator());
    return slice(flows, total, page);
  }

  /** A page of a list that is sorted and complete up to the page's end. */
  private static Page<Flow> slice(List<Flow> flows, int total, Page.Request page) {
    Page<Flow> of = page.of(flows);
    int pages = page.size() == 0 ? of.totalPages() : Math.ceilDiv(total, page.size());
    return new Page<>(of.items(), pages, total);
  }

  @Override
  public CursorPage<Flow> records(TimeRange range, FlowFilter filter, FlowCursor cursor, int size) {
    List<Flow> flows = new ArrayList<>();
    boolean more = false;
    for (FlowFilter part : split(filter)) {
      CursorPage<Flow> found = all.records(range, part, cursor, size);
      flows.addAll(found.items());
      more |= found.next() != null;
    }
    flows.sort(Comparator.comparing(Flow::bucket).thenComparing(Flow::keyNumber).reversed());
    if (flows.size() > size || (more && !flows.isEmpty())) {
      List<Flow> items = flows.subList(0, Math.min(size, flows.size()));
      FlowId last = FlowId.of(items.getLast());
      return new CursorPage<>(items, new FlowCursor(last.bucketSecond(), last.keyNumber()));
    }
    return new CursorPage<>(flows, null);
  }

  @Override
  public Page<String> hints(HintType type, TimeRange range, FlowFilter filter, Page.Request page) {
    TreeSet<String> values = new TreeSet<>();
    for (FlowFilter part : split(filter)) {
      values.addAll(all.hints(type, range, part, Page.Request.EVERYTHING).items());
    }
    return page.of(List.copyOf(values));
  }

  @Override
  public List<PolicyStatistic> statistics(StatisticsQuery query) {
    return all.statistics(query).stream()
        .filter(statistic -> permissions.sees(statistic.policy().namespace()))
        .toList();
  }

  @Override
  public List<DensityStep> density(TimeRange range, FlowFilter filter, int steps) {
    TreeMap<Instant, DensityStep> sums = new TreeMap<>();
    for (FlowFilter part : split(filter)) {
      all.density(range, part, steps)
          .forEach(step -> sums.merge(step.start(), step, VisibleFlows::plus));
    }
    return List.copyOf(sums.values());
  }

  private static DensityStep plus(DensityStep one, DensityStep other) {
    return new DensityStep(
        one.start(),
        one.end(),
        one.allowed().plus(other.allowed()),
        one.denied().plus(other.denied()),
        one.pendingDiffers().plus(other.pendingDiffers()));
  }

  @Override
  public FlowGraph graph(TimeRange range, FlowFilter filter, GraphLevel level) {
    return split(filter).stream()
        .map(part -> all.graph(range, part, level))
        .reduce(new FlowGraph(List.of(), List.of()), Graphs::plus);
  }

  @Override
  public List<PolicyActivity> policyActivity(TimeRange range) {
    return all.policyActivity(range).stream()
        .filter(activity -> permissions.sees(activity.policy().namespace()))
        .toList();
  }
}
