package io.margay.agents.gateway;

import io.margay.agents.call.AgentCall;
import io.margay.agents.gateway.gate.Admission.Admitted;
import io.margay.agents.gateway.gate.CallGate;
import io.margay.agents.gateway.gate.OpenCalls.Open;
import io.margay.agents.gateway.http.Exchange;
import io.margay.agents.gateway.http.Upstream;
import io.margay.agents.gateway.http.Upstream.Answer;
import io.margay.agents.gateway.http.Upstream.Ask;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Leads an admitted call to its server, the answer back, and records how it ended. */
public final class Forwarder implements Onward {
  private static final Logger log = LoggerFactory.getLogger(Forwarder.class);
  private static final int CHUNK = 16 * 1024;

  private final CallGate gate;
  private final Upstream upstream;
  private final InstantSource clock;

  public Forwarder(CallGate gate, Upstream upstream, InstantSource clock) {
    this.gate = gate;
    this.upstream = upstream;
    this.clock = clock;
  }

  @Override
  public boolean seesAnswers() {
    return true;
  }

  @Override
  public void forward(
      Exchange exchange, AgentCall call, Admitted admitted, Open open, Ask ask, AnswerWriter writer)
      throws Unreachable, IOException {
    String outcome = "error";
    int status = 0;
    try (Answer answer = upstream.send(ask)) {
      open.onCut(() -> close(answer));
      exchange.onGone(() -> close(answer));
      status = answer.status();
      writer.write(answer);
      outcome = open.isCut() ? "cut-off" : status < 400 ? "ok" : "error";
      if (open.isCut()) {
        throw new IOException("the call was cut off");
      }
    } catch (InterruptedException e) {
      outcome = "cut-off";
      throw new IOException("the call was cut off", e);
    } catch (IOException e) {
      if (open.isCut()) {
        outcome = "cut-off";
      } else if (status == 0) {
        outcome = "upstream-unreachable";
      } else {
        outcome = "cancelled";
      }
      log.debug("{} ended: {}", call.target(), e.toString());
      if (!exchange.isCommitted() && !open.isCut()) {
        throw new Unreachable(call.target().server() + " does not answer: " + e.getMessage());
      }
      throw e;
    } finally {
      gate.ended(admitted, call, outcome, status, Duration.between(call.at(), clock.instant()));
    }
  }

  /** Passes a body on as it comes; nothing waits for more. */
  public static void stream(Exchange exchange, Answer answer) throws IOException {
    OutputStream out = exchange.begin(answer.status(), answer.headersWithLength());
    if (answer.isEventStream()) {
      // Its reader waits to hear that the stream is open, which may be long before an event.
      out.flush();
    }
    InputStream in = answer.body();
    long left = answer.length().orElse(Long.MAX_VALUE);
    byte[] chunk = new byte[(int) Math.clamp(left, 1, CHUNK)];
    for (int count = in.read(chunk); count >= 0; count = in.read(chunk)) {
      out.write(chunk, 0, count);
      left -= count;
      if (left > 0) {
        // The last part goes out with the end.
        out.flush();
      }
    }
  }

  /** Passes a whole body on. */
  public static void send(Exchange exchange, Answer answer, byte[] body) throws IOException {
    exchange.send(answer.status(), "", body, answer.headers());
  }

  /** Headers of a request of ours, with a trace and perhaps a token. */
  public static Map<String, String> headers(Map<String, String> credential, String traceParent) {
    return credential.isEmpty()
        ? Map.of("traceparent", traceParent)
        : with(credential, traceParent);
  }

  private static Map<String, String> with(Map<String, String> credential, String traceParent) {
    Map<String, String> all = new LinkedHashMap<>(credential);
    all.put("traceparent", traceParent);
    return all;
  }

  private static void close(Answer answer) {
    try {
      answer.close();
    } catch (IOException e) {
      log.debug("the answer was closed already: {}", e.toString());
    }
  }
}
