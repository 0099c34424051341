package io.margay.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Why a connection was allowed or denied at a time before, from what is on record of it. */
class PastWhyTest extends ShopTestCase {
  private JsonNode why(String from, String query, Instant at) throws Exception {
    return json(
        "/api/v1/why?from=%s&to=shop/cart-1&at=%d%s"
            .formatted(encode(from), at.getEpochSecond(), query));
  }

  @Test
  void theNearestRecordsAreTakenAndTellTheChainOfThen() throws Exception {
    now.set(T0.plus(Duration.ofMinutes(20)));
    see(Seen.allowed(T0), Seen.allowed(T0.plus(Duration.ofMinutes(10))));
    JsonNode then = why("shop/web-1", "&port=7070", T0.plusSeconds(5));
    assertThat(then.path("within_seconds").asInt()).isEqualTo(15);
    assertThat(then.path("missing").isNull()).isTrue();
    assertThat(then.path("items")).hasSize(1);
    JsonNode flow = then.at("/items/0");
    assertThat(Instant.parse(flow.path("start_time").asText())).isEqualTo(T0);
    assertThat(flow.at("/policies/enforced/0/name").asText()).isEqualTo("cart");
    JsonNode between = why("shop/web-1", "", T0.plus(Duration.ofMinutes(4)));
    assertThat(between.path("within_seconds").asInt()).isEqualTo(300);
    assertThat(between.path("items")).hasSize(1);
  }

  @Test
  void whatIsOutsideIsAskedByTheNameThatRecordsHave() throws Exception {
    see(Seen.denied(T0, 80));
    now.set(T0.plusSeconds(60));
    JsonNode then = why("PUBLIC NETWORK", "&port=80", T0);
    assertThat(then.at("/items/0/action").asText()).isEqualTo("Deny");
    assertThat(why("PUBLIC NETWORK", "&port=81", T0).path("items")).isEmpty();
    assertThat(why("PUBLIC NETWORK", "&protocol=udp", T0).path("items")).isEmpty();
  }

  @Test
  void whereNothingIsOnRecordTheReasonIsTold() throws Exception {
    now.set(T0.plusSeconds(60));
    assertThat(why("shop/web-1", "", T0).path("missing").asText())
        .isEqualTo("no flow at all is on record");
    see(Seen.denied(T0, 80));
    assertThat(why("shop/web-1", "", T0).path("missing").asText())
        .startsWith("others are, so they did not speak");
    assertThat(why("shop/web-1", "", T0.minus(Duration.ofDays(1))).path("missing").asText())
        .isEqualTo("flows are on record since " + T0 + " only");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "from=10.0.0.1&to=shop/cart-1&at=-60 | flow records keep no addresses",
        "from=shop/web-1&to=shop/cart-1&at=4102444800 | is in the future",
        "to=shop/cart-1&at=-60 | from is missing",
        "from=shop/web-1&to=shop/cart-1&at=noon | \"noon\" is not a whole number",
      })
  void badQuestionsSayWhatToWrite(String query, String message) throws Exception {
    var response = get("/api/v1/why?" + query);
    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(parse(response.body()).path("error").asText()).contains(message);
  }
}
