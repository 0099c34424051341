package io.margay.agents.gateway.http;

import io.margay.agents.call.TraceContext;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** W3C trace context: read from where a protocol carries it, and passed on with our own span. */
public final class Traces {
  private static final Pattern PARENT =
      Pattern.compile("(?!ff)[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}(-.*)?");
  private static final String NO_TRACE = "0".repeat(32);
  private static final String NO_SPAN = "0".repeat(16);
  private static final SecureRandom RANDOM = new SecureRandom();

  private Traces() {}

  /**
   * Where a call belongs; a new trace when it does not say, or says it wrongly.
   *
   * @param parent a {@code traceparent}
   */
  public static TraceContext of(Optional<String> parent) {
    String hop = random(16);
    if (parent.isPresent()) {
      Matcher matcher = PARENT.matcher(parent.get());
      if (matcher.matches()
          && !matcher.group(1).equals(NO_TRACE)
          && !matcher.group(2).equals(NO_SPAN)) {
        return new TraceContext(matcher.group(1), matcher.group(2), hop);
      }
    }
    return new TraceContext(random(16), "", hop);
  }

  /** What the other side is told: the same trace, and this hop as its parent. */
  public static String parentOf(TraceContext trace) {
    return "00-" + trace.traceId() + "-" + spanId(trace) + "-01";
  }

  /** Our own span of a call. */
  public static String spanId(TraceContext trace) {
    return trace.hopId().substring(0, 16);
  }

  private static String random(int bytes) {
    byte[] random = new byte[bytes];
    RANDOM.nextBytes(random);
    return HexFormat.of().formatHex(random);
  }
}
