package io.margay.console.assertion;

import com.fasterxml.jackson.databind.JsonNode;
import io.margay.console.flow.FlowJson;
import io.margay.console.flow.HitText;
import io.margay.model.net.Packet;
import io.margay.model.verdict.Verdict;
import io.margay.policy.decide.PathStep;
import io.margay.policy.proof.Proof.Counterexample;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What contradicts an assertion, in words. */
public final class CounterexampleText {
  private CounterexampleText() {}

  /** The packet, in one line. */
  static String of(Counterexample found) {
    return "%s -> %s %s is %s"
        .formatted(
            found.from(),
            found.to(),
            traffic(found.decision().packet()),
            action(found).equals("Allow") ? "allowed" : "denied");
  }

  /** {@code tcp/80 (from port 40000)}, {@code icmp type 8 code 0} or {@code protocol 99}. */
  public static String traffic(Packet packet) {
    String protocol = packet.protocol().toString().toLowerCase(Locale.ROOT);
    int port = packet.destinationPort();
    if (packet.protocol().isIcmp()) {
      return protocol + " type " + (port >> 8) + " code " + (port & 0xff);
    }
    return switch (protocol) {
      case "tcp", "udp", "sctp" ->
          protocol + "/" + port + " (from port " + packet.sourcePort() + ")";
      default -> "protocol " + protocol;
    };
  }

  /** Allow or Deny. */
  static String action(Counterexample found) {
    return action(found.decision().enforced().verdict());
  }

  private static String action(Verdict verdict) {
    return verdict == Verdict.ALLOW ? "Allow" : "Deny";
  }

  /** The rules that decide on the way, a line each. */
  static List<String> chain(Counterexample found) {
    List<String> lines = new ArrayList<>();
    for (PathStep step : found.decision().enforced().steps()) {
      String where = step.direction().name().toLowerCase(Locale.ROOT) + " at " + step.endpoint();
      for (JsonNode hit : FlowJson.hits(step.trace())) {
        lines.add(where + ": " + hit.path("action").asText() + ", " + HitText.of(hit));
      }
    }
    return lines;
  }
}
