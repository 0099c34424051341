package io.margay.flows.query;

import static io.margay.flows.Fixtures.ALLOWED;
import static io.margay.flows.Fixtures.BY_PROFILE;
import static io.margay.flows.Fixtures.DENIED;
import static io.margay.flows.Fixtures.T0;
import static io.margay.flows.Fixtures.judged;
import static io.margay.flows.Fixtures.pod;
import static io.margay.flows.Fixtures.tcp;
import static io.margay.flows.Fixtures.upsert;
import static io.margay.flows.query.StringMatch.exact;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.margay.flows.DropCounters;
import io.margay.flows.Flow;
import io.margay.flows.FlowLimits;
import io.margay.flows.Reporter;
import io.margay.flows.history.FlowAggregator;
import io.margay.flows.history.FlowHistory;
import io.margay.model.resource.RuleAction;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class FlowQueriesTest {
  /**
   * Three flows: web to cart (port 8080, allowed, pending denied), web to db (5432, denied), lab to
   * cart (8080, by profile); the first in two buckets.
   */
  private static FlowHistory history() {
    FlowAggregator aggregator = new FlowAggregator(FlowLimits.DEFAULT, new DropCounters());
    aggregator.apply(upsert(pod("shop", "web", Map.of("a", "1"), "10.0.0.1")));
    aggregator.apply(upsert(pod("shop", "cart", Map.of(), "10.0.0.2")));
    aggregator.apply(upsert(pod("data", "db", Map.of(), "10.0.0.3")));
    aggregator.apply(upsert(pod("lab", "probe", Map.of(), "10.0.0.4")));
    Instant next = T0.plusSeconds(15);
    aggregator.accept(judged(T0, tcp("10.0.0.1", 1, "10.0.0.2", 8080), ALLOWED), T0);
    aggregator.accept(judged(T0, tcp("10.0.0.1", 2, "10.0.0.3", 5432), DENIED), T0);
    aggregator.apply(upsert(pod("shop", "web", Map.of("a", "2"), "10.0.0.1")));
    aggregator.accept(judged(next, tcp("10.0.0.1", 3, "10.0.0.2", 8080), ALLOWED), next);
    aggregator.accept(judged(next, tcp("10.0.0.4", 4, "10.0.0.2", 8080), BY_PROFILE), next);
    return aggregator.publish(next).history();
  }

  private static String name(Flow flow) {
    return flow.key().source().name() + ">" + flow.key().dest().name();
  }

  private static List<String> list(FlowFilter filter) {
    return FlowQueries.list(
            history(), TimeRange.ALWAYS, filter, FlowOrder.TIME, Page.Request.EVERYTHING)
        .items()
        .stream()
        .map(FlowQueriesTest::name)
        .sorted()
        .toList();
  }

  /** A filter as a list of fields, so that each case states only what it asks for. */
  private static final class Asking {
    private List<StringMatch> sourceNames = List.of();
    private List<StringMatch> sourceNamespaces = List.of();
    private List<StringMatch> destNames = List.of();
    private List<StringMatch> destNamespaces = List.of();
    private List<StringMatch> namespaces = List.of();
    private List<StringMatch> protocols = List.of();
    private List<Integer> destPorts = List.of();
    private List<RuleAction> actions = List.of();
    private List<RuleAction> pendingActions = List.of();
    private List<PolicyMatch> policies = List.of();
    private Reporter reporter;
    private boolean pendingDiffers;

    FlowFilter filter() {
      return new FlowFilter(
          sourceNames,
          sourceNamespaces,
          destNames,
          destNamespaces,
          namespaces,
          protocols,
          destPorts,
          actions,
          pendingActions,
          policies,
          reporter,
          pendingDiffers);
    }
  }

  private static Arguments asking(String what, UnaryOperator<Asking> fields, String... expected) {
    return Arguments.of(what, fields, List.of(expected));
  }

  private static Asking set(Asking asking, Runnable change) {
    change.run();
    return asking;
  }

  private static PolicyMatch policy(String kind, String tier, String namespace, String name) {
    return new PolicyMatch(kind, tier, namespace, name, null);
  }

  static Stream<Arguments> filters() {
    return Stream.of(
        asking("nothing", f -> f, "probe>cart", "web>cart", "web>db"),
        asking(
            "a source",
            f -> set(f, () -> f.sourceNames = List.of(exact("web"))),
            "web>cart",
            "web>db"),
        asking("half a name", f -> set(f, () -> f.sourceNames = List.of(exact("we")))),
        asking(
            "half a name, fuzzily",
            f ->
                set(
                    f,
                    () -> f.sourceNames = List.of(new StringMatch("we", StringMatch.Type.FUZZY))),
            "web>cart",
            "web>db"),
        asking(
            "another case, fuzzily",
            f ->
                set(
                    f,
                    () -> f.sourceNames = List.of(new StringMatch("WE", StringMatch.Type.FUZZY)))),
        asking(
            "values OR",
            f -> set(f, () -> f.destNames = List.of(exact("db"), exact("cart"))),
            "probe>cart",
            "web>cart",
            "web>db"),
        asking(
            "fields AND",
            f ->
                set(
                    f,
                    () -> {
                      f.destNames = List.of(exact("cart"));
                      f.sourceNamespaces = List.of(exact("lab"));
                    }),
            "probe>cart"),
        asking(
            "a destination's namespace",
            f -> set(f, () -> f.destNamespaces = List.of(exact("data"))),
            "web>db"),
        asking(
            "a namespace of either end",
            f -> set(f, () -> f.namespaces = List.of(exact("lab"), exact("data"))),
            "probe>cart",
            "web>db"),
        asking("a port", f -> set(f, () -> f.destPorts = List.of(5432)), "web>db"),
        asking(
            "a protocol",
            f -> set(f, () -> f.protocols = List.of(exact("tcp"))),
            "probe>cart",
            "web>cart",
            "web>db"),
        asking("no protocol", f -> set(f, () -> f.protocols = List.of(exact("udp")))),
        asking("denied", f -> set(f, () -> f.actions = List.of(RuleAction.DENY)), "web>db"),
        asking(
            "pending denials",
            f -> set(f, () -> f.pendingActions = List.of(RuleAction.DENY)),
            "web>cart",
            "web>db"),
        asking("differing", f -> set(f, () -> f.pendingDiffers = true), "web>cart"),
        asking("source reporter", f -> set(f, () -> f.reporter = Reporter.SOURCE)),
        asking(
            "a policy by name, enforced or as trigger",
            f -> set(f, () -> f.policies = List.of(policy(null, null, "shop", "web"))),
            "web>cart",
            "web>db"),
        asking(
            "a staged policy, by its tier",
            f -> set(f, () -> f.policies = List.of(policy(null, "security", null, null))),
            "web>cart"),
        asking(
            "ends of tiers",
            f -> set(f, () -> f.policies = List.of(policy("EndOfTier", null, null, null))),
            "web>cart",
            "web>db"),
        asking(
            "no policy",
            f -> set(f, () -> f.policies = List.of(policy("Profile", null, null, null))),
            "probe>cart"),
        asking(
            "a policy that denied",
            f ->
                set(
                    f,
                    () ->
                        f.policies =
                            List.of(new PolicyMatch(null, null, null, "web", RuleAction.DENY))),
            "web>db"),
        asking(
            "policies OR",
            f ->
                set(
                    f,
                    () ->
                        f.policies =
                            List.of(
                                policy("Profile", null, null, null),
                                policy(null, "security", null, null))),
            "probe>cart",
            "web>cart"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("filters")
  void filter(String what, UnaryOperator<Asking> fields, List<String> expected) {
    assertThat(list(fields.apply(new Asking()).filter())).isEqualTo(expected);
  }

  @Test
  void aListSumsBucketsAndKeepsCommonLabels() {
    Flow flow =
        FlowQueries.list(
                history(),
                TimeRange.ALWAYS,
                FlowFilter.ALL,
                FlowOrder.TIME,
                Page.Request.EVERYTHING)
            .items()
            .stream()
            .filter(f -> name(f).equals("web>cart"))
            .findFirst()
            .orElseThrow();
    assertThat(flow.counters().started()).isEqualTo(2);
    assertThat(flow.counters().live()).isEqualTo(2);
    assertThat(flow.start()).isEqualTo(T0);
    assertThat(flow.end()).isEqualTo(T0.plusSeconds(30));
    assertThat(flow.bucket()).isEqualTo(T0.plusSeconds(15));
    assertThat(flow.sourceLabels())
        .contains("projectcalico.org/namespace=shop")
        .doesNotContain("a=1", "a=2");
  }

  @Test
  void aRangeTakesTheBucketsThatItTouches() {
    TimeRange first = new TimeRange(T0, T0.plusSeconds(15));
    assertThat(
            FlowQueries.list(
                    history(), first, FlowFilter.ALL, FlowOrder.TIME, Page.Request.EVERYTHING)
                .items())
        .extracting(FlowQueriesTest::name)
        .containsExactlyInAnyOrder("web>cart", "web>db");
    assertThat(FlowQueries.buckets(history(), TimeRange.ALWAYS, FlowFilter.ALL))
        .extracting(Flow::bucket)
        .containsExactly(T0, T0, T0.plusSeconds(15), T0.plusSeconds(15));
  }

  static Stream<Arguments> orders() {
    return Stream.of(
        Arguments.of(FlowOrder.TIME, List.of("probe>cart", "web>cart", "web>db")),
        Arguments.of(FlowOrder.DEST_NAME, List.of("probe>cart", "web>cart", "web>db")),
        Arguments.of(FlowOrder.DEST_NAMESPACE, List.of("web>db", "probe>cart", "web>cart")),
        Arguments.of(FlowOrder.SOURCE_NAME, List.of("probe>cart", "web>cart", "web>db")),
        Arguments.of(FlowOrder.SOURCE_NAMESPACE, List.of("probe>cart", "web>cart", "web>db")));
  }

  @ParameterizedTest
  @MethodSource("orders")
  void order(FlowOrder order, List<String> expected) {
    assertThat(
            FlowQueries.list(
                    history(), TimeRange.ALWAYS, FlowFilter.ALL, order, Page.Request.EVERYTHING)
                .items())
        .extracting(FlowQueriesTest::name)
        .isEqualTo(expected);
  }

  @Test
  void pagesCountFromZero() {
    List<Page<Flow>> pages = new ArrayList<>();
    for (int number = 0; number < 3; number++) {
      pages.add(
          FlowQueries.list(
              history(),
              TimeRange.ALWAYS,
              FlowFilter.ALL,
              FlowOrder.TIME,
              new Page.Request(number, 2)));
    }
    assertThat(pages).extracting(page -> page.items().size()).containsExactly(2, 1, 0);
    assertThat(pages).allSatisfy(page -> assertThat(page.totalPages()).isEqualTo(2));
    assertThat(pages).allSatisfy(page -> assertThat(page.totalResults()).isEqualTo(3));
    assertThatThrownBy(() -> new Page.Request(-1, 0)).hasMessageContaining("negative");
    Page<Flow> far =
        FlowQueries.list(
            history(),
            TimeRange.ALWAYS,
            FlowFilter.ALL,
            FlowOrder.TIME,
            new Page.Request(Integer.MAX_VALUE, Integer.MAX_VALUE));
    assertThat(far.items()).isEmpty();
  }

  @Test
  void hintsLeaveOutProfilesAndNameTriggers() {
    assertThat(hints(HintType.SOURCE_NAME)).containsExactly("probe", "web");
    assertThat(hints(HintType.DEST_NAMESPACE)).containsExactly("data", "shop");
    assertThat(hints(HintType.POLICY_NAME)).containsExactly("lockdown", "web");
    assertThat(hints(HintType.POLICY_TIER)).containsExactly("application", "security");
    assertThat(hints(HintType.POLICY_NAMESPACE)).containsExactly("shop");
    assertThat(hints(HintType.POLICY_KIND))
        .containsExactly("CalicoNetworkPolicy", "StagedGlobalNetworkPolicy");
  }

  private static List<String> hints(HintType type) {
    return FlowQueries.hints(history(), type, FlowFilter.ALL, Page.Request.EVERYTHING).items();
  }

  static Stream<Arguments> ranges() {
    Instant now = T0;
    return Stream.of(
        Arguments.of(0L, 0L, Instant.MIN, Instant.MAX),
        Arguments.of(-60L, 0L, now.minusSeconds(60), Instant.MAX),
        Arguments.of(-60L, -30L, now.minusSeconds(60), now.minusSeconds(30)),
        Arguments.of(1_000L, 2_000L, Instant.ofEpochSecond(1_000), Instant.ofEpochSecond(2_000)));
  }

  @ParameterizedTest
  @MethodSource("ranges")
  void timesAreAbsoluteRelativeOrOpen(long gte, long lt, Instant from, Instant to) {
    assertThat(TimeRange.of(gte, lt, T0)).isEqualTo(new TimeRange(from, to));
  }

  @Test
  void impossibleRangesAreRefused() {
    assertThatThrownBy(() -> TimeRange.of(-10, -20, T0)).hasMessageContaining("start");
    assertThatThrownBy(() -> TimeRange.of(Long.MAX_VALUE, 0, T0))
        .hasMessageContaining("out of range");
    assertThatThrownBy(() -> TimeRange.of(Long.MIN_VALUE, 0, T0))
        .hasMessageContaining("out of range");
  }
}
