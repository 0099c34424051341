package io.margay.console.why;

import io.margay.console.http.Exchange;
import io.margay.console.http.HttpFailure;
import io.margay.model.net.Protocol;
import java.io.IOException;

/** Explains a verdict to a browser or another process. */
public final class WhyEndpoint {
  private final WhySource source;

  public WhyEndpoint(WhySource source) {
    this.source = source;
  }

  public void explain(Exchange exchange) throws IOException {
    WhyAnswer answer;
    try {
      Protocol protocol = Protocol.parse(exchange.query("protocol").orElse("tcp"));
      answer =
          source.explain(
              new WhyQuestion(
                  required(exchange, "from"),
                  required(exchange, "to"),
                  protocol,
                  port(exchange, protocol)));
    } catch (IllegalArgumentException e) {
      throw HttpFailure.badRequest(String.valueOf(e.getMessage()));
    }
    exchange.json(json -> WhyJson.write(answer, json));
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
