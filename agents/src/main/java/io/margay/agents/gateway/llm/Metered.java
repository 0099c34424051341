package io.margay.agents.gateway.llm;

import com.fasterxml.jackson.databind.JsonNode;
import io.margay.agents.gateway.Directory.Price;
import io.margay.agents.gateway.Forwarder;
import io.margay.agents.gateway.http.Exchange;
import io.margay.agents.gateway.http.ServerEvents;
import io.margay.agents.gateway.http.StrictJson;
import io.margay.agents.gateway.http.Upstream.Answer;
import io.margay.agents.gateway.llm.Budgets.Reservation;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** Passes a model's answer on as it comes, and counts what it took. */
final class Metered {
  private static final int MAX_ANSWER_BYTES = 64 << 20;

  private final Exchange exchange;
  private final Reservation reservation;
  private final Price price;
  private final Usage usage = new Usage();
  private boolean hidesUsage;
  private boolean tookNothing = true;

  Metered(Exchange exchange, Reservation reservation, Price price) {
    this.exchange = exchange;
    this.reservation = reservation;
    this.price = price;
  }

  /** Leaves out the last part of a stream, which is there for us only. */
  void hideUsage() {
    hidesUsage = true;
  }

  /** Nobody will say what the call took. */
  void costsWhatWasReserved() {
    tookNothing = false;
  }

  void write(Answer answer) throws IOException {
    // What is refused costs nothing; all else costs what was reserved until it says what it took.
    tookNothing = answer.status() >= 400;
    if (answer.isEventStream()) {
      events(answer);
    } else if (answer.isJson()) {
      whole(answer);
    } else {
      Forwarder.stream(exchange, answer);
    }
  }

  private void whole(Answer answer) throws IOException {
    byte[] body = answer.body().readNBytes(MAX_ANSWER_BYTES + 1);
    if (body.length > MAX_ANSWER_BYTES) {
      throw new IOException("the answer is larger than " + MAX_ANSWER_BYTES + " bytes");
    }
    note(new String(body, StandardCharsets.UTF_8));
    Forwarder.send(exchange, answer, body);
  }

  private void events(Answer answer) throws IOException {
    ServerEvents events = new ServerEvents(answer.body());
    OutputStream out = exchange.begin(answer.status(), answer.headers());
    for (byte[] event = events.next(); event != null; event = events.next()) {
      String data = ServerEvents.data(event);
      boolean onlyUsage = data.contains("\"usage\"") && note(data);
      if (!(hidesUsage && onlyUsage)) {
        out.write(event);
        out.flush();
      }
    }
  }

  /** Looks at a part of an answer; gives whether it says nothing but what the call took. */
  private boolean note(String text) {
    try {
      JsonNode part = StrictJson.read(text);
      usage.note(part);
      return part.path("choices").isArray()
          && part.path("choices").isEmpty()
          && part.path("usage").isObject();
    } catch (StrictJson.NotJson e) {
      // It is the caller's to read; what it took stays what was reserved.
      return false;
    }
  }

  void settle() {
    if (usage.isKnown()) {
      reservation.settle(usage.input() + usage.output(), price.of(usage.input(), usage.output()));
    } else if (tookNothing) {
      reservation.cancel();
    } else {
      reservation.settle(reservation.tokens(), reservation.cost());
    }
  }
}
