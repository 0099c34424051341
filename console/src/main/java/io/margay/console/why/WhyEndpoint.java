package io.margay.console.why;

import io.margay.console.access.Permissions;
import io.margay.console.flow.RecordedTimes;
import io.margay.console.flow.VisibleFlows;
import io.margay.console.http.Exchange;
import io.margay.console.http.HttpFailure;
import io.margay.console.http.Route;
import io.margay.flows.query.FlowReader;
import io.margay.model.net.Protocol;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.OptionalInt;

/** Explains a verdict to a browser or another process. */
public final class WhyEndpoint {
  private final WhySource source;
  private final FlowReader reader;
  private final InstantSource clock;

  /**
   * An endpoint.
   *
   * @param reader has the flows that tell of times before
   */
  public WhyEndpoint(WhySource source, FlowReader reader, InstantSource clock) {
    this.source = source;
    this.reader = reader;
    this.clock = clock;
  }

  public List<Route> routes() {
    return List.of(Route.get("/api/v1/why", this::explain));
  }

  private void explain(Exchange exchange) throws IOException {
    long at = exchange.queryNumber("at", 0);
    if (at != 0) {
      recall(exchange, at);
      return;
    }
    WhyAnswer answer = answer(source, exchange, question(exchange));
    exchange.json(json -> WhyJson.write(answer, json));
  }

  /** Says what was recorded then: nobody knows the policies of then but by what they did. */
  private void recall(Exchange exchange, long at) throws IOException {
    Instant now = clock.instant();
    Instant time = at < 0 ? now.plusSeconds(at) : Instant.ofEpochSecond(at);
    if (time.isAfter(now)) {
      throw HttpFailure.badRequest("at " + time + " is in the future: write a time before " + now);
    }
    PastFlows past =
        new PastFlows(
            VisibleFlows.of(reader, exchange.caller().permissions()),
            new RecordedTimes(reader),
            now);
    PastFlows.Question question =
        new PastFlows.Question(
            required(exchange, "from"),
            required(exchange, "to"),
            protocol(exchange),
            exchange.query("port").isEmpty()
                ? OptionalInt.empty()
                : OptionalInt.of(exchange.queryNumber("port", 0, 0, 65535)),
            time);
    PastFlows.Found found;
    try {
      found = past.near(question);
    } catch (IllegalArgumentException e) {
      throw HttpFailure.badRequest(String.valueOf(e.getMessage()));
    }
    exchange.json(json -> WhyJson.writePast(question, found, json));
  }

  /** Explains it to somebody who may know: the chain names the policies of both ends. */
  static WhyAnswer answer(WhySource source, Exchange exchange, WhyQuestion question) {
    checkVisible(exchange, question.from());
    checkVisible(exchange, question.to());
    try {
      return source.explain(question);
    } catch (IllegalArgumentException e) {
      throw HttpFailure.badRequest(String.valueOf(e.getMessage()));
    }
  }

  private static void checkVisible(Exchange exchange, String peer) {
    Permissions permissions = exchange.caller().permissions();
    int slash = peer.indexOf('/');
    if (!permissions.seesAll() && (slash < 0 || !permissions.sees(peer.substring(0, slash)))) {
      throw new HttpFailure(
          403, "%s may not see what decides about %s".formatted(exchange.caller().user(), peer));
    }
  }

  /** What a query asks. */
  static WhyQuestion question(Exchange exchange) {
    Protocol protocol = protocol(exchange);
    return new WhyQuestion(
        required(exchange, "from"), required(exchange, "to"), protocol, port(exchange, protocol));
  }

  private static Protocol protocol(Exchange exchange) {
    try {
      return Protocol.parse(exchange.query("protocol").orElse("tcp"));
    } catch (IllegalArgumentException e) {
      throw HttpFailure.badRequest(String.valueOf(e.getMessage()));
    }
  }

  private static int port(Exchange exchange, Protocol protocol) {
    if (protocol.isIcmp()) {
      // Echo request, unless asked otherwise: 8 for IPv4 and 128 for IPv6.
      int type = exchange.queryNumber("icmpType", protocol.equals(Protocol.ICMP) ? 8 : 128, 0, 255);
      return type << 8 | exchange.queryNumber("icmpCode", 0, 0, 255);
    }
    if (protocol.hasPorts() && exchange.query("port").isEmpty()) {
      throw HttpFailure.badRequest("port is missing: " + protocol + " needs one");
    }
    return exchange.queryNumber("port", 0, 0, 65535);
  }

  private static String required(Exchange exchange, String name) {
    return exchange
        .query(name)
        .orElseThrow(() ->
            HttpFailure.badRequest(
                name + " is missing: write namespace/pod, an address, or host:NAME"));
  }
}
