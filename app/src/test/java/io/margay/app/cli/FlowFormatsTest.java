package io.margay.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.margay.app.cli.TopTable.Order;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@code margay flows} and {@code margay top} make of flows. */
class FlowFormatsTest {
  private static final JsonMapper JSON = new JsonMapper();

  private static JsonNode flow(
      String action, String source, String dest, int port, long connections, long bytes) {
    String text =
        """
        {"action": "%s", "source_name": "%s", "source_namespace": "shop", "dest_name": "%s",
         "dest_namespace": "-", "protocol": "tcp", "dest_port": %d, "connections_started": %d,
         "packets_in": 2, "packets_out": 3, "bytes_in": %d, "bytes_out": 0,
         "policies": {"pending": [], "enforced": [{"kind": "EndOfTier", "tier": "application",
           "name": "", "namespace": "", "rule_index": -1, "action": "%s",
           "trigger": {"kind": "CalicoNetworkPolicy", "namespace": "shop", "name": "cart"}}]}}
        """
            .formatted(action, source, dest, port, connections, bytes, action);
    try {
      return JSON.readTree(text);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private final List<JsonNode> flows =
      List.of(
          flow("Allow", "web", "db", 80, 9, 900),
          flow("Deny", "web", "cart", 81, 1, 60),
          flow("Allow", "api", "db", 80, 2, 5_000));

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "source    | shop/web | shop/api",
        "dest      | cart     | db",
        "port      | tcp/81   | tcp/80",
        "verdict   | Deny     | Allow",
        "policy    | CalicoNetworkPolicy shop/cart |",
        "rule      | end of tier application (because of CalicoNetworkPolicy shop/cart) |",
        "namespace | shop -> - |",
      })
  void groupsWithDenialsComeFirst(FlowGroup group, String first, String second) {
    List<FlowSums.Sum> sums = FlowSums.of(flows, group);
    assertThat(sums.getFirst().group()).isEqualTo(first);
    assertThat(sums.getFirst().denied()).isEqualTo(1);
    assertThat(sums.stream().mapToLong(FlowSums.Sum::connections).sum()).isEqualTo(12);
    assertThat(sums.stream().mapToLong(FlowSums.Sum::bytes).sum()).isEqualTo(5_960);
    if (second != null) {
      assertThat(sums.get(1).group()).isEqualTo(second);
    }
  }

  @Test
  void topShowsDeniedCallsFirstWhateverElseItSortsBy() {
    for (Order order : List.of(Order.CONNECTIONS, Order.BYTES, Order.PACKETS)) {
      List<String> lines = TopTable.lines(flows, order, 200, 50);
      assertThat(lines.getFirst()).startsWith("VERDICT");
      assertThat(lines.get(1)).startsWith("Deny").contains("cart").contains("end of tier");
    }
    assertThat(TopTable.lines(flows, Order.CONNECTIONS, 200, 50).get(2)).contains("shop/web");
    assertThat(TopTable.lines(flows, Order.BYTES, 200, 50).get(2)).contains("shop/api");
    assertThat(TopTable.lines(flows, Order.NAME, 200, 50).get(1)).contains("shop/api");
    assertThat(Order.NAME.next()).isEqualTo(Order.CONNECTIONS);
  }

  @Test
  void topFitsItsTerminalAndNamesCannotMoveTheCursor() {
    List<JsonNode> many = new ArrayList<>(flows);
    many.add(flow("Deny", "x\\u001b[2J", "y", 1, 50, 1));
    List<String> lines = TopTable.lines(many, Order.CONNECTIONS, 60, 3);
    assertThat(lines).hasSize(3).allMatch(line -> line.length() <= 60);
    assertThat(String.join("", lines)).doesNotContain("\u001b").contains("x?[2J");
    assertThat(TopTable.lines(List.of(), Order.BYTES, 60, 3)).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "plain     | plain",
        "a,b       | \"a,b\"",
        "say \"hi\" | \"say \"\"hi\"\"\"",
        "=cmd()    | '=cmd()",
        "-         | -",
      })
  void cellsAreQuotedAndNoFormulas(String text, String cell) {
    assertThat(Csv.line(List.of(text, "x"))).isEqualTo(cell + ",x");
  }
}
