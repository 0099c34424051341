package io.margay.flows.query;

import static io.margay.flows.Fixtures.ALLOWED;
import static io.margay.flows.Fixtures.BY_PROFILE;
import static io.margay.flows.Fixtures.DENIED;
import static io.margay.flows.Fixtures.T0;
import static io.margay.flows.Fixtures.judged;
import static io.margay.flows.Fixtures.pod;
import static io.margay.flows.Fixtures.service;
import static io.margay.flows.Fixtures.tcp;
import static io.margay.flows.Fixtures.upsert;
import static io.margay.model.resource.RuleAction.ALLOW;
import static io.margay.model.resource.RuleAction.DENY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.margay.flows.DropCounters;
import io.margay.flows.Flow;
import io.margay.flows.FlowLimits;
import io.margay.flows.PolicyHit;
import io.margay.flows.PolicyTrace;
import io.margay.flows.Reporter;
import io.margay.flows.history.FlowAggregator;
import io.margay.flows.history.FlowHistory;
import io.margay.flows.query.FlowGraph.Edge;
import io.margay.flows.query.FlowGraph.Node;
import io.margay.flows.query.FlowGraph.NodeKind;
import io.margay.flows.query.PolicyActivity.RuleUse;
import io.margay.flows.query.PolicyStatistic.Point;
import io.margay.flows.query.PolicyStatistic.Rule;
import io.margay.model.flow.FlowEvent.ServiceAddress;
import io.margay.model.net.IpAddress;
import io.margay.model.resource.RuleAction;
import io.margay.model.verdict.Direction;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MemoryFlowReaderTest {
  private static final Instant T1 = T0.plusSeconds(15);
  private static final Instant T2 = T0.plusSeconds(30);
  private static final PolicyName WEB =
      new PolicyName("CalicoNetworkPolicy", "application", "shop", "web");
  private static final PolicyName LOCKDOWN =
      new PolicyName("StagedGlobalNetworkPolicy", "security", "", "lockdown");
  private static final PolicyName KNS = new PolicyName("Profile", "", "", "kns.shop");

  private final FlowAggregator aggregator =
      new FlowAggregator(FlowLimits.DEFAULT, new DropCounters());
  private FlowHistory history = FlowHistory.EMPTY;
  private final FlowReader reader = new MemoryFlowReader(() -> history);

  /**
   * T0: web to cart allowed (pending denied), web to db denied. T1: web to cart again, through a
   * service. T2: an address outside to cart, allowed by the profile.
   */
  MemoryFlowReaderTest() {
    aggregator.apply(upsert(pod("shop", "web", Map.of(), "10.0.0.1")));
    aggregator.apply(upsert(pod("shop", "cart", Map.of(), "10.0.0.2")));
    aggregator.apply(upsert(pod("data", "db", Map.of(), "10.0.0.3")));
    aggregator.apply(upsert(service("shop", "cart-service", "10.96.0.1", 80)));
    aggregator.accept(judged(T0, tcp("10.0.0.1", 1, "10.0.0.2", 8080), ALLOWED), T0);
    aggregator.accept(judged(T0, tcp("10.0.0.1", 2, "10.0.0.3", 5432), DENIED), T0);
    ServiceAddress address = new ServiceAddress(IpAddress.parse("10.96.0.1"), 80);
    aggregator.accept(judged(T1, tcp("10.0.0.1", 3, "10.0.0.2", 8080), ALLOWED, 1, address), T1);
    aggregator.accept(judged(T2, tcp("8.8.8.8", 4, "10.0.0.2", 8080), BY_PROFILE), T2);
    publish(T2);
  }

  private void publish(Instant now) {
    history = aggregator.publish(now).history();
  }

  private List<String> pages(int size) {
    List<String> seen = new ArrayList<>();
    FlowCursor cursor = FlowCursor.NEWEST;
    while (cursor != null) {
      CursorPage<Flow> page = reader.records(TimeRange.ALWAYS, FlowFilter.ALL, cursor, size);
      page.items().forEach(flow -> seen.add(record(flow)));
      cursor = page.next();
    }
    return seen;
  }

  private static String record(Flow flow) {
    return flow.key().source().name()
        + ">"
        + flow.key().dest().name()
        + " "
        + Duration.between(T0, flow.bucket()).toSeconds();
  }

  @Test
  void recordsComeNewestFirstWhateverTheSizeOfThePages() {
    List<String> all = List.of("pub>cart 30", "web>cart 15", "web>db 0", "web>cart 0");
    assertThat(pages(1)).isEqualTo(all);
    assertThat(pages(3)).isEqualTo(all);
    assertThat(pages(4)).isEqualTo(all);
    assertThat(pages(100)).isEqualTo(all);
    assertThatThrownBy(() -> reader.records(TimeRange.ALWAYS, FlowFilter.ALL, FlowCursor.NEWEST, 0))
        .hasMessageContaining("at least 1");
  }

  @Test
  void pagesStayInPlaceWhileFlowsArrive() {
    CursorPage<Flow> first = reader.records(TimeRange.ALWAYS, FlowFilter.ALL, FlowCursor.NEWEST, 2);
    aggregator.accept(judged(T2, tcp("10.0.0.1", 9, "10.0.0.3", 5432), DENIED), T2);
    aggregator.accept(judged(T2, tcp("10.0.0.1", 9, "10.0.0.2", 9999), DENIED), T2);
    publish(T2.plusSeconds(15));
    FlowCursor next = FlowCursor.parse(first.next().text());
    assertThat(reader.records(TimeRange.ALWAYS, FlowFilter.ALL, next, 10).items())
        .extracting(MemoryFlowReaderTest::record)
        .containsExactly("web>db 0", "web>cart 0");
  }

  @Test
  void aCursorOfAnotherKindIsRefused() {
    assertThat(FlowCursor.parse("")).isEqualTo(FlowCursor.NEWEST);
    for (String text : List.of("x", "12", "-", "1-", "-5", "1-2-3")) {
      assertThatThrownBy(() -> FlowCursor.parse(text))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("cursor \"" + text + "\"");
    }
  }

  @Test
  void hintsKeepToTheRange() {
    TimeRange first = new TimeRange(T0, T1);
    assertThat(
            reader
                .hints(HintType.DEST_NAME, first, FlowFilter.ALL, Page.Request.EVERYTHING)
                .items())
        .containsExactly("cart", "db");
    assertThat(
            reader
                .hints(
                    HintType.SOURCE_NAME,
                    new TimeRange(T2, Instant.MAX),
                    FlowFilter.ALL,
                    Page.Request.EVERYTHING)
                .items())
        .containsExactly("pub");
  }

  @Test
  void totalsTellPoliciesBehindTheEndsOfTiers() {
    List<PolicyStatistic> statistics =
        reader.statistics(
            StatisticsQuery.totals(
                TimeRange.ALWAYS, StatisticType.PACKETS, StatisticsGroup.POLICY));
    assertThat(statistics)
        .containsExactly(
            new PolicyStatistic(KNS, null, List.of(new Point(T2, 1, 0, 0, 0, 0, 0))),
            new PolicyStatistic(WEB, null, List.of(new Point(T0, 2, 0, 1, 0, 0, 0))),
            new PolicyStatistic(LOCKDOWN, null, List.of(new Point(T0, 0, 0, 2, 0, 0, 0))));
  }

  @Test
  void rulesAreToldApartAndTakeAMatch() {
    PolicyMatch web = new PolicyMatch(null, null, null, "web", null);
    List<PolicyStatistic> statistics =
        reader.statistics(
            new StatisticsQuery(
                TimeRange.ALWAYS,
                StatisticType.BYTES,
                StatisticsGroup.POLICY_RULE,
                web,
                Duration.ZERO));
    assertThat(statistics)
        .containsExactly(
            new PolicyStatistic(
                WEB,
                new Rule(Direction.INGRESS, -1, DENY),
                List.of(new Point(T0, 0, 0, 60, 0, 0, 0))),
            new PolicyStatistic(
                WEB,
                new Rule(Direction.INGRESS, 1, ALLOW),
                List.of(new Point(T0, 120, 0, 0, 0, 0, 0))));
  }

  @Test
  void aSeriesHasTheStepsThatHaveFlows() {
    StatisticsQuery query =
        new StatisticsQuery(
            TimeRange.ALWAYS,
            StatisticType.LIVE_CONNECTIONS,
            StatisticsGroup.POLICY,
            new PolicyMatch("Profile", null, null, null, null),
            Duration.ofSeconds(15));
    assertThat(reader.statistics(query))
        .containsExactly(new PolicyStatistic(KNS, null, List.of(new Point(T2, 1, 0, 0, 0, 0, 0))));
    assertThatThrownBy(() ->
            new StatisticsQuery(
                TimeRange.ALWAYS,
                StatisticType.BYTES,
                StatisticsGroup.POLICY,
                null,
                Duration.ofSeconds(20)))
        .hasMessageContaining("multiple of 15 seconds");
  }

  @Test
  void openConnectionsAreALevelAndNoSum() {
    PolicyMatch web = new PolicyMatch(null, null, null, "web", ALLOW);
    aggregator.accept(judged(T1, tcp("10.0.0.1", 7, "10.0.0.2", 8080), ALLOWED), T2);
    publish(T2);
    StatisticsQuery query =
        new StatisticsQuery(
            TimeRange.ALWAYS,
            StatisticType.LIVE_CONNECTIONS,
            StatisticsGroup.POLICY,
            web,
            Duration.ZERO);
    // Two connections without the service, one with it: the level in the first bucket is gone.
    assertThat(reader.statistics(query).getFirst().points().getFirst().allowedIn()).isEqualTo(3);
  }

  @Test
  void densityHasStepsWithoutGaps() {
    List<DensityStep> steps =
        reader.density(new TimeRange(T0, T0.plusSeconds(60)), FlowFilter.ALL, 100);
    Volume one = new Volume(1, 1, 60);
    assertThat(steps)
        .containsExactly(
            new DensityStep(T0, T1, one, one, one),
            new DensityStep(T1, T2, one, Volume.NONE, one),
            new DensityStep(T2, T2.plusSeconds(15), one, Volume.NONE, Volume.NONE),
            new DensityStep(
                T2.plusSeconds(15), T2.plusSeconds(30), Volume.NONE, Volume.NONE, Volume.NONE));
    assertThat(reader.density(TimeRange.ALWAYS, FlowFilter.ALL, 1))
        .containsExactly(
            new DensityStep(
                T0, T2.plusSeconds(15), new Volume(3, 3, 180), one, new Volume(2, 2, 120)));
    assertThatThrownBy(() -> reader.density(TimeRange.ALWAYS, FlowFilter.ALL, 0))
        .hasMessageContaining("1 to 10000");
  }

  @Test
  void graphsGroupByLevel() {
    Node shop = new Node(NodeKind.NAMESPACE, "-", "shop");
    Node data = new Node(NodeKind.NAMESPACE, "-", "data");
    Node outside = new Node(NodeKind.OUTSIDE, "-", "pub");
    Volume one = new Volume(1, 1, 60);
    Volume two = new Volume(2, 2, 120);
    FlowGraph graph = reader.graph(TimeRange.ALWAYS, FlowFilter.ALL, GraphLevel.NAMESPACE);
    assertThat(graph.nodes()).containsExactly(data, shop, outside);
    assertThat(graph.edges())
        .containsExactly(
            new Edge(shop, data, Volume.NONE, one, Volume.NONE),
            new Edge(shop, shop, two, Volume.NONE, two),
            new Edge(outside, shop, one, Volume.NONE, Volume.NONE));
    assertThat(reader.graph(TimeRange.ALWAYS, FlowFilter.ALL, GraphLevel.SERVICE).nodes())
        .contains(
            new Node(NodeKind.SERVICE, "shop", "cart-service"),
            new Node(NodeKind.WORKLOAD, "shop", "cart"));
    assertThat(reader.graph(TimeRange.ALWAYS, FlowFilter.ALL, GraphLevel.WORKLOAD).nodes())
        .hasSize(4)
        .contains(new Node(NodeKind.WORKLOAD, "data", "db"));
  }

  @Test
  void policiesTellWhatTheyDidAndWhenLast() {
    assertThat(reader.policyActivity(TimeRange.ALWAYS))
        .containsExactly(
            activity(KNS, 1, 0, T2.plusSeconds(15), use(0, ALLOW, 1, T2.plusSeconds(15))),
            activity(WEB, 2, 1, T2, use(-1, DENY, 1, T1), use(1, ALLOW, 2, T2)),
            activity(LOCKDOWN, 0, 2, T2, use(-1, DENY, 2, T2)));
    assertThat(reader.policyActivity(new TimeRange(T0, T1)))
        .contains(activity(WEB, 1, 1, T1, use(-1, DENY, 1, T1), use(1, ALLOW, 1, T1)));
  }

  private static PolicyActivity activity(
      PolicyName policy, long allowed, long denied, Instant lastUsed, RuleUse... rules) {
    return new PolicyActivity(policy, allowed, denied, 0, lastUsed, List.of(rules));
  }

  private static RuleUse use(int index, RuleAction action, long connections, Instant lastUsed) {
    return new RuleUse(new Rule(Direction.INGRESS, index, action), connections, lastUsed);
  }

  @Test
  void aRuleThatOnlyLogsIsUsedAndCountsNothingForItsPolicy() {
    PolicyTrace trace =
        new PolicyTrace(
            ALLOW,
            ALLOW,
            List.of(hit("web", ALLOW, 2)),
            List.of(),
            List.of(hit("web", RuleAction.LOG, 1), hit("watch", RuleAction.LOG, 0)));
    ActivityAnswer answer = new ActivityAnswer();
    answer.add(trace, Reporter.SOURCE, 3, T0);
    answer.add(trace, Reporter.SOURCE, 4, T1);
    PolicyName watch = new PolicyName("CalicoNetworkPolicy", "application", "shop", "watch");
    assertThat(answer.result())
        .containsExactly(
            activity(watch, 0, 0, T1, egress(0, RuleAction.LOG)),
            activity(WEB, 7, 0, T1, egress(1, RuleAction.LOG), egress(2, ALLOW)));
  }

  private static RuleUse egress(int index, RuleAction action) {
    return new RuleUse(new Rule(Direction.EGRESS, index, action), 7, T1);
  }

  private static PolicyHit hit(String name, RuleAction action, int rule) {
    return new PolicyHit("CalicoNetworkPolicy", "application", "shop", name, action, 0, rule, null);
  }

  @Test
  void anEmptyHistoryHasEmptyAnswers() {
    FlowReader empty = new MemoryFlowReader(() -> FlowHistory.EMPTY);
    assertThat(empty.density(TimeRange.ALWAYS, FlowFilter.ALL, 5)).hasSize(1);
    assertThat(empty.graph(TimeRange.ALWAYS, FlowFilter.ALL, GraphLevel.WORKLOAD).nodes())
        .isEmpty();
    assertThat(empty.policyActivity(TimeRange.ALWAYS)).isEmpty();
  }
}
