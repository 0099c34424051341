package io.margay.flows.goldmane;

import static io.margay.flows.Fixtures.ALLOWED;
import static io.margay.flows.Fixtures.BY_PROFILE;
import static io.margay.flows.Fixtures.DENIED;
import static io.margay.flows.Fixtures.T0;
import static io.margay.flows.Fixtures.judged;
import static io.margay.flows.Fixtures.pod;
import static io.margay.flows.Fixtures.tcp;
import static io.margay.flows.Fixtures.upsert;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.grpc.StatusRuntimeException;
import io.margay.flows.DropCounters;
import io.margay.flows.FlowLimits;
import io.margay.flows.collect.CallEndings;
import io.margay.flows.collect.FlowAddress;
import io.margay.flows.collect.FlowChannel;
import io.margay.flows.collect.FlowServer;
import io.margay.flows.history.FlowAggregator;
import io.margay.flows.history.FlowHistory;
import io.margay.flows.query.FlowReader;
import io.margay.flows.query.MemoryFlowReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Recorded requests to a server on loopback, and what the bytes of its answers say. */
class GoldmaneWireTest {
  private static final InstantSource NOW = InstantSource.fixed(T0.plusSeconds(30));
  private static final List<String> ACTIONS = List.of("", "Allow", "Deny", "Pass");
  private static final List<String> DIRECTIONS = List.of("", "Ingress", "Egress");
  private static final Map<Long, String> KINDS =
      Map.of(1L, "CalicoNetworkPolicy", 4L, "StagedGlobalNetworkPolicy", 9L, "Profile");

  /** A refusal is expected by its code and a part of its text, all else in full. */
  private static final Pattern REFUSAL =
      Pattern.compile("((?:an empty message, then )?[A-Z_]{5,}) (.*)");

  private static FlowServer server;
  private static FlowChannel client;

  /**
   * Three flows: web to cart (port 8080, allowed, pending denied), web to db (5432, denied), probe
   * to cart (8080, by profile); the first in two buckets.
   */
  private static FlowHistory history() {
    FlowAggregator aggregator = new FlowAggregator(FlowLimits.DEFAULT, new DropCounters());
    aggregator.apply(upsert(pod("shop", "web", Map.of("a", "1", "b", "1"), "10.0.0.1")));
    aggregator.apply(upsert(pod("shop", "cart", Map.of(), "10.0.0.2")));
    aggregator.apply(upsert(pod("data", "db", Map.of(), "10.0.0.3")));
    aggregator.apply(upsert(pod("lab", "probe", Map.of(), "10.0.0.4")));
    Instant next = T0.plusSeconds(15);
    aggregator.accept(judged(T0, tcp("10.0.0.1", 1, "10.0.0.2", 8080), ALLOWED), T0);
    aggregator.accept(judged(T0, tcp("10.0.0.1", 2, "10.0.0.3", 5432), DENIED), T0);
    aggregator.apply(upsert(pod("shop", "web", Map.of("a", "2", "b", "1"), "10.0.0.1")));
    aggregator.accept(judged(next, tcp("10.0.0.1", 3, "10.0.0.2", 8080), ALLOWED), next);
    aggregator.accept(judged(next, tcp("10.0.0.4", 4, "10.0.0.2", 8080), BY_PROFILE), next);
    return aggregator.publish(next).history();
  }

  @BeforeAll
  static void start() throws IOException {
    FlowHistory history = history();
    FlowReader reader = new MemoryFlowReader(() -> history);
    server =
        FlowServer.start(
            new FlowAddress.Tcp("127.0.0.1", 0),
            null,
            List.of(
                new FlowsApi(reader, filter -> fail("no stream is asked for"), NOW),
                new StatisticsApi(reader, NOW)),
            new CallEndings());
    client = FlowChannel.to(new FlowAddress.Tcp("127.0.0.1", server.port()), null);
  }

  @AfterAll
  static void stop() {
    client.close();
    server.close();
  }

  static Stream<Arguments> requests() throws IOException {
    try (InputStream file = GoldmaneWireTest.class.getResourceAsStream("/goldmane/requests.txt")) {
      return new String(file.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.startsWith("#"))
          .map(line -> line.split("; ", 4))
          .map(row -> Arguments.of(row[0], row[1], row[2], row[3]));
    }
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("requests")
  void answers(String rpc, String asked, String bytes, String answer) {
    byte[] request = bytes.equals("-") ? new byte[0] : HexFormat.of().parseHex(bytes);
    String actual = answer(rpc, request);
    Matcher refusal = REFUSAL.matcher(answer);
    if (refusal.matches()) {
      assertThat(actual).startsWith(refusal.group(1)).contains(refusal.group(2));
    } else {
      assertThat(actual).isEqualTo(answer);
    }
  }

  private static String answer(String rpc, byte[] request) {
    List<RawMessage> messages = new ArrayList<>();
    try {
      Iterator<byte[]> answer = RawClient.call(client.channel(), rpc, request);
      answer.forEachRemaining(bytes -> messages.add(RawMessage.parse(bytes)));
    } catch (StatusRuntimeException e) {
      String refusal = e.getStatus().getCode() + " " + e.getStatus().getDescription();
      assertThat(messages).allMatch(message -> message.fields().isEmpty());
      return messages.isEmpty() ? refusal : "an empty message, then " + refusal;
    }
    return switch (rpc) {
      case "Flows/List" -> flows(messages.getFirst());
      case "Flows/FilterHints" -> hints(messages.getFirst());
      default ->
          messages.stream().map(GoldmaneWireTest::statistic).collect(Collectors.joining(", "));
    };
  }

  private static String flows(RawMessage result) {
    String flows =
        result.messages(2).stream()
            .map(flow -> flow.message(2).message(1))
            .map(key ->
                "%s/%s>%s/%s:%d "
                    .formatted(key.text(2), key.text(1), key.text(5), key.text(4), key.number(7)))
            .collect(Collectors.joining());
    return flows + "| " + meta(result.message(1), "flow");
  }

  private static String hints(RawMessage result) {
    return result.messages(2).stream().map(hint -> hint.text(1) + " ").collect(Collectors.joining())
        + "| "
        + meta(result.message(1), "hint");
  }

  private static String meta(RawMessage meta, String thing) {
    return plural(meta.number(1), "page") + ", " + plural(meta.number(2), thing);
  }

  private static String plural(long count, String thing) {
    return count + " " + thing + (count == 1 ? "" : "s");
  }

  private static String statistic(RawMessage result) {
    RawMessage policy = result.message(1);
    String namespace = policy.text(2).isEmpty() ? "" : policy.text(2) + "/";
    String rule =
        result.number(2) == 0
            ? ""
            : " rule %d %s %s"
                .formatted(
                    policy.number(7),
                    ACTIONS.get((int) policy.number(5)),
                    DIRECTIONS.get((int) result.number(2)));
    String at =
        result.numbers(11).isEmpty()
            ? ""
            : " at "
                + list(
                    result.numbers(11).stream()
                        .map(second -> second - T0.getEpochSecond())
                        .toList());
    return "%s %s%s%s allowed %s/%s denied %s/%s passed %s/%s%s"
        .formatted(
            KINDS.get(policy.number(1)),
            namespace,
            policy.text(3),
            rule,
            list(result.numbers(5)),
            list(result.numbers(6)),
            list(result.numbers(7)),
            list(result.numbers(8)),
            list(result.numbers(9)),
            list(result.numbers(10)),
            at);
  }

  private static String list(List<Long> numbers) {
    return numbers.stream().map(String::valueOf).collect(Collectors.joining(","));
  }

  /** Every field of a flow, by its number. */
  @Test
  void aFlowHasAllOfGoldmanesFields() {
    RawMessage flow =
        RawMessage.parse(RawClient.call(client.channel(), "Flows/List", new byte[0]).next())
            .messages(2)
            .get(1)
            .message(2);
    RawMessage key = flow.message(1);
    assertThat(key.text(1)).isEqualTo("web");
    assertThat(key.text(2)).isEqualTo("shop");
    assertThat(key.number(3)).isEqualTo(1);
    assertThat(key.text(4)).isEqualTo("cart");
    assertThat(key.text(5)).isEqualTo("shop");
    assertThat(key.number(6)).isEqualTo(1);
    assertThat(key.number(7)).isEqualTo(8080);
    assertThat(key.text(8)).isEqualTo("-");
    assertThat(key.text(12)).isEqualTo("tcp");
    assertThat(key.number(13)).isEqualTo(2);
    assertThat(key.number(14)).isEqualTo(1);
    RawMessage enforced = key.message(15).message(1);
    assertThat(enforced.number(1)).isEqualTo(1);
    assertThat(enforced.text(2)).isEqualTo("shop");
    assertThat(enforced.text(3)).isEqualTo("web");
    assertThat(enforced.text(4)).isEqualTo("application");
    assertThat(enforced.number(5)).isEqualTo(1);
    assertThat(enforced.number(6)).isZero();
    assertThat(enforced.number(7)).isEqualTo(1);
    RawMessage pending = key.message(15).message(2);
    assertThat(pending.number(1)).isEqualTo(10);
    assertThat(pending.text(3)).isEmpty();
    assertThat(pending.number(5)).isEqualTo(2);
    assertThat(pending.number(7)).isEqualTo(-1);
    assertThat(pending.message(8).number(1)).isEqualTo(4);
    assertThat(pending.message(8).text(3)).isEqualTo("lockdown");
    assertThat(pending.message(8).text(4)).isEqualTo("security");
    assertThat(pending.message(8).number(5)).isZero();
    assertThat(flow.number(2)).isEqualTo(T0.getEpochSecond());
    assertThat(flow.number(3)).isEqualTo(T0.getEpochSecond() + 30);
    assertThat(flow.text(4)).isEqualTo("b=1");
    assertThat(flow.number(6)).isEqualTo(2);
    assertThat(flow.number(8)).isEqualTo(120);
    assertThat(flow.number(10)).isEqualTo(2);
    assertThat(flow.number(12)).isEqualTo(2);
  }
}
